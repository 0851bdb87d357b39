"""Outlook's contacts as the documents of Microsoft Graph tell it."""

from typing import Any
from urllib.parse import urlencode

import pytest

from tests.standins.base import Called
from tests.standins.common.failing import Lost

from .asking import error, query, renewal, request
from .graph_account import ANNA, OWN, PAGED, Account
from .graph_broken import BROKEN, CONTACTS, DELTA, GET_ONE, batch


@pytest.fixture
def account() -> Account:
    return Account()


def test_a_created_contact_is_shown_as_exchange_keeps_it(account: Account) -> None:
    emails = [{"address": "a@example.com"}]
    body = {**ANNA, "emailAddresses": emails, "birthday": "1980-02-29T00:00:00Z"}
    contact = account.ask("POST", CONTACTS, body).body
    assert contact["displayName"] == "Anna Lis"
    assert contact["emailAddresses"] == [{"name": "a@example.com", "address": "a@example.com"}]
    assert contact["birthday"] == "1980-02-29T11:59:00Z"
    assert (contact["jobTitle"], contact["businessPhones"]) == (None, [])
    one = account.ask("GET", f"/v1.0/users/user-1/contacts/{contact['id']}?$select=surname").body
    assert one == {"@odata.etag": contact["@odata.etag"], "id": contact["id"], "surname": "Lis"}
    assert account.ask("GET", "/v1.0/users/user-2/contacts").status == 404
    assert account.graph.broken == []


def test_an_update_sets_what_is_named_and_may_overwrite_the_display_name(account: Account) -> None:
    id_ = account.graph.create(**ANNA, displayName="Ania", jobTitle="CEO", categories=["a"])
    account.ask("PATCH", f"{CONTACTS}/{id_}", {"jobTitle": None, "categories": ["b"]})
    assert account.graph.records[id_]["displayName"] == "Ania"
    assert account.graph.records[id_]["jobTitle"] is None
    assert account.graph.records[id_]["categories"] == ["b"]
    account.ask("PATCH", f"{CONTACTS}/{id_}", {"surname": "Kos"})
    assert account.graph.records[id_]["displayName"] == "Anna Kos"


def test_a_stale_etag_is_refused_where_it_is_named(account: Account) -> None:
    url = f"{CONTACTS}/{account.graph.create(**ANNA)}"
    stale = account.ask("GET", url).body["@odata.etag"]
    fresh = account.ask("PATCH", url, {"surname": "Kos"}, if_match=stale).body["@odata.etag"]
    assert account.ask("PATCH", url, {"surname": "Wit"}, if_match=stale).status == 412
    refused = account.ask("DELETE", url, if_match=stale)
    assert error(refused) == (412, "ErrorIrresolvableConflict")
    assert account.ask("PATCH", url, {"surname": "Wit"}).status == 200
    assert account.ask("DELETE", url, if_match=fresh).status == 412
    assert account.ask("DELETE", url).status == 204
    assert error(account.ask("DELETE", url)) == (404, "ErrorItemNotFound")


def test_contacts_are_found_by_email_and_by_an_own_id(account: Account) -> None:
    own = {"id": OWN, "value": "c'1"}
    account.graph.create(emailAddresses=[{"address": "A@example.com"}])
    id_ = account.graph.create(singleValueExtendedProperties=[own])
    wanted = {
        "emailAddresses/any(a:a/address eq 'a@example.com')": ["AAMk0001="],
        f"singleValueExtendedProperties/Any(e: e/id eq '{OWN}' and e/value eq 'c''1')": [id_],
    }
    for text, ids in wanted.items():
        found = account.ask("GET", query(CONTACTS, **{"$filter": text})).body["value"]
        assert [each["id"] for each in found] == ids
    expand = f"singleValueExtendedProperties($filter=id eq '{OWN}')"
    shown = account.ask("GET", query(f"{CONTACTS}/{id_}", **{"$expand": expand})).body
    assert shown["singleValueExtendedProperties"] == [own]
    assert "singleValueExtendedProperties" not in account.ask("GET", f"{CONTACTS}/{id_}").body


def test_a_list_comes_in_pages(account: Account) -> None:
    ids = [account.graph.create(**ANNA) for _ in range(5)]
    account.graph.base = "http://127.0.0.1:1"
    seen, url = [], f"{CONTACTS}?$top=2&$select=surname"
    while url:
        body = account.ask("GET", url).body
        seen += [each["id"] for each in body["value"]]
        url = body.get("@odata.nextLink", "")
        assert not url or url.startswith("http://127.0.0.1:1/v1.0/me/contacts?")
    assert seen == ids


def test_a_delta_tells_what_changed_since_the_last_round(account: Account) -> None:
    first, second, third = (account.graph.create(**ANNA) for _ in range(3))
    told, link = account.round(f"{DELTA}?$select=surname", **PAGED)
    assert [each["id"] for each in told] == [first, second, third]
    assert "givenName" not in told[0]
    account.graph.edit(first, surname="Kos")
    account.graph.delete(second)
    told, link = account.round(link, **PAGED)
    assert [(each["id"], each.get("surname")) for each in told] == [(first, "Kos"), (second, None)]
    assert told[1]["@removed"] == {"reason": "deleted"}
    assert account.round(link)[0] == []


def test_a_change_during_a_round_is_told_by_the_next_one(account: Account) -> None:
    first, second, third = (account.graph.create(**ANNA) for _ in range(3))
    page = account.ask("GET", DELTA, **PAGED).body
    account.graph.delete(third)
    told, link = account.round(page["@odata.nextLink"], **PAGED)
    assert [each["id"] for each in told] == [third]
    assert account.round(link)[0] == [{"id": third, "@removed": {"reason": "deleted"}}]


def test_a_lost_delta_begins_anew(account: Account) -> None:
    account.graph.create(**ANNA)
    _, link = account.round(DELTA)
    account.graph.deltas.forget()
    lost = account.ask("GET", link)
    assert error(lost) == (410, "SyncStateNotFound")
    told, link = account.round(lost.headers["Location"])
    assert len(told) == 1
    account.graph.deltas.life = account.graph.subscriptions.longest
    account.clock.on(days=3)
    account.token = account.graph.grant.issue()
    assert account.ask("GET", link).status == 410


def test_a_batch_answers_each_of_its_requests(account: Account) -> None:
    made = {"method": "POST", "url": "/me/contacts", "body": ANNA}
    typed = {"headers": {"Content-Type": "application/json"}}
    gone = {"id": "2", "method": "DELETE", "url": "/me/contacts/x"}
    body = batch({"id": "1", **made, **typed}, gone, {**GET_ONE, "id": "3", "dependsOn": ["2"]})
    told = {
        each["id"]: each for each in account.ask("POST", "/v1.0/$batch", body).body["responses"]
    }
    assert {id_: each["status"] for id_, each in told.items()} == {"1": 201, "2": 404, "3": 424}
    assert list(told) == ["3", "2", "1"]
    assert told["1"]["body"]["id"] in account.graph.records


def test_four_requests_of_a_batch_run_at_once(account: Account) -> None:
    many = [{**GET_ONE, "id": str(n)} for n in range(6)]
    told = account.ask("POST", "/v1.0/$batch", batch(*many)).body["responses"]
    refused = [each for each in told if each["status"] == 429]
    assert [each["id"] for each in refused] == ["5", "4"]
    assert refused[0]["headers"]["Retry-After"] == "1"
    row = [{**each, **({"dependsOn": [str(n - 1)]} if n else {})} for n, each in enumerate(many)]
    told = account.ask("POST", "/v1.0/$batch", batch(*row)).body["responses"]
    assert {each["status"] for each in told} == {200}
    assert account.graph.broken == []


def test_too_many_requests_wait_as_long_as_they_are_told(account: Account) -> None:
    account.graph.calls_left.limit = 2
    assert [account.ask("GET", CONTACTS).status for _ in range(3)] == [200, 200, 429]
    seconds = int(account.ask("GET", CONTACTS).headers["Retry-After"])
    account.clock.on(seconds=seconds)
    assert account.ask("GET", CONTACTS).status == 200


def test_a_refresh_token_is_replaced_at_each_renewal(account: Account) -> None:
    account.graph.grant.expire()
    assert error(account.ask("GET", CONTACTS)) == (401, "InvalidAuthenticationToken")
    url = "/common/oauth2/v2.0/token"
    told = account.graph.answer(request("POST", url, renewal(scope="Contacts.ReadWrite"))).body
    account.token = told["access_token"]
    assert account.ask("GET", CONTACTS).status == 200
    newer = renewal(refresh_token=told["refresh_token"])
    assert account.graph.answer(request("POST", url, newer)).status == 200
    account.graph.grant.revoke()
    assert error(account.graph.answer(request("POST", url, newer))) == (400, "invalid_grant")
    assert account.graph.broken == []


def test_an_app_comes_by_its_own_right_and_names_the_mailbox(account: Account) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": "client-1",
        "client_secret": "secret-1",
    }
    form["scope"] = "https://graph.microsoft.com/.default"
    told = account.graph.answer(ask_for(form)).body
    assert "refresh_token" not in told
    account.token = told["access_token"]
    assert account.ask("GET", CONTACTS.replace("me", "users/user-1")).status == 200
    assert account.graph.broken == []
    assert account.ask("GET", CONTACTS).status == 400
    assert account.graph.broken.pop()
    assert account.graph.answer(ask_for(form | {"client_secret": "x"})).status == 401


def ask_for(form: dict[str, str]) -> Called:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return Called.of("POST", "/t/oauth2/v2.0/token", headers, urlencode(form).encode())


def test_an_answer_that_is_lost_has_had_its_effect(account: Account) -> None:
    account.graph.fail_next(429)
    assert account.ask("POST", CONTACTS, ANNA).headers["Retry-After"] == "10"
    account.graph.fail_next(504, after=True)
    with pytest.raises(Lost):
        account.ask("POST", CONTACTS, ANNA)
    assert len(account.graph.records) == 1


@pytest.mark.parametrize(("method", "url", "body"), BROKEN, ids=range(len(BROKEN)))
def test_a_broken_request_is_refused_and_noted(
    account: Account, method: str, url: str, body: Any
) -> None:
    account.graph.create(**ANNA)
    before = account.graph.records
    assert account.ask(method, url, body).status in (400, 405)
    assert len(account.graph.broken) == 1
    assert account.graph.records == before


def test_a_body_must_say_that_it_is_json(account: Account) -> None:
    assert account.ask("POST", CONTACTS, urlencode(ANNA).encode()).status == 400
    assert account.graph.broken
