"""Relations as sources tell them: to which record, in which form, and which two are one."""

from typing import Any

import pytest

from chalicelib.domain.fields import identity
from chalicelib.domain.normalise import FieldRules, Normalised, normalise
from tests.unit.normalising import TODAY, read_field

BOSS = {"kind": "works_for", "source": "crm", "external_id": "C/7"}


def told(*relations: Any, source: str = "") -> Normalised:
    rules = FieldRules(source=source)
    return normalise({"relations": list(relations)}, whole=True, rules=rules, today=TODAY)


def test_a_relation_has_a_kind_a_record_and_what_is_said_beside() -> None:
    beside = {"role": " purchasing  manager ", "since": "1.3.2020", "until": "20261231"}
    tidy = {"role": "purchasing manager", "since": "2020-03-01", "until": "2026-12-31"}
    (found,) = told({**BOSS, "kind": "Works_For", "source": "CRM", **beside}).fields["relations"]
    assert found == {**BOSS, **tidy}


@pytest.mark.parametrize("source", [None, "", " "])
def test_a_source_that_names_no_other_means_its_own_records(source: str | None) -> None:
    found = told({**BOSS, "source": source}, source="shop").fields["relations"]
    assert found == [{**BOSS, "source": "shop"}]
    assert told(*found, source="erp").fields["relations"] == found


def test_where_no_source_tells_one_must_be_named() -> None:
    assert [(e.pointer, e.code) for e in told({**BOSS, "source": None}).errors] == [
        ("/relations/0", "required")
    ]


@pytest.mark.parametrize(
    ("part", "value", "code"),
    [
        ("kind", None, "required"),
        ("kind", "works for", "not_a_token"),
        ("source", "c r m", "not_a_source"),
        ("source", 7, "not_text"),
        ("external_id", None, "required"),
        ("external_id", 7, "bad_external_id"),
        ("external_id", " 7", "bad_external_id"),
        ("external_id", "7\t", "bad_external_id"),
        ("external_id", "ż" * 513, "bad_external_id"),
    ],
)
def test_a_relation_to_no_record_is_none(part: str, value: Any, code: str) -> None:
    assert read_field("relations", [BOSS | {part: value}]) == code


@pytest.mark.parametrize(
    ("beside", "at", "code"),
    [
        ({"role": "x" * 201}, "role", "too_long"),
        ({"since": "2020-02-30"}, "since", "not_a_date"),
        ({"since": "--02-20"}, "since", "not_a_date"),
        ({"since": "2020-02-02", "until": "2020-02-01"}, "until", "out_of_range"),
        ({"boss": True}, "boss", "unknown_field"),
    ],
)
def test_what_is_wrong_beside_it_is_left_out(beside: Any, at: str, code: str) -> None:
    found = told({**BOSS, **beside})
    assert [(e.pointer, e.code) for e in found.errors] == [(f"/relations/0/{at}", code)]
    (kept,) = found.fields["relations"]
    assert kept == {n: v for n, v in {**BOSS, **beside}.items() if n != at}


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({"role": "owner"}, True),
        ({"since": "2020-01-01", "until": "2021-01-01"}, True),
        ({"kind": "advises"}, False),
        ({"source": "erp"}, False),
        ({"external_id": "c/7"}, False),
    ],
)
def test_two_relations_are_one_if_kind_and_record_are(other: Any, same: bool) -> None:
    assert (identity(BOSS) == identity(BOSS | other)) is same
    assert len(told(BOSS, BOSS | other).fields["relations"]) == (1 if same else 2)
