"""One review whole: side by side, with its group; and an answer that says whose values win."""

import pytest

from chalicelib.domain.errors import ConflictError, InvalidError, NotFoundError
from chalicelib.flow.reviewing import desk, show_review
from tests.support.checks import settled
from tests.support.world import World
from tests.unit.desking import (
    PAIRS,
    STEWARD,
    asking,
    contact,
    decide,
    review_of,
)


def test_one_review_shows_both_sides_field_by_field() -> None:
    world = asking(k={"job_title": "kowal"})
    shown = show_review.show(world.ports, review_of(world, "k"))
    lines = {line["field"]: line for line in shown["fields"]}
    assert lines["birth_date"]["equal"] and not lines["job_title"]["equal"]
    assert sorted(map(str, lines["job_title"]["values"])) == ["None", "kowal"]
    merged = {"value": "kowal", "rule": "only", "source": "careful"}
    assert lines["job_title"]["merged"] == merged
    assert shown["state"] == "open" and shown["reasons"] and shown["explanation"]["en"]


def test_side_by_side_foretells_the_merge() -> None:
    world = asking(k={"job_title": "kowal", "emails": ["k@kowalik.pl"]})
    world.tell("careful", "k2", 5, **PAIRS["k"], job_title="rybak", emails=["j@kowalik.pl"])
    world.work()
    name = review_of(world, "k")
    foretold = show_review.show(world.ports, name)["fields"]
    decide(world, name, "same", STEWARD)
    became = show_review.show(world.ports, name)["fields"]
    assert [line["merged"] for line in foretold] == [line["merged"] for line in became]
    assert became[0]["equal"]


def group_of(world: World, name: str) -> dict[str, list[object]]:
    found: dict[str, list[object]] = show_review.show(world.ports, name)["group"]
    return found


def test_the_group_is_what_open_questions_connect() -> None:
    world = asking()
    world.tell("careful", "k3", **PAIRS["k"])
    world.work()
    name = review_of(world, "k")
    group = group_of(world, name)
    assert len(group["contacts"]) == len(group["questions"]) == 3 and group["complete"]
    (item, *_) = desk.reviews(world.ports, None, 1)["items"]
    others = {q["id"] for q in group["questions"]} - {item["id"]}  # type: ignore[index]
    assert set(item["others"]) == others
    decide(world, name, "different", STEWARD)
    assert len(group_of(world, name)["questions"]) == 2


def test_a_large_group_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(show_review, "GROUP_CAP", 3)
    world = asking()
    for n in range(3, 7):
        world.tell("careful", f"k{n}", **PAIRS["k"])
    world.work()
    group = group_of(world, review_of(world, "k"))
    assert len(group["contacts"]) == 3 and not group["complete"]


@pytest.mark.parametrize(("prefer", "titles"), [("k1", "kowal"), ("k2", "rybak")])
def test_an_answer_says_whose_values_win(prefer: str, titles: str) -> None:
    world = asking(k={"job_title": "kowal"})
    world.tell("careful", "k2", 5, **PAIRS["k"], job_title="rybak")
    world.work()
    name = review_of(world, "k")
    given = ("same", STEWARD, "overwrite", contact(prefer))
    outcome = decide(world, name, *given)
    assert show_review.show(world.ports, name)["contacts"][0]["job_title"] == titles
    assert decide(world, name, *given) == outcome, "a repetition is answered as the first"
    with pytest.raises(ConflictError):
        decide(world, name, "same", STEWARD)
    world.work()
    settled(world)


def test_skipping_mutes_the_other_side() -> None:
    world = asking(k={"job_title": "kowal"})
    name = review_of(world, "k")
    decide(world, name, "same", STEWARD, "skip", contact("k2"))
    assert show_review.show(world.ports, name)["contacts"][0]["job_title"] is None


@pytest.mark.parametrize(
    "given",
    [
        ("same", STEWARD, "overwrite", "nobody"),
        ("same", STEWARD, "merge", "nobody"),
        ("different", STEWARD, "skip"),
        ("different", STEWARD, "merge", "nobody"),
    ],
)
def test_an_answer_that_makes_no_sense_stores_nothing(given: tuple[str, ...]) -> None:
    world = asking()
    name, before = review_of(world, "k"), world.items.snapshot()
    with pytest.raises(InvalidError):
        decide(world, name, *given)
    assert world.items.snapshot() == before


def test_an_unknown_review_is_not_found() -> None:
    world = asking()
    for ask in (show_review.show, lambda p, i: decide(world, i, "same", STEWARD)):
        with pytest.raises(NotFoundError):
            ask(world.ports, "nothing")
