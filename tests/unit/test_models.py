"""Models as people write them: read strictly, stored for ever, in force by one row."""

from typing import Any

import pytest

from chalicelib.domain.errors import ConflictError, InvalidError, NotFoundError
from chalicelib.domain.matching import MODEL
from chalicelib.domain.model_forms import checked, patched, shown
from chalicelib.flow.ruling import activate, models, rehearse
from tests.support.world import World

ME = "key:1"


def whole(**changes: Any) -> dict[str, Any]:
    """The bundled model's JSON without its version, with some parts replaced."""
    return {n: v for n, v in shown(MODEL).items() if n != "version"} | changes


def without(part: str) -> dict[str, Any]:
    return {n: v for n, v in whole().items() if n != part}


def test_the_bundled_model_is_a_valid_model() -> None:
    assert checked(MODEL.version, whole()) == MODEL


FAULTS: list[tuple[str, dict[str, Any], str, str]] = [
    ("a part is missing", without("same"), "/same", "missing"),
    ("a part is unknown", whole(extra=1), "/extra", "unknown_field"),
    ("the version stands in the body", whole(version="9"), "/version", "unknown_field"),
    ("a threshold is a text", whole(same="800"), "/same", "int_type"),
    ("a threshold is a fraction", whole(same=800.5), "/same", "int_type"),
    ("a threshold is a truth", whole(same=True), "/same", "int_type"),
    ("the thresholds are crossed", whole(same=1, unsure=2), "/unsure", "out_of_range"),
    ("too many records to gather", whole(most=91), "/most", "out_of_range"),
    ("weights are no table", whole(weights=[]), "/weights", "dict_type"),
    (
        "points are a text",
        whole(weights={"phones": {"both": {"same": "9"}}}),
        "/weights/phones/both/same",
        "int_type",
    ),
    (
        "points are out of range",
        whole(weights={"phones": {"both": {"same": 100_001}}}),
        "/weights/phones/both/same",
        "out_of_range",
    ),
    (
        "a field is misspelt",
        whole(weights={"phone": {"both": {"same": 9}}}),
        "/weights/phone/both",
        "unknown_field",
    ),
    (
        "a column is misspelt",
        whole(weights={"phones": {"bath": {"same": 9}}}),
        "/weights/phones/bath",
        "unknown_column",
    ),
    (
        "a level is misspelt",
        whole(weights={"phones": {"both": {"some": 9}}}),
        "/weights/phones/both/some",
        "unknown_level",
    ),
    (
        "a proof names no field",
        whole(proofs=[{"needs": {}, "unless": {}}]),
        "/proofs/0",
        "bad_proof",
    ),
    (
        "a proof names an unknown level",
        whole(proofs=[{"needs": {"emails": ["sane"]}, "unless": {}}]),
        "/proofs/0/needs/emails/sane",
        "unknown_level",
    ),
    (
        "steps do not rise",
        whole(spreads={"emails": [[5, "same"], [2, "same_two"], [None, "crowded"]]}),
        "/spreads/emails",
        "bad_steps",
    ),
    ("steps have an end", whole(spreads={"emails": [[5, "same"]]}), "/spreads/emails", "bad_steps"),
]


@pytest.mark.parametrize(
    ("given", "at", "code"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS]
)
def test_a_fault_is_named_where_it_stands(given: dict[str, Any], at: str, code: str) -> None:
    with pytest.raises(InvalidError) as refused:
        checked("a", given)
    assert (at, code) in [(fault.pointer, fault.code) for fault in refused.value.errors]


MERGES: list[tuple[Any, Any, Any]] = [
    ({"a": 1, "b": 2}, {"a": 3}, {"a": 3, "b": 2}),
    ({"a": {"b": 1, "c": 2}}, {"a": {"b": 3}}, {"a": {"b": 3, "c": 2}}),
    ({"a": {"b": 1, "c": 2}}, {"a": {"b": None}}, {"a": {"c": 2}}),
    ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
    ({"a": 1}, {"b": {"c": 1, "d": None}}, {"a": 1, "b": {"c": 1}}),
]


@pytest.mark.parametrize(("base", "changes", "made"), MERGES)
def test_a_change_is_a_json_merge_patch(base: Any, changes: Any, made: Any) -> None:
    assert patched(base, changes) == made


def test_a_model_that_is_stored_never_changes() -> None:
    ports = World().ports
    stored, new = models.store(ports, "3", whole(same=900), ME)
    assert new and stored.same == 900
    assert models.store(ports, "3", whole(same=900), ME) == (stored, False)
    assert models.change(ports, "3", MODEL.version, {"same": 900}, ME) == (stored, False)
    with pytest.raises(ConflictError, match="never changes"):
        models.store(ports, "3", whole(same=901), ME)
    assert models.MODELS.named(ports, "3") == stored


def test_the_bundled_version_cannot_be_overwritten() -> None:
    ports = World().ports
    assert models.store(ports, MODEL.version, whole(), ME)[1] is False
    with pytest.raises(ConflictError):
        models.store(ports, MODEL.version, whole(same=MODEL.same + 1), ME)
    assert models.MODELS.named(ports, MODEL.version) == MODEL


def test_a_change_of_an_unknown_model_is_no_model() -> None:
    with pytest.raises(NotFoundError):
        models.change(World().ports, "3", "2.9", {"same": 900}, ME)


def test_the_bundled_model_is_listed_first_and_in_force() -> None:
    ports = World().ports
    models.store(ports, "1-mild", whole(about="milder"), ME)
    first, second = models.MODELS.listed(ports, "", None, 10)["items"]
    assert (first["version"], first["active"], first["bundled"]) == (MODEL.version, True, True)
    assert (second["version"], second["active"], second["about"]) == ("1-mild", False, "milder")


def test_two_installations_may_know_different_models_under_one_version() -> None:
    worlds = [World(), World()]
    for world, same in zip(worlds, (900, 901), strict=True):
        models.store(world.ports, "3", whole(same=same), ME)
        job = rehearse.rehearse(world.ports, "3")
        world.drain("jobs")
        activate.activate(world.ports, "3", job.id)
    assert [models.active(world.ports).same for world in worlds] == [900, 901]


def test_what_is_in_force_is_one_read() -> None:
    world = World()
    read: list[Any] = []
    get = world.items.get
    world.items.get = lambda key: read.append(key) or get(key)
    assert models.active(world.ports) is MODEL
    assert len(read) == 1
