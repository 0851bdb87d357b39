"""Bad records in a good call, by their row in the table of bad inputs.

The whole table goes in one call to a source that refuses invalid values, and in one to a
source that drops them: each record is judged by itself.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from infra.client import Api, envelope
from tests.app.conftest import LocalCloud
from tests.app.problems import CANARY, check_silent
from tests.app.speaking import Json, Source, now, settle
from tests.app.tables import scan

Register = Callable[..., Source]
KEPT = "Zachowana"


@dataclass(frozen=True)
class Bad:
    """A record with one thing wrong; the pointer and the code that name it."""

    row: int
    pointer: str
    code: str
    fields: Json = field(default_factory=dict)


def email(address: str, code: str) -> Bad:
    return Bad(35, "/emails/0", code, {"emails": [address]})


def birth(given: str, code: str = "not_a_date") -> Bad:
    return Bad(39, "/birth_date", code, {"birth_date": given})


FRAME = [
    *(
        Bad(34, "/external_id", "bad_external_id", {"external_id": given})
        for given in (None, "", 7, 1.0, "x" * 1025, " x", "a\nb")
    ),
    Bad(42, "/occurred_at", "time_ahead", {"occurred_at": "9999-01-01T00:00:00Z"}),
    Bad(42, "/occurred_at", "bad_time", {"occurred_at": "2026-01-01T00:00:00"}),
    Bad(42, "/occurred_at", "bad_time", {"occurred_at": 1_767_225_600}),
    Bad(42, "/occurred_at", "bad_time", {"occurred_at": None}),
    Bad(42, "/sequence", "bad_sequence", {"sequence": -1}),
    *(
        Bad(41, f"/{name}", "unknown_field", {name: CANARY})
        for name in ("__proto__", "constructor", "$set", "pk", "ver", "merged_into", "status", "id")
    ),
]
VALUES = [
    email("a@b", "not_an_email"),
    email("a@@b.pl", "not_an_email"),
    email('"x y"@d.pl', "not_an_email"),
    email("a" * 250 + "@b.pl", "not_an_email"),
    email("a@[127.0.0.1]", "not_an_email"),
    email("a@b.pl\r\nBcc: c@d.pl", "not_an_email"),
    Bad(36, "/phones/0", "not_a_phone", {"phones": ["12"]}),
    Bad(37, "/given_name", "too_long", {"given_name": "x" * 10_001}),
    Bad(37, "/given_name", "too_long", {"given_name": "a" + "\u0301" * 10_000}),
    Bad(37, "/given_name", "invisible", {"given_name": "\u200b\u200d"}),
    birth("0000-00-00", "placeholder"),
    *(birth(given) for given in ("2023-02-30", "1900-02-29")),
    birth("1850-01-01", "out_of_range"),
    birth("9999-01-01", "out_of_range"),
    Bad(40, "/roles/0", "not_a_choice", {"roles": ["king"]}),
    Bad(40, "/tags", "not_a_list", {"tags": "vip"}),
    Bad(40, "/given_name", "not_text", {"given_name": {"a": 1}}),
]
HARMLESS = [
    *("null", "None", "undefined", "O'Brien", "<script>alert(1)</script>", "{{7*7}}"),
    *("${jndi:ldap://x}", "'; DROP TABLE contacts; --", "=cmd()", "👩‍👩‍👧", "Jan # Kowalski"),
]


def records(cases: list[Bad]) -> list[Json]:
    """One record for each case, with one field that is right."""
    right = {"occurred_at": now(), "family_name": KEPT}
    return [right | {"external_id": f"e-{n}"} | bad.fields for n, bad in enumerate(cases)]


def name_of(bad: Bad | int) -> str:
    return f"{bad.row}: {bad.pointer} {bad.code}" if isinstance(bad, Bad) else str(bad)


@pytest.fixture(scope="module")
def refused(source: Register, cloud: LocalCloud, api: Api) -> list[Json]:
    """What a source that refuses hears of all cases; only the call itself may be stored."""
    strict = source("strict", invalid_field="refuse")
    settle(api)
    before = scan(cloud)
    results = strict.call(*records(FRAME + VALUES))
    after = {key: row for key, row in scan(cloud).items() if not key[1].startswith("B#")}
    assert after == {key: row for key, row in before.items() if not key[1].startswith("B#")}
    return results


@pytest.mark.parametrize(("n", "bad"), list(enumerate(FRAME + VALUES)), ids=name_of)
def test_a_bad_record_is_refused_by_name(refused: list[Json], n: int, bad: Bad) -> None:
    result = refused[n]
    assert (result["outcome"], result["contact_id"]) == ("refused", None)
    faults = [(error["pointer"], error["code"]) for error in result["errors"]]
    assert (bad.pointer, bad.code) in faults, faults
    check_silent(str(result["errors"]))


def test_by_default_a_bad_value_costs_the_field_and_not_the_record(
    source: Register, api: Api
) -> None:
    results = source("mild").call(*records(VALUES))
    for bad, result in zip(VALUES, results, strict=True):
        assert result["outcome"] == "created"
        assert result["errors"][0]["code"] == bad.code
        found = api.get(f"/v1/contacts/{result['contact_id']}")
        ((name, _),) = bad.fields.items()
        assert found["family_name"] == KEPT
        assert not found[name] or name == "tags"
    settle(api)


def test_what_only_looks_dangerous_is_stored_as_it_is(source: Register, api: Api) -> None:
    told = [
        {"external_id": f"h#{n}", "occurred_at": now(), "full_name": name}
        for n, name in enumerate(HARMLESS)
    ]
    results = source("odd").call(*told)
    assert {r["outcome"] for r in results} == {"created"}
    found = [api.get(f"/v1/contacts/{r['contact_id']}") for r in results]
    assert [contact["full_name"] for contact in found] == HARMLESS
    assert [contact["records"][0]["external_id"] for contact in found] == [
        r["external_id"] for r in told
    ]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("\u202eKowalski", "Kowalski"),
        ("Jan\u200b\tKowalski", "Jan Kowalski"),
        ("Z\u0301ro\u0301dlo", "Źródlo"),
    ],
)
def test_what_cannot_be_seen_in_a_name_is_not_kept(
    source: Register, api: Api, given: str, kept: str
) -> None:
    contact = source("odd").tell("e-1", full_name=given)
    assert api.get(f"/v1/contacts/{contact}")["full_name"] == kept


def test_an_international_address_is_kept_in_its_normal_form(source: Register, api: Api) -> None:
    contact = source("odd").tell("e-1", emails=["Użytkownik@Żółw.PL"])
    (kept,) = api.get(f"/v1/contacts/{contact}")["emails"]
    assert kept["address"] == "użytkownik@żółw.pl"


def test_a_refusal_stays_one_when_the_call_is_repeated(source: Register) -> None:
    strict = source("strict", invalid_field="refuse")
    body, name = envelope("contact.upserted", records(VALUES[:3])), uuid.uuid4().hex
    answers: list[Any] = [strict.post(body, name).json() for _ in range(2)]
    assert answers[0] == answers[1]
