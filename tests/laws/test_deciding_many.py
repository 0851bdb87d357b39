"""A bulk decision is its decisions one by one: whatever the questions, their order, the verdict."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import ConflictError
from chalicelib.flow.reviewing import decide_many, review
from chalicelib.flow.reviewing.review import Verdict
from tests.laws.portraits import portrait
from tests.laws.sizes import sized
from tests.support.checks import settled
from tests.support.scenes import BY
from tests.support.state import read
from tests.support.witness import forked, watched
from tests.support.world import World

JAN = {"given_name": "Jan", "family_name": "Kowalik", "birth_date": "1980-01-02"}


def asked(count: int) -> World:
    """So many contacts of one name: a question between any two."""
    world = watched()
    world.source("careful", automatic_merge=False)
    for n in range(count):
        world.tell("careful", str(n), **JAN)
        world.work()
    return world


def outcome(world: World, name: str, verdict: Verdict) -> str:
    try:
        review.answer(world.ports, name, review.Answer(verdict, BY))
    except ConflictError as refused:
        return refused.kind
    return "decided"


@given(data=st.data(), count=st.integers(2, 5), verdict=st.sampled_from(["same", "different"]))
@sized(30, 1_000)
def test_all_at_once_is_one_by_one(data: st.DataObject, count: int, verdict: Verdict) -> None:
    world = asked(count)
    open_ones = sorted(n for n, d in read(world.items.snapshot()).decisions.items() if d.open)
    before = data.draw(st.lists(st.sampled_from(open_ones), unique=True, max_size=2))
    for name in before:
        outcome(world, name, "different" if verdict == "same" else "same")
    chosen = data.draw(st.lists(st.sampled_from(open_ones), unique=True, min_size=1))
    singly, at_once = forked(world), forked(world)
    expected = [outcome(singly, name, verdict) for name in chosen]
    order = decide_many.Order(verdict, BY, tuple(chosen))
    _, answer = decide_many.decide(at_once.ports, order)
    given_back = [answer["outcomes"][name] for name in chosen]
    assert [o.replace("decided_already", "already_decided") for o in given_back] == expected
    for each in (singly, at_once):
        each.work()
        settled(each)
    assert portrait(singly) == portrait(at_once)
