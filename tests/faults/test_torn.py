"""What a torn restore leaves is found, and mended where evidence is left of it.

Of each transaction of every scene only some items are written: of up to eight items all
proper subsets each night (a sample otherwise), above that a sample. Then either the state is
lawful or the check says what is wrong, and mending brings it back: what it leaves it says,
nothing that was restored is gone, and once all work is done the independent laws hold.
"""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from chalicelib.domain.checking import LOST
from chalicelib.flow import jobs, work_jobs
from chalicelib.flow.checking import fsck
from chalicelib.flow.ruling import findings
from chalicelib.store.memory import MemoryItems
from chalicelib.store.ports import Delete, Item, Key, Write
from tests.conftest import NIGHTLY
from tests.faults.acting import MERGED
from tests.faults.branches import SCENES
from tests.faults.recovering import seen_by
from tests.support.checks import settled
from tests.support.scenes import Scene, registered, rest
from tests.support.torn import Transactions, apply, subsets
from tests.support.witness import forked, watched
from tests.support.world import World, unlimited

# No evidence is left of these: that a target was to be told of somebody stood in the job alone,
# and the guard's tally is a count. A list is made right by its next push, a conflict by the
# partner's next word: neither is looked for.
UNTOLD = ("pausing: a target started", "guarding: ", "list: ", "conflicts: ")
TOLD = [name for name in SCENES if not name.startswith(UNTOLD)]
# What the partner has of the contact is put there by hand, as if it had not been told of us yet.
WHOLE = [name for name in SCENES if not name.startswith("conflicts: ")]
MOST = 254 if NIGHTLY else 6
EVIDENCE = ("R#", "J#")
RETRACTION = ("retracted_by", "batch", "also")


def checked(world: World, *, mend: bool) -> list[dict[str, Any]]:
    """What a job finds, worked off to its end."""
    job = fsck.fsck(world.ports, mend=mend, sample=None)
    work_jobs.work_job(world.ports, job.id, unlimited)
    assert jobs.job(world.ports, job.id).state == "done"
    found: list[dict[str, Any]] = findings.findings(world.ports, job.id, None, 100)["items"]
    return found


def but_for_jobs(world: World) -> dict[Key, Item]:
    return {k: i for k, i in world.items.snapshot().items() if not k.pk.startswith("T#")}


def prepared(scene: Scene) -> World:
    """As the scene's own, but that time passes between the targets and the first contact."""
    world = watched()
    registered(world)
    world.clock.tick(seconds=1)
    for step in scene.prepare:
        step(world)
    return world


def transactions(scene: Scene) -> tuple[World, list[tuple[MemoryItems, Sequence[Write]]]]:
    """The world after the scene's action, and what it wrote, each with the store before it."""
    world = prepared(scene)
    act, kept = scene.action(world), Transactions(world.items)
    act(seen_by(world, kept))
    return world, kept.kept


@pytest.mark.unsound
@pytest.mark.parametrize("name", TOLD)
def test_what_is_torn_is_found_and_mended(
    name: str, record_property: Callable[[str, object], None]
) -> None:
    scene = SCENES[name]
    after, written = transactions(scene)
    assert checked(forked(after), mend=False) == []
    torn = 0
    for before, writes in written:
        for part in subsets(writes, MOST, name):
            world = forked(after)
            world.items = before.fork()
            apply(world.items, part)
            try:
                _survives(world, scene.exact)
            except BaseException as error:
                error.add_note("\n".join(f"{'+' if w in part else ' '} {w.key}" for w in writes))
                raise
            torn += 1
    record_property("torn", torn)


def _survives(world: World, exact: Sequence[str] | None) -> None:
    before = world.items.snapshot()
    left = {f["code"] for f in checked(world, mend=True) if f["outcome"] == "left"}
    assert not left - LOST or "record_lost" in left, left
    _kept(before, world.items.snapshot())
    if not left:
        for _ in range(3):  # a delivery may have been put off for days
            world.work()
            world.clock.tick(days=1)
        settled(world, exact, torn=True)
        assert checked(world, mend=False) == []


def _kept(before: dict[Key, Item], after: dict[Key, Item]) -> None:
    """Of what a restore brought back: versions and statements to the byte, the rest stands.

    But an undo that says so may take a statement back.
    """
    for key, item in before.items():
        if key.table == "versions" or key.sk.startswith("S#"):
            assert after[key] | _retraction(item) == item
        elif key.pk.startswith(EVIDENCE):
            assert after[key].get("judgement") == item.get("judgement")


def _retraction(item: Item) -> Item:
    return {name: item[name] for name in RETRACTION if name in item}


@pytest.mark.parametrize("name", WHOLE)
def test_mending_leaves_what_is_whole_as_it_is(name: str) -> None:
    world = prepared(SCENES[name])
    before = but_for_jobs(world)
    assert checked(world, mend=True) == []
    assert but_for_jobs(world) == before


def test_a_mend_that_is_repeated_changes_nothing() -> None:
    scene = Scene("merged", MERGED)
    world = prepared(scene)
    head = next(k for k, i in world.items.snapshot().items() if i.get("status") == "merged")
    world.items.write([Delete(head)])
    assert checked(world, mend=True)
    rest(world)
    before = but_for_jobs(world)
    assert checked(world, mend=True) == []
    assert but_for_jobs(world) == before
