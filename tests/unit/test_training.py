"""Weights learned from labels and from people's answers."""

import json
import math
from pathlib import Path

import pytest

from chalicelib.domain.matching import Model
from chalicelib.flow.merging import unmerge
from chalicelib.flow.reading import lists
from chalicelib.flow.reviewing import desk, review
from infra.matching.estimate import Example, estimate
from infra.matching.labels import Labelled
from infra.matching.train import model_of, written
from tests.support.scenes import judged
from tests.support.state import read
from tests.support.world import World

JAN = {"given_name": "Jan", "family_name": "Zawadelczak", "birth_date": "1961-02-03"}


def examples(level: str, same: int, other: int) -> list[Example]:
    levels = (("names", "both"), ("phones", level))
    return [Example(levels, True)] * same + [Example(levels, False)] * other


def test_a_level_weighs_its_log_odds_in_hundredths_of_a_bit() -> None:
    told = examples("same", 8_000, 1_000) + examples("different", 1_000, 8_000)
    weights = estimate(told, strength=100)
    gap = weights["phones"]["both"]["same"] - weights["phones"]["both"]["different"]
    assert gap == pytest.approx(100 * math.log2(64), abs=5)


def test_a_column_with_few_examples_leans_on_all_of_them() -> None:
    few = [Example((("names", "given"), ("phones", "same")), False)]
    other = [Example((("names", "given"), ("phones", "different")), False)]
    told = examples("same", 900, 100) + examples("different", 100, 900) + few + other
    given = estimate(told, strength=1)["phones"]["given"]
    assert given["same"] > given["different"]


def test_a_trained_model_is_a_whole_model_and_more_bearers_never_prove_more() -> None:
    told = examples("same", 500, 100) + examples("same_two", 550, 50) + examples("different", 9, 90)
    model = model_of(estimate(told, strength=1))
    phones = Model.of({"version": "x", **json.loads(written(model))}).weights["phones"]["both"]
    assert phones["same"] >= phones["same_two"] >= phones["crowded"]


def test_labelled_records_teach_who_is_who(tmp_path: Path) -> None:
    rows = ["id,given_name,family_name,email", "1,Jan,Wrona,jw@wp.pl", "2,Jan,Wrona,jw@wp.pl"]
    (tmp_path / "people.csv").write_text("\n".join(rows), encoding="utf-8")
    truth = "id,entity_id\n1,E1\n2,E1\n"
    (tmp_path / "people.truth.csv").write_text(truth, encoding="utf-8")
    found = list(Labelled(tmp_path / "people.csv").examples())
    assert found and all(example.same for example in found)
    assert dict(found[0].levels)["emails"] == "same"


def answered(world: World) -> list[dict[str, object]]:
    return list(lists.judgements(world.ports, None, 10)["items"])


def test_an_answered_question_can_be_learned_from() -> None:
    world = World()
    world.source("crm", automatic_merge=False)
    world.call(
        "crm", [{"external_id": n, "occurred_at": "2026-01-01T00:00:00Z", **JAN} for n in "12"]
    )
    world.work()
    assert answered(world) == []
    (question,) = desk.reviews(world.ports, None, 10)["items"]
    review.answer(world.ports, question["id"], review.Answer("same", "key:ann"))
    (item,) = answered(world)
    assert (item["verdict"], item["answered_by"]) == ("same", "key:ann")
    assert item["reasons"] == question["reasons"]


def test_a_merge_that_a_person_undid_can_be_learned_from() -> None:
    world = World()
    world.source("crm")
    world.call(
        "crm", [{"external_id": n, "occurred_at": "2026-01-01T00:00:00Z", **JAN} for n in "12"]
    )
    world.work()
    merged = judged(read(world.items.snapshot()), "same", "model")
    unmerge.undo(world.ports, merged, "key:ann")
    assert [item["verdict"] for item in answered(world)] == ["different"]
