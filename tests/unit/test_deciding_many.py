"""One verdict on many reviews: which, in what batch, what became of each; resumed and repeated."""

from typing import Any

import pytest

from chalicelib.domain.errors import InvalidError, NotFoundError
from chalicelib.flow import jobs, work_jobs
from chalicelib.flow.merging import unmerge
from chalicelib.flow.reading import lists
from chalicelib.flow.reviewing import decide_many, desk
from chalicelib.flow.reviewing.decide_many import Order
from chalicelib.flow.reviewing.desk import Wanted
from tests.support.checks import settled
from tests.support.scenes import BY
from tests.support.state import read
from tests.support.world import World, unlimited
from tests.unit.desking import arrange, asking, decide, listed, review_of


def many(world: World, *names: str, verdict: Any = "same") -> tuple[int, dict[str, Any]]:
    reviews = tuple(review_of(world, name) for name in names)
    return decide_many.decide(world.ports, Order(verdict, BY, reviews))


def found(world: World, limit: int = 100, **wanted: Any) -> dict[str, Any]:
    order = Order("same", BY, wanted=Wanted(**wanted), limit=limit)
    return decide_many.preview(world.ports, order)


@pytest.mark.parametrize("verdict", ["same", "different"])
def test_all_that_is_decided_together_bears_the_name_of_one_batch(verdict: str) -> None:
    world = asking()
    status, answer = many(world, "k", "z", verdict=verdict)
    assert (status, set(answer["outcomes"].values())) == (200, {"decided"})
    state = read(world.items.snapshot())
    made = [d for d in state.decisions.values() if d.judgement.verdict == verdict]
    assert [d.batch for d in made] == [answer["job"]] * 2
    if verdict == "same":
        joined = [v for vs in state.versions.values() for v in vs if v.cause.type == "merge"]
        assert {v.batch for v in joined} == {answer["job"]}
    assert listed(world) == ["w"]
    world.work()
    settled(world)


def test_what_is_decided_in_bulk_can_be_learned_from() -> None:
    world = asking()
    many(world, "k", "w", verdict="different")
    learned = lists.judgements(world.ports, None, 10)["items"]
    assert [item["verdict"] for item in learned] == ["different"] * 2
    assert all(item["reasons"] and item["answered_by"] == BY for item in learned)


def test_who_comes_second_is_told_so() -> None:
    world = asking()
    names = [review_of(world, n) for n in ("k", "w")]
    decide(world, names[0], "same", "key:other")
    decide(world, names[1], "different", "key:other")
    _, answer = decide_many.decide(world.ports, Order("same", BY, tuple(names)))
    assert list(answer["outcomes"].values()) == ["decided_already"] * 2


def test_the_same_list_again_is_answered_as_the_first_time() -> None:
    world = asking()
    order = Order("same", BY, tuple(review_of(world, n) for n in ("k", "w")))
    first = decide_many.decide(world.ports, order)
    assert decide_many.decide(world.ports, order) == first


def test_what_was_taken_back_since_is_decided_anew() -> None:
    world = asking()
    reviews = tuple(review_of(world, n) for n in ("k", "w"))
    first = decide_many.decide(world.ports, Order("same", BY, reviews))[1]
    (edge, _) = [d for d in read(world.items.snapshot()).decisions.values() if d.merge]
    unmerge.undo(world.ports, edge.judgement.id, BY)
    second = decide_many.decide(world.ports, Order("same", BY, reviews))[1]
    assert second["job"] != first["job"]
    assert sorted(second["outcomes"].values()) == ["decided", "decided_already"]


def test_a_conflict_is_an_outcome_and_stops_nothing() -> None:
    world = asking()
    world.tell("careful", "k3", given_name="Jan", family_name="Kowalik", birth_date="1980-01-02")
    world.work()
    trio = [q["id"] for q in desk.reviews(world.ports, None, 9)["items"] if q["others"]]
    assert len(trio) == 3
    decide(world, trio[0], "same", BY)
    _, answer = decide_many.decide(world.ports, Order("different", BY, tuple(trio)))
    outcomes = sorted(answer["outcomes"].values())
    assert outcomes[0] == "decided" and outcomes[-1] == "decided_already"


def test_a_filter_finds_what_a_preview_shows_and_no_more() -> None:
    world = asking(z={"roles": ["customer"]})
    arrange(world, "w", assignee="ewa")
    assert found(world)["count"] == 3
    assert found(world, q="role:customer")["count"] == 0, "both must match"
    assert found(world, q="-role:customer")["count"] == 2
    assert found(world, assignee="ewa")["reviews"] == [review_of(world, "w")]
    score = desk.reviews(world.ports, None, 1)["items"][0]["score"]
    assert found(world, min_score=score + 1)["count"] == 0
    assert found(world, min_score=score, max_score=score)["count"] >= 1
    assert found(world, limit=2) == {
        "count": 2,
        "reviews": [review_of(world, n) for n in ("z", "k")],
        "more": True,
    }
    order = Order("different", BY, wanted=Wanted(q="-role:customer"))
    status, answer = decide_many.decide(world.ports, order)
    assert (status, len(answer["outcomes"]), listed(world)) == (200, 2, ["z"])
    assert decide_many.decide(world.ports, order)[1]["outcomes"] == {}


def test_a_preview_changes_nothing() -> None:
    world = asking()
    before = world.items.snapshot()
    found(world)
    assert world.items.snapshot() == before


@pytest.mark.parametrize("reviews", [(), tuple(map(str, range(501)))])
def test_none_or_too_many_are_refused(reviews: tuple[str, ...]) -> None:
    with pytest.raises(InvalidError):
        decide_many.decide(asking().ports, Order("same", BY, reviews))


def test_an_unknown_review_stops_all_before_anything_is_done() -> None:
    world = asking()
    before = world.items.snapshot()
    with pytest.raises(NotFoundError):
        decide_many.decide(world.ports, Order("same", BY, (review_of(world, "k"), "x")))
    with pytest.raises(InvalidError):
        found(world, q="nonsense:1")
    assert world.items.snapshot() == before


def test_more_than_twenty_are_a_job_that_goes_on_where_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(decide_many, "IN_REQUEST", 1)
    world = asking()
    status, answer = many(world, "k", "w", "z")
    assert (status, answer["count"]) == (202, 3)
    time = iter([900_000, 0])
    work_jobs.work_job(world.ports, answer["job"], lambda: next(time))
    half = jobs.job(world.ports, answer["job"])
    assert (half.state, half.progress["done"]) == ("open", 1)
    assert listed(world) == ["w", "z"]
    work_jobs.work_job(world.ports, answer["job"], unlimited)
    done = jobs.job(world.ports, answer["job"])
    assert (done.state, set(done.result["outcomes"].values())) == ("done", {"decided"})
    world.work()
    settled(world)
