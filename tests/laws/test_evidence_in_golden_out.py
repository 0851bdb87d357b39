"""Law 1: a contact is a pure, order-free function of its records and its active edges."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.evidence import Record, Statement, is_late
from chalicelib.domain.golden import elect
from chalicelib.domain.judgements import Judgement
from chalicelib.domain.model import canonical
from chalicelib.domain.versions import leaves_of, values_of, winners_of
from tests.laws.portraits import portrait
from tests.laws.sizes import sized
from tests.laws.statements import (
    deletions,
    edges,
    folded,
    heard,
    newborn,
    patches,
    records,
    statements,
    upserts,
)
from tests.support.checks import fsck
from tests.support.world import World, record

SEVERAL = st.lists(statements, min_size=1, max_size=8)


@sized(400, 20_000)
@given(told=SEVERAL, data=st.data())
def test_any_order_and_any_repeats_of_statements_give_one_record(
    told: list[Statement], data: st.DataObject
) -> None:
    repeated = told + data.draw(st.lists(st.sampled_from(told), max_size=4))
    shuffled = data.draw(st.permutations(repeated))
    in_order = heard(newborn("r0"), told)
    assert (
        heard(newborn("r0"), shuffled).row() == in_order.row() == folded(newborn("r0"), told).row()
    )


@sized(200, 10_000)
@given(told=st.lists(upserts, min_size=1, max_size=5))
def test_whole_statements_never_mix_not_even_those_of_one_second(told: list[Statement]) -> None:
    newest = max(told, key=lambda s: s.stamp)
    assert heard(newborn("r0"), told).values() == newest.fields


@sized(200, 10_000)
@given(deletion=deletions, told=st.lists(st.one_of(upserts, patches), max_size=5), data=st.data())
def test_a_deletion_is_a_floor_below_which_nothing_comes_back(
    deletion: Statement, told: list[Statement], data: st.DataObject
) -> None:
    late = [s for s in told if s.stamp < deletion.stamp]
    after = heard(newborn("r0"), data.draw(st.permutations([deletion, *late])))
    assert not after.alive
    assert after.values() == {}


@sized(200, 10_000)
@given(told=SEVERAL, one=statements)
def test_what_is_late_changes_nothing(told: list[Statement], one: Statement) -> None:
    known = heard(newborn("r0"), told)
    if is_late(known, one):
        assert heard(known, [one]) == known


@sized(300, 20_000)
@given(told=records(), joined=edges(), data=st.data())
def test_golden_values_do_not_depend_on_the_order_of_records_or_edges(
    told: list[Record], joined: list[Judgement], data: st.DataObject
) -> None:
    records_, edges_ = data.draw(st.permutations(told)), data.draw(st.permutations(joined))
    assert _golden(records_, edges_) == _golden(told, joined)


def _golden(told: list[Record], joined: list[Judgement]) -> bytes:
    elected = elect(told, joined)
    values, winners = values_of(elected), winners_of(elected)
    return canonical([values, winners, leaves_of(told, values, winners)])


@sized(300, 10_000)
@given(told=records(), joined=edges())
def test_every_golden_value_is_some_living_record_s_own(
    told: list[Record], joined: list[Judgement]
) -> None:
    by_id = {r.id: r for r in told}
    for name, elected in elect(told, joined).items():
        for record_id, value in elected.shares or ((elected.record, elected.value),):
            speaker = by_id[record_id]
            own = speaker.values().get(name)
            assert speaker.alive
            assert value in own if isinstance(own, list) else value == own


@sized(300, 10_000)
@given(told=records(), joined=edges())
def test_the_muted_give_no_opinion_and_the_lifted_win(
    told: list[Record], joined: list[Judgement]
) -> None:
    newest = {e.pair: e for e in sorted(joined, key=lambda e: (e.at, e.id))}.values()
    muted = {r for e in newest for r in e.mutes}
    lifted = {r for e in newest for r in e.lifts} - muted
    alive = [r for r in told if r.alive]
    if {r.id for r in alive} <= muted:
        muted = set()
    titled = {r.id for r in alive if "job_title" in r.values()} - muted
    won = elect(told, joined).get("job_title")
    assert (won is None) == (not titled)
    if won:
        assert won.record in (titled & lifted or titled)


FIELDS: list[dict[str, Any]] = [
    {"given_name": "Jan", "family_name": "Lis", "job_title": "kowal"},
    {"given_name": "Jan", "tags": ["vip"]},
    {"job_title": None, "stage": "lead"},
    {"tags": [], "notes": ["dzwoni"]},
]
EVENTS = ["contact.upserted", "contact.patched", "contact.deleted"]
words = st.tuples(
    st.sampled_from(EVENTS),
    st.sampled_from(["1", "2"]),
    st.integers(0, 3),
    st.sampled_from(FIELDS),
)
Word = tuple[str, str, int, dict[str, Any]]


@sized(60, 3000)
@given(said=st.lists(words, min_size=1, max_size=7), data=st.data())
def test_calls_of_several_records_in_any_order_come_to_the_same_contacts(
    said: list[Word], data: st.DataObject
) -> None:
    repeats = data.draw(st.lists(st.sampled_from(said), max_size=3))
    one, other = _told(said), _told(data.draw(st.permutations(said + repeats)))
    assert portrait(one) == portrait(other)
    fsck(one)
    fsck(other)


def _told(said: list[Word]) -> World:
    world = World()
    world.source("crm")
    # Who came first is the world's to say, not the calls': both are born in one order.
    for external_id in ("1", "2"):
        world.clock.tick(seconds=1)
        world.call("crm", record(external_id, -9), "contact.deleted")
    for number, (event, external_id, at, fields) in enumerate(said):
        given_ = {} if event == "contact.deleted" else fields
        world.call("crm", record(external_id, at, **given_), event, message_id=f"m{number}")
    return world
