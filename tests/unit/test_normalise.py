"""A record as a whole: what is read, cleared, dropped, named or refused."""

from typing import Any

import pytest

from chalicelib.domain.errors import InvalidError
from chalicelib.domain.fields import CUSTOM, FIELDS, NAME_FIELDS, field_of
from chalicelib.domain.normalise import FieldRules, Normalised, normalise
from tests.unit.normalising import TODAY


def read(given: Any, *, whole: bool = True, **rules: Any) -> Normalised:
    return normalise(given, whole=whole, rules=FieldRules(**rules), today=TODAY)


def refusal(given: Any, **options: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidError) as caught:
        read(given, **options)
    return [(e.pointer, e.code) for e in caught.value.errors]


def test_one_number_written_in_many_ways_is_one_number() -> None:
    given = ["600 100 200", {"number": "+48600100200", "label": "home"}, "0048 600-100-200"]
    assert read({"phones": given}).fields == {"phones": [{"number": "+48600100200"}]}


def test_an_invalid_element_leaves_the_others_in_their_order() -> None:
    told = read({"emails": ["b@x.pl", "bad", {"address": "a@x.pl", "label": " work "}]})
    assert told.fields["emails"] == [{"address": "b@x.pl"}, {"address": "a@x.pl", "label": "work"}]
    assert [(e.pointer, e.code) for e in told.errors] == [("/emails/1", "not_an_email")]


def test_no_error_repeats_the_value() -> None:
    given = {
        "emails": ["SECRET@x"],
        "phones": ["SECRET"],
        "birth_date": "SECRET",
        "stage": "SECRET",
        "identifiers": [{"kind": "nip", "value": "SECRET"}, {"kind": "SE CRET", "value": "1"}],
        "addresses": [{"city": "x", "country": "SECRET"}],
        "language": "SECRET",
        "consents": [{"purpose": "p", "channel": "SECRET", "status": "granted"}],
    }
    told = read(given)
    assert len(told.errors) == 9
    assert "SECRET" not in "".join(e.pointer + e.code + e.detail for e in told.errors).upper()


EMPTY: list[Any] = [None, "", "  ", [], {}, [None, ""], [{"address": ""}]]


@pytest.mark.parametrize("value", EMPTY)
def test_an_empty_value_is_absent_from_a_whole_record(value: Any) -> None:
    assert read({"emails": value, "custom": {"x": value}}) == Normalised({}, [], [])


@pytest.mark.parametrize("value", EMPTY)
def test_an_empty_value_clears_the_field_in_a_patch(value: Any) -> None:
    told = read({"emails": value, "custom": {"x": value}}, whole=False)
    assert told == Normalised({"emails": None, "custom.x": None}, [], [])


def test_an_invalid_value_clears_nothing() -> None:
    told = read({"emails": ["bad"], "birth_date": "bad"}, whole=False)
    assert told.fields == {}
    assert [e.pointer for e in told.errors] == ["/emails/0", "/birth_date"]


def test_custom_fields_stand_under_their_full_names() -> None:
    told = read({"custom": {"size": 42, "club": False, "bad": [1]}, "custom.colour": "red"})
    assert told.fields == {"custom.size": 42, "custom.club": False, "custom.colour": "red"}
    assert [(e.pointer, e.code) for e in told.errors] == [("/custom/bad", "not_a_scalar")]


def test_an_empty_custom_object_says_nothing() -> None:
    assert read({"custom": None}) == read({"custom": []}) == Normalised({}, [], [])
    assert read({"custom": {}}, whole=False) == Normalised({}, [], [])


@pytest.mark.parametrize(("custom", "whole"), [("x", True), ([1], True), (None, False)])
def test_custom_must_be_an_object(custom: Any, whole: bool) -> None:
    assert refusal({"custom": custom}, whole=whole) == [("/custom", "unknown_field")]


HOSTILE = ["__proto__", "constructor", "$where", "pk", "sk", "rev", "version", "status", "id"]
HOSTILE += ["merged_into", "records", "provenance", "external_id", "", "custom.", "a/b", "Emails"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_is_no_field_refuses_the_record(name: str) -> None:
    assert refusal({"given_name": "Jan", name: "x"}) == [
        (f"/{name.replace('/', '~1').replace('custom.', 'custom/')}", "unknown_field")
    ]


@pytest.mark.parametrize("name", HOSTILE)
def test_with_an_allow_list_such_a_name_is_dropped(name: str) -> None:
    told = read({"given_name": "Jan", name: "x"}, allowed=frozenset({"given_name", name}))
    assert told == Normalised({"given_name": "Jan"}, [], [name])


def test_all_unknown_names_are_named() -> None:
    given = {"zzz": 1, "aaa": None, "custom": {"Bad": 1, "x" * 41: 1}}
    assert refusal(given) == [
        ("/aaa", "unknown_field"),
        ("/custom/Bad", "unknown_field"),
        ("/custom/" + "x" * 41, "unknown_field"),
        ("/zzz", "unknown_field"),
    ]


def test_a_flood_of_unknown_names_is_cut() -> None:
    errors = refusal({f"{n}{'x' * 500}": 1 for n in range(300)})
    assert len(errors) == 100
    assert max(len(pointer) for pointer, _ in errors) == 65


def test_what_a_source_may_not_tell_is_dropped_unread() -> None:
    given = {"emails": ["bad"], "given_name": "Jan", "custom": {"a": 1, "b": 2}, "pk": "x"}
    told = read(given, allowed=frozenset({"given_name", "custom.a"}))
    assert told == Normalised(
        {"given_name": "Jan", "custom.a": 1}, [], ["custom.b", "emails", "pk"]
    )
    assert read(given, allowed=frozenset({"custom"})).fields == {"custom.a": 1, "custom.b": 2}


def test_a_strict_source_has_the_record_refused() -> None:
    assert refusal({"given_name": "Jan", "birth_date": "2023-02-30"}, invalid="refuse") == [
        ("/birth_date", "not_a_date")
    ]


def test_a_list_is_read_up_to_its_limit() -> None:
    told = read({"tags": [f"t{n}" for n in range(101)], "interests": [f"i{n}" for n in range(51)]})
    assert (len(told.fields["tags"]), len(told.fields["interests"])) == (100, 50)
    assert [(e.pointer, e.code) for e in told.errors] == [
        ("/tags", "too_many"),
        ("/interests", "too_many"),
    ]


DEEP: Any = "x"
for _ in range(5000):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ([], "", "not_an_object"),
        ("x", "", "not_an_object"),
        (None, "", "not_an_object"),
        ({"given_name": "a\x00"}, "/given_name", "bad_text"),
        ({"given_name": "\ud800"}, "/given_name", "bad_text"),
        ({"emails": [{"address": "a@b.pl\ufffe"}]}, "/emails/0/address", "bad_text"),
        ({"unknown": {"\udfff": 1}}, "/unknown", "bad_text"),
        ({"tags": DEEP}, "/tags" + "/0" * 10, "too_deep"),
        ({"custom": {"x": float("nan")}}, "/custom/x", "out_of_range"),
        ({"custom": {"x": float("inf")}}, "/custom/x", "out_of_range"),
        ({"custom": {"x": 10**5000}}, "/custom/x", "out_of_range"),
        ({"custom": {"x": {1, 2}}}, "/custom/x", "not_json"),
        ({"notes": ["ż" * 160_000]}, "", "too_large"),
    ],
)
def test_a_record_that_cannot_be_read_is_refused(given: Any, pointer: str, code: str) -> None:
    assert refusal(given, allowed=frozenset({"given_name"})) == [(pointer, code)]


def test_the_table_of_fields_is_whole() -> None:
    assert set(NAME_FIELDS) < FIELDS.keys()
    assert all(name == field.name and field.label for name, field in FIELDS.items())
    assert field_of("custom.shoe_size") is CUSTOM
    assert field_of("custom") is field_of("custom.Size") is field_of("pk") is None
