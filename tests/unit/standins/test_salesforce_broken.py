"""Requests that Salesforce would not take are refused and noted."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.standins.salesforce import Salesforce

from .calling import Clock
from .test_salesforce import MANY, OWN, ROWS, call, opened, record


@pytest.fixture
def salesforce() -> Salesforce:
    return opened(Salesforce(Clock()))


def asked(soql: str) -> tuple[str, str, None]:
    return "GET", f"/query?q={quote(soql)}", None


BROKEN: list[tuple[str, str, Any]] = [
    ("GET", "/sobjects/Lead/1", None),
    ("PUT", f"{OWN}/k1", {"LastName": "x"}),
    ("PATCH", f"{OWN}/k1", {"LastName": "x", "Kartoteka_Id__c": "k1"}),
    ("PATCH", f"{OWN}/k1", {"LastName": "x", "Id": "003000000000001"}),
    ("PATCH", f"{OWN}/k1", {"Lastname": "x"}),
    ("PATCH", f"{OWN}/k1", {"LastName": "x", "Other__c": "y"}),
    ("PATCH", f"{OWN}/k1", {"LastName": 7}),
    ("PATCH", f"{OWN}/k1", {"LastName": "x", "HasOptedOutOfEmail": "true"}),
    ("PATCH", f"{OWN}/k1", {"LastName": "x", "Birthdate": "1815-12"}),
    ("PATCH", f"{OWN}/k1", {}),
    ("PATCH", f"{OWN}/k1?upsert=true", {"LastName": "x"}),
    ("PATCH", f"{ROWS}/Email/a@example.org", {"LastName": "x"}),
    ("PATCH", MANY, {"records": []}),
    ("PATCH", MANY, {"records": [record(f"k{at}", LastName="x") for at in range(201)]}),
    ("PATCH", MANY, {"records": [{"Kartoteka_Id__c": "k1", "LastName": "x"}]}),
    ("PATCH", MANY, {"records": [{**record("k1"), "attributes": {"type": "Lead"}}]}),
    ("PATCH", MANY, {"records": [record("k1", Id="003000000000001")]}),
    ("PATCH", MANY, {"allOrNone": "false", "records": [record("k1", LastName="x")]}),
    ("PATCH", "/composite/sobjects/Contact/Id", {"records": [record("k1", LastName="x")]}),
    ("DELETE", "/composite/sobjects?allOrNone=false", None),
    ("DELETE", "/composite/sobjects?ids=17", None),
    ("GET", f"{ROWS}/deleted/?start=2026-11-23T11:00:00Z", None),
    ("GET", f"{ROWS}/deleted/?start=2026-01-01T00:00:00Z&end=2026-11-23T12:00:00Z", None),
    ("GET", "/query", None),
    asked("SELECT * FROM Contact"),
    asked("SELECT Id, FullName FROM Contact"),
    asked("SELECT Id FROM Lead"),
    asked("SELECT Id FROM Contact WHERE SystemModstamp >= '2026-11-23T13:00:00Z"),
    asked("SELECT Id FROM Contact WHERE SystemModstamp >= yesterday"),
    asked("SELECT Id FROM Contact WHERE Id > '1' AND Id < '2' OR Id = '3'"),
    asked("SELECT Id FROM Contact ORDER BY Modstamp"),
    asked("SELECT Id FROM Contact WHERE (Id = '1'"),
]


@pytest.mark.parametrize(("method", "path", "body"), BROKEN)
def test_a_broken_request_is_refused_and_noted(
    salesforce: Salesforce, method: str, path: str, body: Any
) -> None:
    replied = call(salesforce, method, path, body)
    assert replied.status in (400, 404)
    assert len(salesforce.broken) == 1 and not salesforce.records
