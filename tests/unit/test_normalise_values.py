"""Names, dates, identifiers, choices, consents: what becomes of each, or its refusal."""

from typing import Any

import pytest

from chalicelib.domain.normalise import FieldRules, normalise
from tests.unit.normalising import TODAY, read_field


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("  Jan \t Maria\u00a0", "Jan Maria"),
        ("Z\u0307elazny", "Żelazny"),
        ("Ja\u200bn\ufeff", "Jan"),
        ("\u202eJan\u202c", "Jan"),
        ("Jan\x07\x1b[31m", "Jan[31m"),
        ("👩\u200d🚀 Anna", "👩\u200d🚀 Anna"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("Ja\u200dn", "Jan"),
        ("\u1ec5\u200d中", "\u1ec5中"),
        ("null", "null"),
        ("None", "None"),
        ("O'Brien", "O'Brien"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("{{7*7}} ${jndi:ldap://x}", "{{7*7}} ${jndi:ldap://x}"),
        ("'; DROP TABLE x", "'; DROP TABLE x"),
        ("=cmd()", "=cmd()"),
        ("x" * 200, "x" * 200),
        ("   ", None),
        ("\u200b\u200d\u202e", "invisible"),
        ("\u200d\u200d\u200d", "invisible"),
        ("\u3164", "invisible"),
        ("\u0301\ufe0f", "invisible"),
        ("x" * 201, "too_long"),
        ("Z" + "\u0335" * 10_000, "too_long"),
        (7, "not_text"),
        (True, "not_text"),
        (["Jan"], "not_text"),
        ({"x": "Jan"}, "not_text"),
    ],
)
def test_a_name_is_kept_as_given_but_for_what_cannot_be_seen(given: Any, name: str | None) -> None:
    assert read_field("given_name", given) == name


@pytest.mark.parametrize(
    ("given", "born"),
    [
        ("1980-12-31", "1980-12-31"),
        ("19801231", "1980-12-31"),
        ("1980/12/31", "1980-12-31"),
        ("31.12.1980", "1980-12-31"),
        ("1.2.1980", "1980-02-01"),
        ("1980-12-31T00:00:00", "1980-12-31"),
        ("--12-31", "--12-31"),
        ("--1231", "--12-31"),
        ("--02-29", "--02-29"),
        ("2000-02-29", "2000-02-29"),
        ("1875-01-01", "1875-01-01"),
        ("2026-11-21", "2026-11-21"),
        ("2026-11-22", "out_of_range"),
        ("1874-12-31", "out_of_range"),
        ("1850-01-01", "out_of_range"),
        ("1900-01-01", "placeholder"),
        ("0000-00-00", "placeholder"),
        ("00000000", "placeholder"),
        ("0000-05-05", "not_a_date"),
        ("2023-02-30", "not_a_date"),
        ("1900-02-29", "not_a_date"),
        ("--02-30", "not_a_date"),
        ("12/31/1980", "not_a_date"),
        ("03/04/1980", "not_a_date"),
        ("1980-1231", "not_a_date"),
        ("31.12.80", "not_a_date"),
        ("1980-12-30T23:00:00Z", "not_a_date"),
        ("١٩٨٠-12-31", "not_a_date"),
        ("1980", "not_a_date"),
        (19801231, "not_text"),
    ],
)
def test_a_birth_date_is_a_day_that_someone_alive_may_be_born_on(given: Any, born: str) -> None:
    assert read_field("birth_date", given) == born


@pytest.mark.parametrize(
    ("kind", "given", "value"),
    [
        ("nip", "PL 526-025-02-74", "5260250274"),
        ("NIP", "5260250274", "5260250274"),
        ("regon", "012100784", "012100784"),
        ("pesel", "44051401458", "44051401458"),
        ("krs", "28860", "0000028860"),
        ("eu_vat", "DE 136 695 976", "DE136695976"),
        ("iban", "GB82 WEST 1234 5698 7654 32", "GB82WEST12345698765432"),
        ("loyalty_card", " A-17/x ", "A-17/x"),
        ("nip", "5260250275", "bad_identifier"),
        ("nip", "٥٢٦٠٢٥٠٢٧٤", "bad_identifier"),
        ("nip", "0000000000", "placeholder"),
        ("pesel", "44051401459", "bad_identifier"),
        ("krs", "0", "placeholder"),
        ("krs", "12345678901", "bad_identifier"),
        ("krs", "²", "bad_identifier"),
        ("iban", "PL" + "9" * 10_000, "too_long"),
        ("eu_vat", "XX123", "bad_identifier"),
        ("loyalty card", "1", "not_a_token"),
        ("x" * 41, "1", "not_a_token"),
        ("loyalty_card", "1" * 101, "too_long"),
        ("nip", None, "required"),
        (None, "5260250274", "required"),
        ("nip", 5260250274, "not_text"),
    ],
)
def test_an_identifier_has_its_check_digits_right(kind: Any, given: Any, value: str) -> None:
    found = read_field("identifiers", [{"kind": kind, "value": given}])
    assert (found if isinstance(found, str) else found[0]["value"]) == value


@pytest.mark.parametrize(
    ("field", "given", "value"),
    [
        ("kind", "Company", "company"),
        ("kind", "robot", "not_a_choice"),
        ("stage", " LEAD ", "lead"),
        ("stage", "hot", "not_a_choice"),
        ("preferred_channel", "SMS", "sms"),
        ("preferred_channel", "pigeon", "not_a_choice"),
        ("language", "pl-PL", "pl"),
        ("language", "UK", "uk"),
        ("language", "xx", "not_a_language"),
        ("roles", ["Customer", "customer", "SUPPLIER"], ["customer", "supplier"]),
        ("roles", "customer", "not_a_list"),
        ("tags", [" VIP ", "vip", "Święta\u200b 2026"], ["VIP", "Święta 2026"]),
        ("tags", ["x" * 101], "too_long"),
        ("interests", ["żagle", "ŻAGLE", None, ""], ["żagle"]),
        ("notes", [" one \r\n\r\n\u200b\ttwo  x\n"], ["one\n\ntwo x"]),
        ("notes", ["x" * 5001], "too_long"),
        ("organization", "Zażółć sp. z o.o.", "Zażółć sp. z o.o."),
        ("custom.size", 42, 42),
        ("custom.size", True, True),
        ("custom.size", False, False),
        ("custom.size", "x" * 1000, "x" * 1000),
        ("custom.size", "x" * 1001, "too_long"),
        ("custom.size", 12.0, 12),
        ("custom.size", 12.5, "12.5"),
        ("custom.size", 1e300, "1e+300"),
        ("custom.size", 2**53, "out_of_range"),
        ("custom.size", ["a"], "not_a_scalar"),
    ],
)
def test_the_other_fields_have_their_forms(field: str, given: Any, value: Any) -> None:
    assert read_field(field, given) == value
    assert type(read_field(field, given)) is type(value)


CONSENT = {
    "purpose": "Newsletter",
    "channel": "EMAIL",
    "status": "granted",
    "occurred_at": "2025-05-25T12:00:00+02:00",
    "proof": "form 7",
}


def test_a_consent_is_a_fact_with_its_time_in_utc() -> None:
    assert read_field("consents", [CONSENT]) == [
        {
            "purpose": "newsletter",
            "channel": "email",
            "status": "granted",
            "occurred_at": "2025-05-25T10:00:00.000000Z",
            "proof": "form 7",
        }
    ]


@pytest.mark.parametrize(
    ("part", "value", "code"),
    [
        ("purpose", None, "required"),
        ("channel", "pigeon", "not_a_choice"),
        ("status", "maybe", "not_a_choice"),
        ("occurred_at", None, "required"),
        ("occurred_at", "2025-05-25T12:00:00", "not_a_time"),
        ("occurred_at", "2025-05-25", "not_a_time"),
        ("occurred_at", "2025-02-30T12:00:00Z", "not_a_time"),
        ("occurred_at", "0001-01-01T00:00:00+14:00", "not_a_time"),
        ("occurred_at", "9999-12-31T23:59:59-14:00", "not_a_time"),
        ("occurred_at", "9999-01-01T00:00:00Z", "in_the_future"),
        ("occurred_at", 1748167200, "not_a_time"),
    ],
)
def test_a_consent_without_its_facts_is_none(part: str, value: Any, code: str) -> None:
    assert read_field("consents", [CONSENT | {part: value}]) == code


def test_a_consent_outlives_a_bad_proof() -> None:
    given = {"consents": [CONSENT | {"proof": "x" * 1001}]}
    told = normalise(given, whole=True, rules=FieldRules(), today=TODAY)
    assert told.fields["consents"][0]["status"] == "granted"
    assert [e.pointer for e in told.errors] == ["/consents/0/proof"]
