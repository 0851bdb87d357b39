"""The stewards' desk: in which order, of whom, and how far they are."""

import pytest

from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.priority import worth
from chalicelib.flow.merging import merge, unmerge
from chalicelib.flow.reviewing import desk, progress
from tests.support.checks import settled
from tests.unit.desking import (
    PAIRS,
    STEWARD,
    arrange,
    asking,
    contact,
    decide,
    listed,
    review_of,
)

CLIENT = {"roles": ["customer"]}


@pytest.mark.parametrize(
    ("values", "sources", "records", "points"),
    [
        ({}, 1, 1, 0),
        ({"roles": ["supplier"]}, 1, 1, 0),
        ({"roles": ["supplier", "customer"]}, 1, 1, 200),
        ({"stage": "lead"}, 1, 1, 100),
        ({"stage": "former"}, 1, 1, 0),
        ({}, 3, 4, 130),
        ({}, 90, 90, 300),
        ({"roles": ["customer"], "stage": "prospect"}, 2, 2, 360),
    ],
)
def test_a_contact_is_worth_what_hangs_on_it(
    values: dict[str, object], sources: int, records: int, points: int
) -> None:
    assert worth(values, sources, records).points == points


def test_of_equal_questions_the_oldest_comes_first() -> None:
    assert listed(asking()) == ["k", "w", "z"]


def test_a_customers_question_comes_before_older_ones() -> None:
    world = asking(z=CLIENT)
    assert listed(world) == ["z", "k", "w"]
    (first, *_) = desk.reviews(world.ports, None, 1)["items"]
    parts = sorted(side["customer"] for side in first["priority"]["worth"])
    assert parts == [0, 200]
    assert first["priority"]["total"] == first["score"] + 200


def test_the_order_follows_what_becomes_of_the_contacts() -> None:
    world = asking(z=CLIENT)
    world.tell("careful", "w2", 5, **PAIRS["w"], stage="lead")
    world.tell("careful", "z1", 5, **PAIRS["z"])
    world.work()
    assert listed(world) == ["w", "k", "z"]
    settled(world)


def test_pages_hold_every_question_once_also_while_they_are_decided() -> None:
    world = asking()
    first = desk.reviews(world.ports, None, 1)
    decide(world, first["items"][0]["id"], "different", STEWARD)
    second = desk.reviews(world.ports, first["next"], 1)
    third = desk.reviews(world.ports, second["next"], 9)
    shown = [item["id"] for page in (first, second, third) for item in page["items"]]
    assert len(set(shown)) == 3 and third["next"] is None


def test_a_question_settled_elsewhere_leaves_the_queue_and_an_undo_brings_it_back() -> None:
    world = asking()
    _, merged = merge.merge(
        world.ports, merge.Order((contact("w1"), contact("w2")), "merge", "", STEWARD)
    )
    assert listed(world) == ["k", "z"], "at once, though it still stands in the index"
    world.work()
    assert len(world.items.due("contacts", "review", "~").items) == 2
    unmerge.undo(world.ports, merged["id"], STEWARD)
    world.work()
    assert listed(world) == ["k", "w", "z"]
    settled(world)


def test_questions_are_listed_by_whose_they_are() -> None:
    world = asking()
    arrange(world, "w", assignee="ewa")
    assert listed(world, assignee="ewa") == ["w"]
    assert listed(world, assignee="") == ["k", "z"]
    assert listed(world) == ["k", "w", "z"]


def test_questions_are_listed_by_contact_also_by_an_old_id() -> None:
    world = asking()
    assert listed(world, contact=contact("w2")) == ["w"]
    with pytest.raises(NotFoundError):
        listed(world, contact="nobody")


def test_progress_counts_what_lies_there_and_what_was_done() -> None:
    world = asking()
    arrange(world, "z", assignee=STEWARD)
    arrange(world, "w", postponed_until="2026-12-01T00:00:00Z")
    decide(world, review_of(world, "k"), "different", STEWARD)
    assert progress.progress(world.ports, STEWARD) == {
        "open": 1,
        "postponed": 1,
        "mine": 1,
        "decided": [{"day": "2026-11-21", "by": STEWARD, "same": 0, "different": 1}],
        "complete": True,
    }
    world.clock.tick(days=31)
    assert progress.progress(world.ports, STEWARD)["decided"] == []


def test_progress_of_a_long_queue_says_that_there_is_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PAGE", 1)
    monkeypatch.setattr(progress, "PAGES_CAP", 2)
    told = progress.progress(asking().ports, STEWARD)
    assert (told["open"], told["complete"]) == (2, False)


@pytest.mark.parametrize("wanted", [desk.Wanted(), desk.Wanted(assignee=""), desk.Wanted(q="*")])
@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_of_any_size_hold_all_that_is_wanted(wanted: desk.Wanted, limit: int) -> None:
    world, shown, after = asking(), list[str](), None
    while True:
        page = desk.reviews(world.ports, after, limit, wanted)
        shown += [item["id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert shown == [review_of(world, name) for name in PAIRS]
