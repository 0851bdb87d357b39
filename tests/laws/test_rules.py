"""Rules: a rehearsal touches nothing, an activation does what it said, its undo undoes all."""

from itertools import chain, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.evidence import Record
from chalicelib.domain.golden import elect
from chalicelib.domain.judgements import Judgement
from chalicelib.domain.rules_forms import checked
from chalicelib.flow import jobs
from chalicelib.flow.ruling import rules, switch_rules
from chalicelib.flow.work_jobs import work_job
from tests.faults.meeting import one_after_the_other
from tests.laws import people
from tests.laws.midst import interrupted
from tests.laws.rehearsing import outside_jobs, town
from tests.laws.ruling import (
    JAN,
    LONGEST,
    SOURCES,
    TITLED,
    Json,
    activated,
    faces,
    foretold,
    found,
    ordered,
    rehearsed,
    sets,
    stored,
    titled,
    undone,
    values,
)
from tests.laws.sizes import sized
from tests.laws.statements import edges, records
from tests.support.checks import settled
from tests.support.scenes import Act, deletes, hands, joins, judged, tells, undoes
from tests.support.state import read as state_of
from tests.support.world import World

told = st.lists(st.tuples(st.sampled_from(SOURCES), people.fields()), min_size=2, max_size=7)


def pushed(world: World, since: int) -> set[tuple[str, str, str]]:
    return {(t.target, t.type, t.contact) for t in world.sender.told[since:]}


@sized(40, 2_000)
@given(arrivals=told, fields=sets, first=sets)
def test_activation_does_what_was_rehearsed_and_undo_leaves_no_trace(
    arrivals: list[tuple[str, Json]], fields: Json, first: Json
) -> None:
    world = town(arrivals)
    activated(world, stored(world, first, "first"), rehearsed(world, "first"))
    world.work()
    settled(world)
    version = stored(world, fields)
    untouched, before, golden = outside_jobs(world), faces(world), values(world)
    rehearsal = rehearsed(world, version)
    assert outside_jobs(world) == untouched
    listed = found(world, rehearsal)
    wanted, sent = foretold(golden, listed), len(world.sender.told)
    batch = activated(world, version, rehearsal)
    assert values(world) == wanted
    world.work()
    settled(world)
    assert values(world) == wanted
    foreseen = {(t["target"], t["event"], t["contact"]) for f in listed for t in f["told"]}
    assert pushed(world, sent) == foreseen
    counted = jobs.job(world.ports, batch).result
    assert counted["changed"] == len(listed)
    undone(world, batch)
    assert faces(world) == before
    world.work()
    settled(world)
    assert (faces(world), rules.RULES.active(world.ports).version) == (before, "first")


def parts(world: World) -> None:
    undoes(judged(state_of(world.items.snapshot()), "same"))(world)


WRITES: dict[str, Act] = {
    "an update": tells("crm", "0", 9, **JAN, job_title="szef wszystkich szefów"),
    "an update that says nothing new": tells("crm", "0", 9, **TITLED[0][1]),
    "an update that says nothing new of one whom the rules leave alone": tells(
        "crm", "2", 9, **TITLED[2][1]
    ),
    "a late word": tells("crm", "0", -9, **JAN, job_title="praktykant"),
    "a birth": tells("erp", "9", 9, given_name="Ola", family_name="Kos", job_title="krawcowa"),
    "a birth and its match": tells("erp", "9", 9, **JAN, job_title="mistrz ceremonii"),
    "a deletion": deletes("crm", "0", 9),
    "a merge": joins("crm/2", "crm/0"),
    "an undo": parts,
    "an undo, and another merge": one_after_the_other(parts, joins("crm/2", "erp/1")),
}


@pytest.mark.parametrize("name", WRITES)
def test_a_write_in_the_midst_of_the_walk_ends_lawfully(name: str) -> None:
    world, version, rehearsal = titled()
    ordered(world, version, rehearsal)
    walk = hands("jobs", world.queues.take("jobs"))
    for ended in interrupted(world, walk, [WRITES[name]]):
        ended.work()
        settled(ended)


@pytest.mark.parametrize("name", WRITES)
def test_a_walk_in_the_midst_of_a_write_ends_lawfully(name: str) -> None:
    """The writer may have read the rules that are in force no more."""
    world, version, rehearsal = titled()

    def activation(walked: World) -> None:
        activated(walked, version, rehearsal)

    for ended in interrupted(world, WRITES[name], [activation]):
        ended.work()
        settled(ended)


def test_a_walk_and_a_rehearsal_that_are_interrupted_go_on_and_count_each_once() -> None:
    world = town([(s, p) for p in people.PEOPLE for s in ("crm", "erp")])
    version = stored(world, {"emails": {"order": ["recent"], "take": "one"}, **LONGEST})
    whole = found(world, rehearsed(world, version))
    job = switch_rules.rehearse(world.ports, version)
    _by_bits(world, job.id)
    assert found(world, job.id) == whole
    assert jobs.job(world.ports, job.id).result["found"] == len(whole) > 0
    batch = ordered(world, version, job.id)
    _by_bits(world, batch)
    assert jobs.job(world.ports, batch).result["changed"] == len(whole)
    world.work()
    settled(world)


def _by_bits(world: World, job: str) -> None:
    """A few pages at a time."""
    world.queues.waiting.clear()
    for _ in range(100):
        left = chain(repeat(900_000, 40), repeat(0))
        if jobs.job(world.ports, job).state == "done":
            return
        work_job(world.ports, job, lambda left=left: next(left))


@sized(300, 20_000)
@given(records_=records(), joined=edges(), fields=sets, data=st.data())
def test_whatever_the_rules_the_order_of_records_and_edges_is_no_matter(
    records_: list[Record], joined: list[Judgement], fields: Json, data: st.DataObject
) -> None:
    told_by = [r.model_copy(update={"source": SOURCES[n % 3]}) for n, r in enumerate(records_)]
    tried = checked("tried", {"fields": fields})
    shuffled = data.draw(st.permutations(told_by)), data.draw(st.permutations(joined))
    assert elect(*shuffled, tried) == elect(told_by, joined, tried)
