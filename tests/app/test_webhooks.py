"""The webhook on the deployed app: what became of each record, and whom it listens to."""

import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest
from boto3.dynamodb.conditions import Key

from infra.client import Api, envelope, signed
from tests.app.conftest import LocalCloud
from tests.app.speaking import Json, Source, record

Register = Callable[..., Source]
FIRST, SECOND, THIRD = (f"2026-01-0{day}T10:00:00Z" for day in (1, 2, 3))
WANDA = {"given_name": "Wanda", "family_name": "Rutkiewicz"}


def outcome(source: Source, at: str, event: str = "contact.upserted", /, **fields: Any) -> Json:
    (result,) = source.call(record("w-1", **fields) | {"occurred_at": at}, event=event)
    return result


def test_each_record_is_answered_with_what_became_of_it(source: Register) -> None:
    crm = source()
    created = outcome(crm, FIRST, **WANDA)
    contact = created["contact_id"]
    expected = {"external_id": "w-1", "contact_id": contact, "errors": []}
    assert created == expected | {"outcome": "created"}
    assert contact
    assert outcome(crm, SECOND, **WANDA) == expected | {"outcome": "unchanged"}
    assert outcome(crm, THIRD, **WANDA, stage="lead") == expected | {"outcome": "updated"}
    late = outcome(crm, SECOND, given_name="Late")
    assert late == expected | {"outcome": "late", "reason": "older"}
    gone = outcome(crm, "2026-01-04T10:00:00Z", "contact.deleted")
    assert gone == expected | {"outcome": "deleted"}
    refused = outcome(crm, "yesterday", **WANDA)
    assert refused["outcome"] == "refused"
    assert (refused["external_id"], refused["contact_id"]) == ("w-1", None)
    assert [(e["pointer"], e["code"]) for e in refused["errors"]] == [("/occurred_at", "bad_time")]


def test_the_answer_is_json_of_that_one_shape_and_not_cached(source: Register) -> None:
    answer = source().post(envelope("contact.upserted", [record("w-2", **WANDA)]))
    assert answer.status_code == 202
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert set(answer.json()) == {"results"}


def test_one_record_may_stand_without_a_list(source: Register) -> None:
    body = envelope("contact.upserted", [record("w-3", **WANDA)])
    (result,) = source().post(body.replace(b"[", b"").replace(b"]", b"")).json()["results"]
    assert (result["external_id"], result["outcome"]) == ("w-3", "created")


def test_a_hundred_records_are_answered_in_their_order(source: Register) -> None:
    told = [record(f"n-{n}", full_name=f"Numer {n}") for n in range(100)]
    results = source().call(*told)
    assert [r["external_id"] for r in results] == [r["external_id"] for r in told]
    assert {r["outcome"] for r in results} == {"created"}
    assert len({r["contact_id"] for r in results}) == 100


def test_a_patch_changes_its_fields_alone_and_null_clears_one(source: Register, api: Api) -> None:
    crm = source()
    contact = crm.tell("w-4", **WANDA, stage="lead", job_title="Alpinist")
    crm.tell("w-4", "contact.patched", stage="customer", job_title=None)
    found = api.get(f"/v1/contacts/{contact}")
    assert {n: found[n] for n in WANDA} == WANDA
    assert (found["stage"], found["job_title"]) == ("customer", None)


def test_values_are_normalised_and_what_was_received_stays_readable(
    source: Register, api: Api
) -> None:
    told = {"emails": ["Wanda@KANGCZENDZONGA.pl"], "phones": ["600 111 222"], "tags": ["Góry"]}
    crm = source()
    contact = crm.tell("w-5", **WANDA, **told, birth_date="1943-02-04")
    found = api.get(f"/v1/contacts/{contact}")
    assert found["emails"] == [{"address": "wanda@kangczendzonga.pl"}]
    assert found["phones"] == [{"number": "+48600111222"}]
    assert sorted(found["tags"]) == sorted(["Góry", crm.id])
    (evidence,) = api.items(f"/v1/contacts/{contact}/records")
    assert evidence["received"][0]["fields"] == WANDA | told | {"birth_date": "1943-02-04"}


def test_an_allow_list_drops_what_is_not_on_it_and_says_so(source: Register, api: Api) -> None:
    crm = source(allowed_fields=["given_name", "family_name", "custom"])
    (result,) = crm.call(
        record("w-6", **WANDA, notes=["not wanted"], shoe_size=38, custom={"club": "KW"})
    )
    assert (result["outcome"], result["dropped"]) == ("created", ["notes", "shoe_size"])
    found = api.get(f"/v1/contacts/{result['contact_id']}")
    assert (found["notes"], found["custom"]) == ([], {"club": "KW"})
    assert found["family_name"] == "Rutkiewicz"


def test_without_an_allow_list_unknown_fields_are_refused_by_their_names(source: Register) -> None:
    (result,) = source().call(record("w-7", **WANDA, shoe_size=38, hat="red"))
    assert result["outcome"] == "refused"
    faults = {(e["pointer"], e["code"]) for e in result["errors"]}
    assert faults == {("/shoe_size", "unknown_field"), ("/hat", "unknown_field")}


@pytest.mark.parametrize(("policy", "expected"), [("drop", "created"), ("refuse", "refused")])
def test_an_invalid_value_costs_the_field_or_the_record(
    source: Register, policy: str, expected: str
) -> None:
    crm = source(invalid_field=policy)
    (result,) = crm.call(record("w-8", **WANDA, birth_date="2023-02-30"))
    assert result["outcome"] == expected
    assert [e["pointer"] for e in result["errors"]] == ["/birth_date"]


def test_a_bad_record_is_refused_among_the_good_ones(source: Register) -> None:
    told = [record(f"g-{n}", full_name=f"Dobry {n}") for n in range(10)]
    told[4] = {"external_id": "g-4"}
    outcomes = [r["outcome"] for r in source().call(*told)]
    assert outcomes == ["created"] * 4 + ["refused"] + ["created"] * 5


def test_the_same_call_again_gets_the_same_answer_and_changes_nothing(
    source: Register, cloud: LocalCloud
) -> None:
    crm = source()
    body = envelope("contact.upserted", [record("w-9", **WANDA), {"external_id": "bad"}])
    first = crm.post(body, "call-1")
    before = versions_of(cloud, first.json())
    assert [crm.post(body, "call-1").json() for _ in range(2)] == [first.json()] * 2
    assert versions_of(cloud, first.json()) == before == 1
    other = crm.post(envelope("contact.upserted", [record("w-10", **WANDA)]), "call-1")
    assert other.status_code == 409
    assert other.json()["type"] == "urn:kartoteka:problem:id_reused"


def versions_of(cloud: LocalCloud, answer: Mapping[str, Any]) -> int:
    """How many versions the contacts of an answer have in all."""
    ids = {r["contact_id"] for r in answer["results"]} - {None}
    table = cloud.table("versions")  # a scan would end with the first megabyte
    found = (table.query(KeyConditionExpression=Key("pk").eq(i), ConsistentRead=True) for i in ids)
    return sum(page["Count"] for page in found)


def test_after_a_rotation_both_secrets_are_valid(source: Register, api: Api) -> None:
    crm = source()
    old = crm.secret
    new = api.rotate(f"/v1/sources/{crm.id}")
    assert new != old
    for secret in (old, new):
        crm.secret = secret
        assert crm.post(envelope("contact.upserted", [record("w-11", **WANDA)])).is_success


def test_a_disabled_source_is_not_heard_until_it_is_enabled(source: Register, api: Api) -> None:
    crm = source()
    settings = {"name": "crm", "kind": "generic"}
    body = envelope("contact.upserted", [record("w-12", **WANDA)])
    api.put(f"/v1/sources/{crm.id}", settings | {"enabled": False})
    assert crm.post(body).status_code == 401
    api.put(f"/v1/sources/{crm.id}", settings)
    assert crm.post(body).status_code == 202


def test_a_secret_is_shown_once_and_stands_in_no_table_and_no_environment(
    source: Register, api: Api, cloud: LocalCloud
) -> None:
    crm = source()
    path = f"/v1/sources/{crm.id}"
    assert crm.secret.startswith("whsec_")
    assert "secret" not in api.put(path, {"name": "again", "kind": "generic"})
    shown = [api.get(path), *api.get("/v1/sources")["items"]]
    tables = [cloud.table(name).scan()["Items"] for name in ("registry", "contacts")]
    functions = cloud.client("lambda").list_functions()["Functions"]
    assert functions
    kept = f"{shown} {tables} {[f['Environment'] for f in functions]}"
    assert crm.secret not in kept
    assert crm.secret.removeprefix("whsec_") not in kept


def test_a_source_without_its_own_clock_is_ordered_by_its_calls(
    source: Register, api: Api, http: httpx.Client
) -> None:
    sheet = source(clock="receipt")
    moments = {int(time.time()): "Nowa", int(time.time()) - 60: "Stara"}
    for moment, name in moments.items():
        body = envelope("contact.upserted", [{"external_id": "s-1", "family_name": name}])
        headers = signed(sheet.secret, uuid.uuid4().hex, body, moment)
        (result,) = http.post(f"/v1/hooks/{sheet.id}", content=body, headers=headers).json()[
            "results"
        ]
    assert result["outcome"] == "late"
    assert api.get(f"/v1/contacts/{result['contact_id']}")["family_name"] == "Nowa"
