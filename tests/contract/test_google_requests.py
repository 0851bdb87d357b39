"""The stand-in and Google's own document: what either takes, and what both refuse."""

from typing import Any

import pytest

from tests.standins import specs
from tests.unit.standins.asking import request
from tests.unit.standins.google_broken import BROKEN, SOURCED
from tests.unit.standins.test_google import Account

pytestmark = pytest.mark.where_obtainable
FULL = {
    "names": [{"givenName": "Anna", "familyName": "Lis"}],
    "emailAddresses": [{"value": "a@example.com", "type": "work"}],
    "phoneNumbers": [{"value": "+48601000111", "type": "mobile"}],
    "birthdays": [{"date": {"year": 1980, "month": 2, "day": 29}}],
    "addresses": [{"streetAddress": "Prosta 1", "city": "Łódź", "countryCode": "PL"}],
    "organizations": [{"name": "Lis", "title": "CEO", "startDate": {"year": 2020}}],
    "externalIds": [{"type": "kartoteka", "value": "c1"}],
    "clientData": [{"key": "kartoteka", "value": "c1"}],
    "memberships": [
        {"contactGroupMembership": {"contactGroupResourceName": "contactGroups/myContacts"}}
    ],
}
UPDATE = "/v1/people/c1001:updateContact?updatePersonFields=names,birthdays"
BATCH = {"contacts": {"people/c1001": SOURCED}, "updateMask": "names", "readMask": "names"}
SOUND: list[tuple[str, str, Any]] = [
    ("GET", "/v1/people/me/connections?personFields=names,metadata&requestSyncToken=true", None),
    (
        "GET",
        "/v1/people/me/connections?personFields=names&pageSize=1&sortOrder=LAST_NAME_ASCENDING",
        None,
    ),
    ("GET", "/v1/people/c1001?personFields=names,metadata&sources=READ_SOURCE_TYPE_CONTACT", None),
    (
        "GET",
        "/v1/people:batchGet?personFields=names&resourceNames=people/c1001&resourceNames=people/c9",
        None,
    ),
    ("GET", "/v1/people:searchContacts?query=&readMask=names&pageSize=30", None),
    ("POST", "/v1/people:createContact?personFields=names,metadata", FULL),
    ("PATCH", f"{UPDATE}&personFields=names,birthdays", {**SOURCED, **FULL}),
    ("DELETE", "/v1/people/c1001:deleteContact", None),
    (
        "POST",
        "/v1/people:batchCreateContacts",
        {"contacts": [{"contactPerson": FULL}], "readMask": "names"},
    ),
    ("POST", "/v1/people:batchUpdateContacts", BATCH),
    ("GET", "/v1/contactGroups?pageSize=30&groupFields=name,groupType", None),
    ("POST", "/v1/contactGroups", {"contactGroup": {"name": "klient"}}),
    ("POST", "/v1/people:batchDeleteContacts", {"resourceNames": ["people/c1001"]}),
]


@pytest.mark.parametrize(("method", "url", "body"), SOUND, ids=range(len(SOUND)))
def test_a_sound_request_and_its_answer_are_googles(method: str, url: str, body: Any) -> None:
    spec = specs.read("google-people.v1.discovery.json")
    account = Account()
    account.google.create(names=[{"givenName": "Anna"}], phoneNumbers=[{"value": "+48601000222"}])
    called = request(method, url, body, account.token)
    replied = account.google.answer(called)
    assert (replied.status, account.google.broken) == (200, [])
    assert spec.faults(called) == []
    assert spec.answer_faults(called, replied) == []


def test_what_breaks_googles_document_is_among_what_the_stand_in_refuses() -> None:
    """The other broken requests break what the document tells in words only."""
    spec = specs.read("google-people.v1.discovery.json")
    assert sum(bool(spec.faults(request(*each))) for each in BROKEN) == 24
