"""The HubSpot stand-in behaves as HubSpot's documents say."""

from datetime import timedelta
from typing import Any

import pytest

from tests.standins.base import Replied
from tests.standins.common.failing import Lost
from tests.standins.hubspot import HubSpot

from .calling import Clock, ask

BASE = "/crm/objects/2026-03/contacts"
KEY = {"Authorization": "Bearer pat-1"}
NAMES: dict[str, Any] = {"properties": ["email", "kartoteka_id"], "propertiesWithHistory": []}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hubspot(clock: Clock) -> HubSpot:
    return HubSpot(clock)


def call(hubspot: HubSpot, method: str, path: str, body: Any = None) -> Replied:
    return ask(hubspot, method, path if path.startswith("/c") else BASE + path, body, KEY)


def item(own: str, trace: str | None = None, **properties: str) -> dict[str, Any]:
    traced = {"objectWriteTraceId": trace} if trace else {}
    return {"id": own, "idProperty": "kartoteka_id", "properties": properties, **traced}


def upsert(hubspot: HubSpot, *items: dict[str, Any]) -> Replied:
    return call(hubspot, "POST", "/batch/upsert", {"inputs": list(items)})


def told(hubspot: HubSpot) -> list[dict[str, Any]]:
    return [event for called in hubspot.events() for event in called.json()]


def test_an_upsert_makes_and_updates_and_answers_in_an_order_of_its_own(hubspot: HubSpot) -> None:
    made = upsert(hubspot, item("k1", email="  Ada@Example.ORG "), item("k2", firstname="Jan"))
    assert made.status == 200
    assert [(record["id"], record["new"]) for record in made.body["results"]] == [
        ("102", True),
        ("101", True),
    ]
    again = upsert(hubspot, item("k1", firstname="Ada"))
    assert again.body["results"][0]["new"] is False
    assert hubspot.records["101"] == {
        "email": "ada@example.org",
        "kartoteka_id": "k1",
        "firstname": "Ada",
    }
    assert not hubspot.broken


def test_with_traces_one_item_fails_and_without_them_all(hubspot: HubSpot) -> None:
    hubspot.create(email="ada@example.org")
    good, bad = {"firstname": "Jan"}, {"email": "ADA@example.org"}
    mixed = upsert(hubspot, item("k1", "t1", **good), item("k2", "t2", **bad))
    assert mixed.status == 207 and mixed.body["numErrors"] == 1
    assert mixed.body["results"][0]["objectWriteTraceId"] == "t1"
    error = mixed.body["errors"][0]
    assert error["category"] == "CONFLICT"
    assert error["context"] == {"existingId": ["101"], "objectWriteTraceId": ["t2"]}
    assert upsert(hubspot, item("k3", **good), item("k4", **bad)).status == 409
    assert {own.get("kartoteka_id") for own in hubspot.records.values()} == {None, "k1"}


def test_reads_of_many_name_the_missing(hubspot: HubSpot) -> None:
    id = hubspot.create(email="ada@example.org", kartoteka_id="k1")
    whole = call(hubspot, "POST", "/batch/read", {"inputs": [{"id": id}], **NAMES})
    assert whole.status == 200
    assert whole.body["results"][0]["properties"]["kartoteka_id"] == "k1"
    part = call(hubspot, "POST", "/batch/read", {"inputs": [{"id": id}, {"id": "9"}], **NAMES})
    assert part.status == 207 and part.body["errors"][0]["context"] == {"ids": ["9"]}
    by = {"idProperty": "kartoteka_id", "inputs": [{"id": "k1"}], **NAMES}
    assert call(hubspot, "POST", "/batch/read", by).body["results"][0]["id"] == id


def test_single_records_are_made_written_cleared_and_read(hubspot: HubSpot) -> None:
    body = {"properties": {"email": "ada@example.org", "phone": "1", "kartoteka_id": "k1"}}
    assert call(hubspot, "POST", "", body).status == 201
    twice = call(hubspot, "POST", "", body)
    assert twice.status == 409 and "Existing ID: 101" in twice.body["message"]
    patch = {"properties": {"phone": ""}}
    assert call(hubspot, "PATCH", "/k1?idProperty=kartoteka_id", patch).status == 200
    got = call(hubspot, "GET", "/101?properties=email,phone").body["properties"]
    assert (got["email"], got["phone"]) == ("ada@example.org", None)
    assert call(hubspot, "GET", "/77").body["category"] == "OBJECT_NOT_FOUND"


def test_an_archived_contact_is_hidden_until_it_is_restored(hubspot: HubSpot) -> None:
    id = hubspot.create(firstname="Ada")
    assert call(hubspot, "POST", "/batch/archive", {"inputs": [{"id": id}]}).status == 204
    assert call(hubspot, "GET", f"/{id}").status == 404
    assert call(hubspot, "PATCH", f"/{id}", {"properties": {"phone": "1"}}).status == 404
    assert call(hubspot, "GET", f"/{id}?archived=true").body["archived"] is True
    hubspot.restore(id)
    assert call(hubspot, "GET", f"/{id}").status == 200
    kinds = [event["subscriptionType"] for event in told(hubspot)]
    assert kinds[-2:] == ["contact.deletion", "contact.restore"]


def test_a_merge_makes_a_new_id_to_which_the_old_ones_lead(hubspot: HubSpot) -> None:
    kept = hubspot.create(email="a@example.org", firstname="Ada", kartoteka_id="k1")
    gone = hubspot.create(email="b@example.org", phone="1", kartoteka_id="k2")
    told(hubspot)
    new = hubspot.merge(kept, gone)
    assert new not in (kept, gone)
    assert [call(hubspot, "GET", f"/{id}").body["id"] for id in (kept, gone)] == [new, new]
    assert hubspot.records[new] == {
        "email": "a@example.org",
        "firstname": "Ada",
        "phone": "1",
        "kartoteka_id": "k1",
        "hs_additional_emails": "b@example.org",
    }
    [event] = told(hubspot)
    assert event["newObjectId"] == int(new) and event["mergedObjectIds"] == [int(gone)]
    both = {"inputs": [{"id": kept}, {"id": gone}], **NAMES}
    assert len(call(hubspot, "POST", "/batch/read", both).body["results"]) == 1
    assert upsert(hubspot, item("k2", email="b@example.org")).status == 409


def test_what_privacy_deleted_never_comes_back(hubspot: HubSpot) -> None:
    hubspot.create(email="ada@example.org")
    body = {"objectId": "ada@example.org", "idProperty": "email"}
    assert call(hubspot, "POST", "/gdpr-delete", body).status == 204
    assert told(hubspot)[-1]["subscriptionType"] == "contact.privacyDeletion"
    assert call(hubspot, "POST", "", {"properties": {"email": "ADA@example.org"}}).status == 400


def test_a_list_goes_by_pages(hubspot: HubSpot) -> None:
    ids = [hubspot.create(firstname=f"n{at}") for at in range(5)]
    first = call(hubspot, "GET", "?limit=3").body
    after = first["paging"]["next"]["after"]
    rest = call(hubspot, "GET", f"?limit=3&after={after}").body
    assert [record["id"] for record in first["results"] + rest["results"]] == ids
    assert "paging" not in rest


def test_a_search_lags_and_pages_and_ends_at_ten_thousand(hubspot: HubSpot, clock: Clock) -> None:
    hubspot.create(email="ada@example.org")
    since = {"propertyName": "lastmodifieddate", "operator": "GTE", "value": "1700000000000"}
    sorts = [{"propertyName": "lastmodifieddate", "direction": "ASCENDING"}]
    body = {"filterGroups": [{"filters": [since]}], "sorts": sorts, "limit": 1}
    assert call(hubspot, "POST", "/search", body).body["total"] == 0
    clock.on(seconds=5)
    hubspot.create(email="jan@example.org")
    clock.on(seconds=5)
    page = call(hubspot, "POST", "/search", body)
    assert page.body["total"] == 2 and page.body["paging"]["next"]["after"] == "1"
    assert not page.headers
    assert call(hubspot, "POST", "/search", {**body, "after": "10000"}).status == 400
    assert not hubspot.broken


def test_limits_are_counted_on_the_clock(clock: Clock) -> None:
    hubspot = HubSpot(clock, ten_seconds=2, day=4)
    assert [call(hubspot, "GET", "").status for _ in range(3)] == [200, 200, 429]
    clock.on(seconds=10)
    assert call(hubspot, "GET", "").headers["X-HubSpot-RateLimit-Remaining"] == "1"
    clock.on(seconds=10)
    spent = call(hubspot, "GET", "")
    assert spent.status == 429 and spent.body["policyName"] == "DAILY"
    clock.on(days=1)
    assert call(hubspot, "GET", "").status == 200


def test_searches_have_a_limit_of_their_own(clock: Clock) -> None:
    hubspot = HubSpot(clock, searches_a_second=1)
    body: dict[str, Any] = {"filterGroups": []}
    assert [call(hubspot, "POST", "/search", body).status for _ in range(2)] == [200, 429]
    assert call(hubspot, "GET", "").status == 200


def test_a_token_ages_and_is_renewed(hubspot: HubSpot, clock: Clock) -> None:
    form = {
        "grant_type": "refresh_token",
        "client_id": "client-id",
        "client_secret": "client-secret",
        "refresh_token": "refresh-1",
    }
    made = ask(hubspot, "POST", "/oauth/v1/token", form=form).body
    key = {"Authorization": f"Bearer {made['access_token']}"}
    assert ask(hubspot, "GET", BASE, headers=key).status == 200
    clock.on(seconds=made["expires_in"])
    late = ask(hubspot, "GET", BASE, headers=key)
    assert (late.status, late.body["category"]) == (401, "EXPIRED_AUTHENTICATION")
    assert ask(hubspot, "GET", BASE).body["category"] == "INVALID_AUTHENTICATION"
    wrong = ask(hubspot, "POST", "/oauth/v1/token", form={**form, "refresh_token": "other"})
    assert wrong.status == 400
    hubspot.expire()
    assert call(hubspot, "GET", "").status == 401


def test_a_static_list_names_who_is_missing(hubspot: HubSpot) -> None:
    id, on = hubspot.create(firstname="Ada"), "/crm/v3/lists/7/memberships"
    added = call(hubspot, "PUT", f"{on}/add", [id, "999"]).body
    assert (added["recordsIdsAdded"], added["recordIdsMissing"]) == ([id], ["999"])
    assert [entry["recordId"] for entry in call(hubspot, "GET", on).body["results"]] == [id]
    change = {"recordIdsToAdd": [], "recordIdsToRemove": [id]}
    assert call(hubspot, "PUT", f"{on}/add-and-remove", change).body["recordIdsRemoved"] == [id]
    assert call(hubspot, "PUT", "/crm/v3/lists/8/memberships/add", [id]).status == 404


def test_calls_fail_as_a_test_orders(hubspot: HubSpot) -> None:
    hubspot.fail_next(502, times=2)
    assert [call(hubspot, "GET", "").status for _ in range(3)] == [502, 502, 200]
    hubspot.fail_next(504, after=True, on="upsert")
    assert call(hubspot, "GET", "").status == 200
    with pytest.raises(Lost):
        upsert(hubspot, item("k1", firstname="Ada"))
    assert len(hubspot.records) == 1
    hubspot.outage, hubspot.slow = 503, timedelta(seconds=30)
    assert call(hubspot, "GET", "").status == 503
