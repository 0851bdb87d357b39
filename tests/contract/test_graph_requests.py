"""The stand-in and Microsoft's own documents: what either takes, and what both refuse.

The OpenAPI document is of 2021 and knows neither `/me`, nor delta, nor `$batch`; it answers an
update with 204. Names of properties are therefore held against today's types as well.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.standins import specs
from tests.standins.base import Replied
from tests.standins.graph.fields import EMPTY
from tests.unit.standins.asking import query, request
from tests.unit.standins.graph_account import OWN, Account
from tests.unit.standins.graph_broken import BROKEN, SUBSCRIPTION

pytestmark = pytest.mark.where_obtainable
CONTACTS = "/v1.0/users/user-1/contacts"
FULL = {
    "givenName": "Anna",
    "surname": "Lis",
    "emailAddresses": [{"address": "a@example.com", "name": "Anna"}],
    "businessPhones": ["+48601000111"],
    "mobilePhone": "+48601000222",
    "birthday": "1980-02-29T00:00:00Z",
    "businessAddress": {"street": "Prosta 1", "city": "Łódź", "countryOrRegion": "PL"},
    "companyName": "Lis",
    "categories": ["klient"],
    "singleValueExtendedProperties": [{"id": OWN, "value": "c1"}],
}
PAGE = {"$top": "2", "$filter": "emailAddresses/any(a:a/address eq 'a@example.com')"}
SOUND: list[tuple[str, str, Any, int]] = [
    ("GET", query(CONTACTS, **PAGE, **{"$select": "surname"}), None, 200),
    ("GET", f"{CONTACTS}/AAMk0001=?$select=surname,birthday", None, 200),
    ("POST", CONTACTS, FULL, 201),
    ("PATCH", f"{CONTACTS}/AAMk0001=", FULL, 200),
    ("DELETE", f"{CONTACTS}/AAMk0001=", None, 204),
    ("POST", "/v1.0/users/user-1/contactFolders/contacts/contacts", FULL, 201),
    ("POST", "/v1.0/subscriptions", SUBSCRIPTION, 201),
    ("GET", "/v1.0/subscriptions", None, 200),
    ("PATCH", "/v1.0/subscriptions/{id}", {"expirationDateTime": "2026-11-24T12:00:00Z"}, 200),
    ("DELETE", "/v1.0/subscriptions/{id}", None, 204),
]


def spec_of(url: str) -> specs.Spec:
    name = "subscriptions" if "/subscriptions" in url else "personalcontacts"
    return specs.read(f"graph-v1.0-{name}.json")


def plain(replied: Replied) -> Replied:
    """Without the annotations of OData, which its document leaves out."""
    body = {name: value for name, value in replied.body.items() if not name.startswith("@odata")}
    return Replied(replied.status, body)


@pytest.mark.parametrize(("method", "url", "body", "status"), SOUND, ids=range(len(SOUND)))
def test_a_sound_request_and_its_answer_are_microsofts(
    method: str, url: str, body: Any, status: int
) -> None:
    account = Account()
    account.graph.create(givenName="Ewa")
    made = account.ask("POST", "/v1.0/subscriptions", SUBSCRIPTION).body
    called = request(method, url.replace("{id}", made["id"]), body, account.token)
    replied = account.graph.answer(called)
    assert (replied.status, account.graph.broken) == (status, [])
    spec = spec_of(url)
    assert spec.faults(called) == []
    if method == "POST":
        assert spec.answer_faults(called, plain(replied)) == []


def test_what_breaks_microsofts_document_is_among_what_the_stand_in_refuses() -> None:
    """The other broken requests break what the documents tell in words only."""
    found = 0
    for method, url, body in BROKEN:
        if "delta" not in url and "batch" not in url and "token" not in url:
            called = request(method, url.replace("/me/", "/users/user-1/"), body)
            found += bool(spec_of(url).faults(called))
    assert found == 20


def test_a_contact_has_the_properties_that_it_has_today() -> None:
    path = Path(specs.SPECS) / "graph-contact-types.from-csdl.json"
    if not path.exists():
        pytest.skip(f"the vendor's types are not in {specs.SPECS}")
    types = json.loads(path.read_text(encoding="utf-8"))
    known = {*types["contact"]["properties"], *types["outlookItem"]["properties"]}
    absent = {"primaryEmailAddress", "secondaryEmailAddress", "tertiaryEmailAddress"}
    own = {"parentFolderId", "changeKey", "createdDateTime", "lastModifiedDateTime"}
    assert known - absent == {*EMPTY} | own
