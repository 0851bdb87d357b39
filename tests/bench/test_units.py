"""What each operation costs: DynamoDB's units, counted by the code from the items' sizes.

    make bench

Printed next to what the design expected. On demand, prices are per million units.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chalicelib.domain import times
from chalicelib.flow.merging import merge, unmerge
from chalicelib.flow.reading.search import Wanted, search
from chalicelib.store.meter import Metered, Units
from tests.support.world import START, World, record

EXPECTED = {
    "create": "about 20",
    "create, matched and indexed": "about 60",
    "update": "about 20",
    "repeat": "0-2",
    "match and index (of an update)": "1 for a value that goes, 2 each for more",
    "index (of what no search finds)": "1 for the card",
    "merge": "24-30, and 2 a stub",
    "undo": "24-30, and 2 a stub",
    "delivery": "about 6",
}
PERSON = {
    "given_name": "Katarzyna",
    "family_name": "Nowak",
    "emails": ["k.nowak@poczta.example.com"],
    "phones": ["600 100 200"],
    "addresses": [{"street": "ul. Bukowa 7", "city": "Kraków", "postal_code": "30-001"}],
    "birth_date": "1984-11-21",
    "roles": ["customer"],
    "notes": ["x" * 900],
}


def counted(world: World, meter: Metered, name: str, act: Callable[[], Any]) -> Any:
    """Do one operation and count it under its name."""
    with meter.operation(name):
        return act()


def story() -> dict[str, Units]:
    """Each operation once, on a small world with one target."""
    meter = Metered(World().items)
    world = World(items=meter)
    world.source("crm")
    world.source("shop")
    world.target("crm-copy", filter="role:customer")
    counted(world, meter, "create", lambda: world.tell("crm", "1", **PERSON))
    counted(world, meter, "match and index (of a create)", lambda: world.drain("match"))
    counted(world, meter, "fan out", lambda: world.drain("fan-out"))
    counted(world, meter, "delivery", lambda: world.drain("deliver"))
    body = record("1", 10, **PERSON | {"phones": ["600 100 201"]})
    counted(world, meter, "update", lambda: world.call("crm", body, message_id="m1"))
    counted(world, meter, "repeat", lambda: world.call("crm", body, message_id="m1"))
    counted(world, meter, "match and index (of an update)", lambda: world.drain("match"))
    noted = record("1", 11, **PERSON | {"phones": ["600 100 201"], "job_title": "x"})
    world.call("crm", noted)
    counted(world, meter, "index (of what no search finds)", lambda: world.drain("match"))
    world.work()
    born = times.text(START)
    wanted = Wanted("email:k.nowak@poczta.example.com", None, 25, "bench")
    then = replace(wanted, as_of=born)
    counted(world, meter, "search, one found", lambda: search(world.ports, wanted, None))
    counted(world, meter, "search as of, one found", lambda: search(world.ports, then, None))
    stranger = {"full_name": "Firma Zygfryd", "kind": "company", "emails": ["a@firma.example.com"]}
    other = world.tell("shop", "2", **stranger)["contact_id"]
    first = world.tell("crm", "1", 12, **PERSON)["contact_id"]
    world.work()
    order = merge.Order((first, other), "merge", "", "key:bench")
    made = counted(world, meter, "merge", lambda: merge.merge(world.ports, order))
    counted(world, meter, "undo", lambda: unmerge.undo(world.ports, made[1]["id"], "key:bench"))
    return dict(meter.units)


def test_units_of_each_operation() -> None:
    units = story()
    print(f"\n{'operation':32}{'writes':>8}{'reads':>8}{'calls':>7}   design expects")
    for name, used in units.items():
        row = f"{name:32}{used.writes:8.1f}{used.reads:8.1f}{used.calls:7}"
        print(f"{row}   {EXPECTED.get(name, '')}")
    assert units["repeat"].writes <= 2
