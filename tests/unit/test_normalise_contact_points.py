"""Telephone numbers, e-mail and postal addresses: what becomes of each, or its refusal."""

from typing import Any

import pytest

from chalicelib.domain.normalise import FieldRules, normalise
from tests.unit.normalising import TODAY, read_field


@pytest.mark.parametrize(
    ("given", "number"),
    [
        ("600 100 200", "+48600100200"),
        ("+48600100200", "+48600100200"),
        ("0048 600-100-200", "+48600100200"),
        ("48600100200", "+48600100200"),
        ("tel. 600.100.200", "+48600100200"),
        ("\u202a+48 600\u00a0100\u00a0200\u202c", "+48600100200"),
        ("６００１００２００", "+48600100200"),
        ("(022) 826 10 22", "+48228261022"),
        ("(0-22) 826-10-22", "+48228261022"),
        ("0-22 826 10 22", "+48228261022"),
        ("+48 (0) 22 826 10 22", "+48228261022"),
        ("22 826 10 22 wew. 5", "+48228261022"),
        ("22 826 10 22 w.12", "+48228261022"),
        ("600 100 200 ext. 5", "+48600100200"),
        ("+39 06 698 1234", "+39066981234"),
        ("+380 44 123 4567", "+380441234567"),
    ],
)
def test_a_telephone_number_becomes_e164(given: str, number: str) -> None:
    assert read_field("phones", [given]) == [{"number": number}]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("000-000-000", "placeholder"),
        ("999 999 999", "placeholder"),
        ("123 456 789", "placeholder"),
        ("+48 123 456 78", "not_a_phone"),
        ("112", "not_a_phone"),
        ("826 102 dom", "not_a_phone"),
        ("600100200;600100201", "not_a_phone"),
        ("600100200, 600100201", "not_a_phone"),
        ("brak", "not_a_phone"),
        ("9" * 50, "not_a_phone"),
        ("9" * 10_000, "too_long"),
        (600100200, "not_an_object"),
        ({"number": 600100200}, "not_text"),
        ({"number": None, "label": "home"}, "required"),
        ({}, None),
    ],
)
def test_what_nobody_can_call_is_no_telephone_number(given: Any, code: str | None) -> None:
    assert read_field("phones", [given]) == code


def test_a_national_number_is_read_in_the_country_of_the_source() -> None:
    assert read_field("phones", ["030 901820"], "DE") == [{"number": "+4930901820"}]
    assert read_field("phones", ["600 100 200"], "ZZ") == "not_a_phone"


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("Jan.Kowalski+X@Example.COM", "jan.kowalski+x@example.com"),
        (" jan@kowalski.pl\r\n", "jan@kowalski.pl"),
        ("jan@kowalski\u200b.pl", "jan@kowalski.pl"),
        ("użytkownik@ŻÓŁW.pl", "użytkownik@żółw.pl"),
        ("a@xn--w-uga1v8h.pl", "a@żółw.pl"),
        ("jan@crm.test", "jan@crm.test"),
    ],
)
def test_an_email_address_is_in_small_letters(given: str, address: str) -> None:
    assert read_field("emails", [given]) == [{"address": address}]


@pytest.mark.parametrize(
    "given",
    [
        "a@b",
        "a@@b.pl",
        "@b.pl",
        "a b@c.pl",
        '"x y"@d.pl',
        "a@[127.0.0.1]",
        "a@b.pl\r\nBcc: c@d.pl",
        "Jan <jan@b.pl>",
        "jan@printer.local",
        "x" * 65 + "@b.pl",
        "a@" + "b." * 130 + "pl",
        "brak",
    ],
)
def test_what_no_server_would_take_is_no_email_address(given: str) -> None:
    assert read_field("emails", [given]) == "not_an_email"


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({"postal_code": "00950"}, {"postal_code": "00-950"}),
        (
            {"postal_code": "00 950", "country": "Polska"},
            {"country": "PL", "postal_code": "00-950"},
        ),
        ({"postal_code": "10115", "country": "DEU"}, {"country": "DE", "postal_code": "10115"}),
        (
            {"postal_code": "sw1a 1aa", "country": "UK"},
            {"country": "GB", "postal_code": "SW1A 1AA"},
        ),
        ({"postal_code": "2602"}, {"postal_code": "2602"}),
        ({"postal_code": "\ufb01\u0301"}, {"postal_code": "F\u00cd"}),
        ({"city": " Kraków ", "label": "home"}, {"city": "Kraków", "label": "home"}),
        ({"city": "Łódź", "street": None}, {"city": "Łódź"}),
    ],
)
def test_an_address_is_made_uniform(given: dict[str, Any], address: dict[str, str]) -> None:
    assert read_field("addresses", [given]) == [address]


@pytest.mark.parametrize(
    ("given", "rest", "pointer", "code"),
    [
        ({"city": "Łódź", "country": "Utopia"}, {"city": "Łódź"}, "country", "not_a_country"),
        (
            {"country": "PL", "postal_code": "1234"},
            {"country": "PL"},
            "postal_code",
            "not_a_postal_code",
        ),
        (
            {"postal_code": "10115", "country": "Nemcy"},
            {"postal_code": "10115"},
            "country",
            "not_a_country",
        ),
        ({"city": "Łódź", "__proto__": "x"}, {"city": "Łódź"}, "__proto__", "unknown_field"),
        ({"city": "Łódź", "a/b~": "x"}, {"city": "Łódź"}, "a~1b~0", "unknown_field"),
    ],
)
def test_an_invalid_part_leaves_the_rest_of_its_address(
    given: dict[str, Any], rest: dict[str, str], pointer: str, code: str
) -> None:
    told = normalise({"addresses": [given]}, whole=True, rules=FieldRules(), today=TODAY)
    assert told.fields == {"addresses": [rest]}
    assert [(e.pointer, e.code) for e in told.errors] == [(f"/addresses/0/{pointer}", code)]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("pl", "PL"),
        ("POL", "PL"),
        ("polska", "PL"),
        ("Poland", "PL"),
        ("Wielka Brytania", "GB"),
        ("el", "GR"),
        ("Włochy", "IT"),
        ("XX", "not_a_country"),
        ("United", "not_a_country"),
    ],
)
def test_a_country_is_known_by_code_and_by_name(given: str, code: str) -> None:
    found = read_field("addresses", [{"city": "x", "country": given}])
    assert (found if isinstance(found, str) else found[0]["country"]) == code


def test_a_label_alone_is_no_address() -> None:
    assert read_field("addresses", [{"label": "home"}]) == "required"
