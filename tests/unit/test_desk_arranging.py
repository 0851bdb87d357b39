"""Whose a review is, and until when it rests."""

import pytest

from chalicelib.domain.errors import ConflictError, InvalidError
from chalicelib.flow.reviewing import assign, show_review
from tests.unit.desking import (
    STEWARD,
    arrange,
    asking,
    contact,
    decide,
    listed,
    review_of,
)


def test_who_has_a_review_keeps_it_until_it_is_forced_or_given_back() -> None:
    world = asking()
    assert arrange(world, "k", assignee="ewa")["assignee"] == "ewa"
    assert arrange(world, "k", assignee="ewa", note="asked the shop")["note"] == "asked the shop"
    with pytest.raises(ConflictError) as refused:
        arrange(world, "k", assignee="jan")
    assert refused.value.kind == "already_assigned"
    assert arrange(world, "k", force=True, assignee="jan")["assignee"] == "jan"
    given_back = arrange(world, "k", assignee=None)
    assert (given_back["assignee"], given_back["note"]) == (None, "asked the shop")


def test_a_postponed_review_comes_back_when_its_time_has_come() -> None:
    world = asking()
    arrange(world, "k", postponed_until="2026-11-23T08:00:00+01:00")
    assert listed(world) == ["w", "z"]
    assert listed(world, postponed=True) == ["k"]
    assert listed(world, contact=contact("k1"), postponed=True) == ["k"]
    world.work()
    assert listed(world) == ["w", "z"]
    world.clock.tick(days=2)
    assert world.sweep()["reviews"] == 1
    assert listed(world) == ["k", "w", "z"]
    assert listed(world, postponed=True) == []


def test_a_postponed_review_can_be_taken_up_at_once() -> None:
    world = asking()
    name = review_of(world, "k")
    arrange(world, "k", postponed_until="2026-12-01T00:00:00Z")
    show = show_review.show(world.ports, name)
    assert (show["state"], show["postponed_until"]) == (
        "postponed",
        "2026-12-01T00:00:00.000000Z",
    )
    decide(world, name, "different", STEWARD)
    assert listed(world, postponed=True) == []


@pytest.mark.parametrize(
    ("news", "code"),
    [
        ({"postponed_until": "tomorrow"}, "bad_value"),
        ({"postponed_until": "2026-11-23T08:00:00"}, "bad_value"),
        ({"postponed_until": "2026-11-20T08:00:00Z"}, "past"),
        ({"assignee": "none"}, "reserved"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_stored(news: dict[str, str], code: str) -> None:
    world = asking()
    before = world.items.snapshot()
    with pytest.raises(InvalidError) as refused:
        arrange(world, "k", **news)
    assert [e.code for e in refused.value.errors] == [code]
    assert world.items.snapshot() == before


def test_an_answered_review_is_arranged_no_more() -> None:
    world = asking()
    name = review_of(world, "k")
    decide(world, name, "same", STEWARD)
    with pytest.raises(ConflictError) as refused:
        assign.arrange(world.ports, name, {"assignee": "ewa"})
    assert refused.value.kind == "already_decided"
