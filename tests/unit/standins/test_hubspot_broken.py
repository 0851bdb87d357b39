"""Requests that HubSpot would not take are refused and noted."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.standins.hubspot import HubSpot

from .calling import Clock, ask
from .test_hubspot import BASE, KEY, NAMES, call, item


@pytest.fixture
def hubspot() -> HubSpot:
    return HubSpot(Clock())


BROKEN: list[tuple[str, str, Any]] = [
    ("GET", "/crm/objects/2025-09/contacts", None),
    ("PUT", "/101", {"properties": {}}),
    ("GET", "?limit=101", None),
    ("GET", "?limits=10", None),
    ("GET", "?limit=10&limit=20", None),
    ("GET", "?after=x", None),
    ("GET", "/101?idProperty=phone", None),
    ("POST", "", {"property": {"email": "a@example.org"}}),
    ("POST", "", {"properties": {"email": None}}),
    ("POST", "", {"properties": {"e_mail": "a@example.org"}}),
    ("POST", "", {"properties": {"email": "a@example.org", "createdate": "2026"}}),
    ("PATCH", "/101", {"properties": {"phone": 7}}),
    ("PATCH", "/101", {"properties": {}, "id": "101"}),
    ("POST", "/batch/upsert", {"inputs": []}),
    ("POST", "/batch/upsert", {"inputs": [item(f"k{at}", phone="1") for at in range(101)]}),
    ("POST", "/batch/upsert", {"inputs": [item("k1", phone="1"), item("k1", phone="2")]}),
    ("POST", "/batch/upsert", {"inputs": [item("k1", "t", city="a"), item("k2", "t", city="b")]}),
    ("POST", "/batch/upsert", {"inputs": [{**item("k1"), "idProperty": "email"}]}),
    ("POST", "/batch/upsert", {"inputs": [{"id": "k1", "idProperty": "kartoteka_id"}]}),
    ("POST", "/batch/upsert", {"inputs": [{**item("k1"), "traceId": "t"}]}),
    ("POST", "/batch/read", {"inputs": [{"id": "101"}], "properties": ["email"]}),
    ("POST", "/batch/read", {"inputs": ["101"], **NAMES}),
    ("POST", "/batch/archive", {"inputs": [{"id": 101}]}),
    ("POST", "/gdpr-delete", {"id": "101"}),
    ("POST", "/merge", {"primaryObjectId": 101, "objectIdToMerge": "102"}),
    ("POST", "/search", {"filterGroups": [], "limit": 201}),
    ("POST", "/search", {"filters": []}),
    ("POST", "/search", {"filterGroups": [{"filters": [{"propertyName": "email"}]}]}),
    (
        "POST",
        "/search",
        {
            "filterGroups": [
                {"filters": [{"propertyName": "email", "operator": "IN", "value": "a"}]}
            ]
        },
    ),
    (
        "POST",
        "/search",
        {"filterGroups": [{"filters": [{"propertyName": "mail", "operator": "EQ", "value": "a"}]}]},
    ),
    ("POST", "/crm/v3/lists/7/memberships/add", ["101"]),
    ("PUT", "/crm/v3/lists/7/memberships/add", {"recordIds": ["101"]}),
    ("PUT", "/crm/v3/lists/7/memberships/add", [101]),
    ("GET", "/communication-preferences/v4/statuses/a@example.org", None),
    (
        "POST",
        "/communication-preferences/v4/statuses/a@example.org",
        {"subscriptionId": 1, "channel": "EMAIL", "statusState": "OPTED_OUT"},
    ),
    (
        "POST",
        "/communication-preferences/v4/statuses/a@example.org",
        {"subscriptionId": 2, "channel": "EMAIL", "statusState": "SUBSCRIBED"},
    ),
]


@pytest.mark.parametrize(("method", "path", "body"), BROKEN)
def test_a_broken_request_is_refused_and_noted(
    hubspot: HubSpot, method: str, path: str, body: Any
) -> None:
    replied = call(hubspot, method, path, body)
    assert replied.status in (400, 404)
    assert len(hubspot.broken) == 1 and not hubspot.records


def test_a_body_must_say_that_it_is_json(hubspot: HubSpot) -> None:
    assert ask(hubspot, "POST", BASE, form={"properties": "x"}, headers=KEY).status == 400
    assert hubspot.broken


def test_every_schema_belongs_to_an_operation(hubspot: HubSpot) -> None:
    path = Path(__file__).parents[2] / "standins" / "hubspot.schema.json"
    named = {name.rpartition(".")[0] for name in json.loads(path.read_text())["$defs"]}
    assert named - {""} <= {operation for _, _, operation, _ in hubspot._routes}
