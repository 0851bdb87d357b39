"""What a re-judging settles of the differences that the order of arrival made.

The same people are told in several orders through the whole flow on the memory adapters;
then the active model is rehearsed and put in force, and the contacts are compared again.
"""

from collections.abc import Mapping, Sequence
from itertools import islice
from random import Random

from chalicelib.domain.matching import MODEL
from chalicelib.flow.ruling import activate, rehearse
from infra.matching.sets import values_of
from tests.bench.matching.growth import SEED
from tests.bench.matching.tables import show
from tests.bench.matching.telling import told
from tests.support.state import read
from tests.support.world import World, record

_PEOPLE, _NIGHTLY_PEOPLE = 1_000, 10_000
_ORDERS = 3
_BATCH = 50
_ROUNDS = 2
_HEAD = ("after", "differ, mean", "differ, worst")
Fellows = Mapping[str, frozenset[str]]
Records = Sequence[dict[str, object]]


def main(nightly: bool) -> None:
    """Print the share of records whose fellows differ from the first order's, round by round."""
    people = _NIGHTLY_PEOPLE if nightly else _PEOPLE
    rows = enumerate(islice(told(SEED), people))
    records = [record(str(n), **values_of(person.row)) for n, person in rows]
    random = Random(SEED)
    orders = [random.sample(records, len(records)) for _ in range(_ORDERS)]
    rounds = zip(*map(_history, orders), strict=True)
    table = [_row(number, list(ends)) for number, ends in enumerate(rounds)]
    show(f"Re-judging, {people:,} records in {_ORDERS} orders", _HEAD, table)


def _history(records: Records) -> list[Fellows]:
    """Who is with whom once all are told, and after each re-judging."""
    world = World()
    world.source("crm")
    for start in range(0, len(records), _BATCH):
        world.clock.tick(seconds=1)
        world.call("crm", records[start : start + _BATCH])
        world.work(sweeps=False)
    found = [_fellows(world)]
    for _ in range(_ROUNDS):
        _rejudge(world)
        found.append(_fellows(world))
    return found


def _rejudge(world: World) -> None:
    job = rehearse.rehearse(world.ports, MODEL.version)
    world.drain("jobs")
    activate.activate(world.ports, MODEL.version, job.id)
    world.work()


def _fellows(world: World) -> Fellows:
    heads = read(world.items.snapshot()).heads.values()
    return {member: frozenset(head.members) for head in heads for member in head.members}


def _row(number: int, ends: Sequence[Fellows]) -> Sequence[object]:
    first, others = ends[0], ends[1:]
    shares = [sum(first[r] != other[r] for r in first) / len(first) for other in others]
    name = f"re-judging {number}" if number else "arrival"
    return name, f"{sum(shares) / len(shares):.2%}", f"{max(shares):.2%}"
