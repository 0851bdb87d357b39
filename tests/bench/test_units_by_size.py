"""What a steward's work costs as a contact grows: units at 2, 20 and 90 records, and a read's time.

    make bench

A merge joins the contact with one of a single record, so that only that pointer moves; the
heads and versions, which grow with the members, are what is left to pay for.
"""

import time
from collections.abc import Callable
from typing import Any

from chalicelib.domain.graph import MEMBERS_CAP
from chalicelib.flow.editing import edit, split
from chalicelib.flow.editing.pin import Seen
from chalicelib.flow.editing.split import Parting
from chalicelib.flow.merging import merge, unmerge
from chalicelib.flow.merging.merge import Order
from chalicelib.flow.reading import read
from chalicelib.store.meter import Metered, Units
from tests.support.scenes import born
from tests.support.world import World

SIZES = (2, 20, MEMBERS_CAP)
ME = "key:bench"
READS = 200
PERSON: dict[str, Any] = {"given_name": "Katarzyna", "family_name": "Nowak", "roles": ["customer"]}


def grown(size: int) -> tuple[World, Metered]:
    """A contact of so many records, but for one that stands alone beside it."""
    meter = Metered(World().items)
    world = World(items=meter)
    world.source("crm", automatic_merge=False)
    for n in range(size):
        world.clock.tick(seconds=1)
        mail = [f"k{n}@poczta.example.com"]
        world.tell("crm", str(n), n, **PERSON, emails=mail, job_title=f"title {n}")
    world.work()
    for n in range(1, size - 1):
        merge.merge(world.ports, Order((born("crm", "0"), born("crm", str(n))), "merge", "", ME))
    world.work()
    return world, meter


def seen(world: World) -> Seen:
    contact = born("crm", "0")
    return Seen(contact, read.contact(world.ports, contact)[1], ME, world.chance.token())


def work(size: int) -> dict[str, Units]:
    """Merge, undo, edit, revert and split at one size."""
    world, meter = grown(size)
    first, last = born("crm", "0"), born("crm", str(size - 1))

    def counted(name: str, act: Callable[[], Any]) -> Any:
        with meter.operation(name):
            return act()

    order = Order((first, last), "merge", "", ME)
    made = counted("merge", lambda: merge.merge(world.ports, order))[1]["id"]
    asked = seen(world)
    counted("edit", lambda: edit.edit(world.ports, asked, {"job_title": "x", "stage": "lead"}))
    asked = seen(world)
    counted("revert", lambda: edit.revert(world.ports, asked, 1, ["job_title"]))
    counted("undo", lambda: unmerge.undo(world.ports, made, ME))
    merge.merge(world.ports, order)
    counted("split", lambda: split.split(world.ports, Parting(first, (last,), ME, "k")))
    return {n: u for n, u in meter.units.items() if n != "other"}


def test_units_of_a_stewards_work_by_the_size_of_the_contact() -> None:
    found = {size: work(size) for size in SIZES}
    print(f"\n{'operation':12}" + "".join(f"{size:>6} records: writes  reads" for size in SIZES))
    for name in found[SIZES[0]]:
        cells = (f"{u.writes:23.0f}{u.reads:7.1f}" for u in (found[s][name] for s in SIZES))
        print(f"{name:12}" + "".join(cells))
    assert all(units.writes for sizes in found.values() for units in sizes.values())


def test_how_long_a_read_with_provenance_takes() -> None:
    print()
    for size in SIZES:
        world, _ = grown(size)
        times = []
        for _ in range(READS):
            start = time.perf_counter()
            read.contact(world.ports, born("crm", "0"))
            times.append(1000 * (time.perf_counter() - start))
        times.sort()
        p50, p95 = times[READS // 2], times[READS * 95 // 100]
        print(f"read of {size - 1 or 1} records: p50 {p50:.2f} ms, p95 {p95:.2f} ms, memory store")
