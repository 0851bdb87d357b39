"""A rehearsal touches nothing; its activation does what it listed; the undo takes it back."""

from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.matching import MODEL
from chalicelib.flow import jobs
from chalicelib.flow.merging import merge, unmerge
from chalicelib.flow.merging.merge import Order
from chalicelib.flow.ruling import models, rehearse
from tests.laws import people
from tests.laws.rehearsing import (
    JAN,
    ME,
    SOURCES,
    Json,
    activated,
    changed,
    faces,
    foreseen,
    listed,
    members,
    outside_jobs,
    rehearsed,
    town,
    undone,
)
from tests.laws.sizes import sized
from tests.support.checks import settled
from tests.support.rest import holdings
from tests.support.scenes import born, judged
from tests.support.state import read
from tests.support.world import World

changes = st.fixed_dictionaries(
    {
        "same": st.sampled_from([400, 900, 2_000, 100_000]),
        "unsure": st.sampled_from([100, 300]),
        "weakest": st.sampled_from([-100_000, 0, 500]),
    },
    optional={"most": st.sampled_from([2, 3])},
)
told = st.lists(st.tuples(st.sampled_from(SOURCES), people.fields()), min_size=2, max_size=8)


@sized(25, 2_000)
@given(arrivals=told, parts=changes)
def test_activation_does_what_was_listed_and_undo_takes_it_back(
    arrivals: list[tuple[str, Json]], parts: Json
) -> None:
    world = town(arrivals)
    version = changed(world, **parts)
    untouched, before = outside_jobs(world), faces(world)
    rehearsal = rehearsed(world, version)
    assert outside_jobs(world) == untouched
    found = listed(world, rehearsal)
    wanted, held = foreseen(world, found), _told(world, found)
    batch = activated(world, version, rehearsal)
    assert members(world) == wanted
    assert {f["outcome"]["state"] for f in listed(world, batch)} <= {"done"}
    world.work()
    settled(world)
    assert members(world) == wanted, "the next match does nothing else"
    assert all(holds(world) for holds in held)
    undone(world, batch)
    assert (faces(world), models.active(world.ports)) == (before, MODEL)
    world.work()
    settled(world)
    assert faces(world) == before, "the next match does not undo the undo"


def _told(world: World, found: list[Json]) -> list[Any]:
    """A check for each push that is foretold: the target has the contact, or has it no more."""

    def check(target: str, contact: str, wanted: bool) -> Any:
        return lambda after: (contact in holdings(after, target)) is wanted

    return [
        check(told["target"], told["contact"], told["event"] == "contact.upserted")
        for finding in found
        for told in finding["told"]
    ]


@sized(15, 150)
@given(arrivals=told, parts=changes)
def test_what_was_carried_out_is_not_found_again(
    arrivals: list[tuple[str, Json]], parts: Json
) -> None:
    world = town(arrivals)
    version = changed(world, **parts)
    activated(world, version, rehearsed(world, version))
    world.work()
    assert [f["kind"] for f in listed(world, rehearsed(world, version))] == []


def test_a_rehearsal_that_is_interrupted_goes_on_and_finds_each_once() -> None:
    world = town([(source, person) for person in people.PEOPLE for source in ("crm", "erp")])
    version = changed(world, same=100_000)
    whole = listed(world, rehearsed(world, version))
    job = rehearse.rehearse(world.ports, version)
    world.queues.waiting.clear()
    for _ in range(100):
        left = iter([900_000, 900_000, 0])
        rehearse.work(world.ports, jobs.job(world.ports, job.id), lambda left=left: next(left))
        if jobs.job(world.ports, job.id).state == "done":
            break
    assert jobs.job(world.ports, job.id).result["part"] == len(whole)
    assert [f["contacts"] for f in listed(world, job.id)] == [f["contacts"] for f in whole]


def test_a_re_judging_settles_what_the_order_of_arrival_left() -> None:
    father = JAN | {"birth_date": "1961-02-03", "phones": ["+48600700801"]}
    unknown = JAN | {"phones": ["+48600700801"]}
    son = JAN | {"birth_date": "1989-12-30"}
    left, ends = set(), []
    for order in permutations([("crm", "f", father), ("erp", "u", unknown), ("crm", "s", son)]):
        world = town([])
        for source, name, fields in order:
            world.clock.tick(seconds=1)
            world.tell(source, name, **fields)
            world.work(sweeps=False)
        left.add(frozenset(map(frozenset, members(world).values())))
        activated(world, MODEL.version, rehearsed(world, MODEL.version))
        world.work()
        settled(world)
        ends.append({frozenset(m) for m in members(world).values()})
    assert len(left) > 1, "the order of arrival left nothing to settle"
    pair = frozenset([born("crm", "f"), born("erp", "u")])
    assert ends == [{pair, frozenset([born("crm", "s")])}] * 6


def test_people_are_never_overruled() -> None:
    world = town([("crm", JAN), ("erp", JAN), ("crm", JAN), ("erp", {"given_name": "Zofia"})])
    unmerge.undo(world.ports, judged(read(world.items.snapshot()), "same", "model"), ME)
    world.work()
    pair = (born("crm", "0"), born("erp", "3"))
    merge.merge(world.ports, Order(pair, "merge", "", ME))
    world.work()
    for parts in ({"same": 300, "unsure": 200, "weakest": -100_000}, {"same": 100_000}):
        version = models.change(world.ports, f"v{parts['same']}", MODEL.version, parts, ME)[
            0
        ].version
        activated(world, version, rehearsed(world, version))
        world.work()
        settled(world)
        assert set(pair) <= set(members(world)[born("crm", "0")])
