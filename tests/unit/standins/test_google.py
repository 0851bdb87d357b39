"""Google Contacts as the documents tell it."""

from datetime import timedelta
from typing import Any

import pytest

from tests.standins.base import Replied
from tests.standins.common.failing import Lost
from tests.standins.google import GooglePeople

from .asking import error, query, renewal, request
from .calling import Clock
from .google_broken import BROKEN

MASK = "names,emailAddresses,metadata"
ANNA = {"names": [{"givenName": "Anna", "familyName": "Lis"}]}
LIST = {"personFields": MASK, "requestSyncToken": "true"}


class Account:
    """A stand-in with a clock and a token that lives."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.google = GooglePeople(self.clock)
        self.token = self.google.grant.issue()

    def ask(self, method: str, path: str, body: Any = None, **parameters: str) -> Replied:
        url = query(f"/v1/{path}", **parameters)
        return self.google.answer(request(method, url, body, self.token))

    def listed(self, **parameters: str) -> Any:
        replied = self.ask("GET", "people/me/connections", **{**LIST, **parameters})
        assert replied.status == 200, replied.body
        return replied.body

    def update(self, person: Any, mask: str, **fields: Any) -> Replied:
        body = {"metadata": person["metadata"], **fields}
        path = f"{person['resourceName']}:updateContact"
        return self.ask("PATCH", path, body, updatePersonFields=mask, personFields=MASK)

    def get(self, name: str) -> Any:
        return self.ask("GET", name, personFields=MASK).body


@pytest.fixture
def account() -> Account:
    return Account()


def test_a_created_contact_is_shown_as_google_keeps_it(account: Account) -> None:
    body = {**ANNA, "phoneNumbers": [{"value": " +48 601-000-111 "}]}
    person = account.ask("POST", "people:createContact", body).body
    assert person["resourceName"] == "people/c1001"
    assert person["names"][0]["displayName"] == "Anna Lis"
    assert person["phoneNumbers"][0]["canonicalForm"] == "+48601000111"
    group = person["memberships"][0]["contactGroupMembership"]["contactGroupResourceName"]
    assert group == "contactGroups/myContacts"
    assert "phoneNumbers" not in account.get("people/c1001")
    assert account.google.broken == []


def test_only_the_fields_of_the_mask_are_replaced_and_those_not_given_are_cleared(
    account: Account,
) -> None:
    name = account.google.create(**ANNA, emailAddresses=[{"value": "a@example.com"}])
    body = {"emailAddresses": [], "names": [{"givenName": "Ewa"}]}
    assert account.update(account.get(name), "emailAddresses", **body).status == 200
    fields = account.google.records[name]
    assert "emailAddresses" not in fields
    assert fields["names"] == ANNA["names"]


def test_an_etag_that_is_not_the_latest_is_refused(account: Account) -> None:
    name = account.google.create(**ANNA)
    stale = account.get(name)
    account.google.edit(name, names=[{"givenName": "Ewa"}])
    assert error(account.update(stale, "names", **ANNA)) == (400, "FAILED_PRECONDITION")
    first = account.update(account.get(name), "names", **ANNA)
    assert account.update(first.body, "names", **ANNA).status == 200
    assert account.google.broken == []


def test_a_sync_sees_writes_some_minutes_later(account: Account) -> None:
    account.google.create(**ANNA)
    full = account.listed()
    assert full["connections"] == []
    assert len(account.ask("GET", "people/me/connections", personFields=MASK).body["connections"])
    account.clock.on(minutes=3)
    changed = account.listed(syncToken=full["nextSyncToken"])
    assert [each["resourceName"] for each in changed["connections"]] == ["people/c1001"]
    again = account.listed(syncToken=changed["nextSyncToken"])
    assert again["connections"] == []


def test_a_sync_tells_of_deleted_merged_and_renamed_contacts(account: Account) -> None:
    first, second, third = (account.google.create(**ANNA) for _ in range(3))
    account.clock.on(minutes=3)
    token = account.listed()["nextSyncToken"]
    account.google.merge(first, second)
    renamed = account.google.rename(third)
    account.clock.on(minutes=3)
    told = {
        p["resourceName"]: p["metadata"] for p in account.listed(syncToken=token)["connections"]
    }
    assert set(told) == {first, second, renamed}
    assert told[second]["deleted"] is True
    assert told[renamed]["previousResourceNames"] == [third]
    assert account.get(third)["resourceName"] == renamed
    assert account.ask("GET", second, personFields=MASK).status == 404


def test_a_sync_token_dies_seven_days_after_the_full_sync(account: Account) -> None:
    token = account.listed()["nextSyncToken"]
    account.clock.on(days=6)
    account.token = account.google.grant.issue()
    token = account.listed(syncToken=token)["nextSyncToken"]
    account.clock.on(days=1)
    account.token = account.google.grant.issue()
    replied = account.ask("GET", "people/me/connections", **LIST, syncToken=token)
    assert error(replied) == (400, "FAILED_PRECONDITION")
    assert replied.body["error"]["details"][0]["reason"] == "EXPIRED_SYNC_TOKEN"


def test_a_list_comes_in_pages_and_its_parameters_stay(account: Account) -> None:
    names = [account.google.create(**ANNA) for _ in range(5)]
    account.clock.on(minutes=3)
    page = account.listed(pageSize="2")
    seen = list(page["connections"])
    account.google.create(**ANNA)
    while "nextPageToken" in page:
        assert "nextSyncToken" not in page
        page = account.listed(pageSize="2", pageToken=page["nextPageToken"])
        seen += page["connections"]
    assert [each["resourceName"] for each in seen] == names
    other = account.ask(
        "GET", "people/me/connections", personFields="names", syncToken=page["nextSyncToken"]
    )
    assert error(other) == (400, "INVALID_ARGUMENT")


def test_full_syncs_and_calls_have_their_quotas(account: Account) -> None:
    for _ in range(10):
        account.listed()
    refused = account.ask("GET", "people/me/connections", **LIST)
    assert error(refused) == (429, "RESOURCE_EXHAUSTED")
    account.clock.on(minutes=1)
    account.listed()
    account.google.writes.limit = 1
    account.ask("POST", "people:createContact", ANNA)
    assert account.ask("POST", "people:createContact", ANNA).status == 429


def test_a_search_finds_only_what_the_warm_up_saw(account: Account) -> None:
    name = account.google.create(**ANNA)
    account.clock.on(minutes=3)
    search = {"readMask": "names", "pageSize": "30"}
    assert account.ask("GET", "people:searchContacts", query="lis", **search).body["results"] == []
    account.ask("GET", "people:searchContacts", query="", **search)
    (hit,) = account.ask("GET", "people:searchContacts", query="LIS", **search).body["results"]
    assert hit["person"]["resourceName"] == name
    assert account.ask("GET", "people:searchContacts", query="is", **search).body["results"] == []


def test_labels_are_made_once_and_given_to_contacts(account: Account) -> None:
    made = account.ask("POST", "contactGroups", {"contactGroup": {"name": "klient"}}).body
    again = account.ask("POST", "contactGroups", {"contactGroup": {"name": "Klient"}})
    assert error(again) == (409, "ALREADY_EXISTS")
    page = account.ask("GET", "contactGroups", pageSize="2").body
    rest = account.ask("GET", "contactGroups", pageSize="2", pageToken=page["nextPageToken"]).body
    assert [each["name"] for each in rest["contactGroups"]] == ["klient"]
    member = {"contactGroupMembership": {"contactGroupResourceName": made["resourceName"]}}
    person = account.get(account.google.create(**ANNA))
    assert account.update(person, "memberships", memberships=[member]).status == 200
    assert account.google.records["people/c1001"]["memberships"] == [member]


def test_many_are_read_and_written_at_once(account: Account) -> None:
    body = {"contacts": [{"contactPerson": ANNA}] * 3, "readMask": MASK}
    made = account.ask("POST", "people:batchCreateContacts", body).body["createdPeople"]
    people = {each["person"]["resourceName"]: each["person"] for each in made}
    first, second, third = people
    url = f"/v1/people:batchGet?personFields={MASK}&resourceNames={first}&resourceNames=people/c9"
    told = account.google.answer(request("GET", url, token=account.token)).body["responses"]
    assert [each["httpStatusCode"] for each in told] == [200, 404]
    stale = people[second]
    account.google.edit(second, names=[{"givenName": "Ewa"}])
    batch = {"contacts": {first: people[first], second: stale}, "readMask": ""}
    batch["updateMask"] = "names"
    refused = account.ask("POST", "people:batchUpdateContacts", batch)
    assert error(refused) == (400, "FAILED_PRECONDITION")
    batch["contacts"] = {third: {**people[third], "names": [{"givenName": "Ola"}]}}
    assert account.ask("POST", "people:batchUpdateContacts", batch).body == {}
    gone = {"resourceNames": [first, third]}
    assert account.ask("POST", "people:batchDeleteContacts", gone).body == {}
    assert set(account.google.records) == {second}
    assert account.google.broken == []


def test_mutations_come_one_after_the_other(account: Account) -> None:
    account.google.slow = timedelta(seconds=1)
    assert account.ask("POST", "people:createContact", ANNA).status == 200
    assert error(account.ask("POST", "people:createContact", ANNA)) == (409, "ABORTED")
    assert len(account.google.broken) == 1
    account.clock.on(seconds=1)
    assert account.ask("POST", "people:createContact", ANNA).status == 200


def test_a_token_lives_an_hour_and_is_renewed(account: Account) -> None:
    account.clock.on(hours=1)
    refused = account.ask("GET", "people/me/connections", **LIST)
    assert error(refused) == (401, "UNAUTHENTICATED")
    renewed = account.google.answer(request("POST", "/token", renewal())).body
    account.token = renewed["access_token"]
    account.listed()
    account.google.grant.revoke()
    again = account.google.answer(request("POST", "/token", renewal()))
    assert error(again) == (400, "invalid_grant")
    other = account.google.answer(request("POST", "/token", renewal(client_secret="x")))
    assert error(other) == (401, "invalid_client")
    assert account.google.broken == []


def test_an_answer_that_is_lost_has_had_its_effect(account: Account) -> None:
    account.google.fail_next(503)
    assert error(account.ask("POST", "people:createContact", ANNA)) == (503, "UNAVAILABLE")
    account.google.fail_next(503, after=True)
    with pytest.raises(Lost):
        account.ask("POST", "people:createContact", ANNA)
    assert len(account.google.records) == 1


@pytest.mark.parametrize(("method", "url", "body"), BROKEN, ids=range(len(BROKEN)))
def test_a_broken_request_is_refused_and_noted(
    account: Account, method: str, url: str, body: Any
) -> None:
    account.google.create(**ANNA)
    before = account.google.records
    replied = account.google.answer(request(method, url, body, account.token))
    assert replied.status in (400, 404), replied.body
    assert len(account.google.broken) == 1
    assert account.google.records == before
