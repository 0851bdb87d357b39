"""The Salesforce stand-in behaves as Salesforce's documents say."""

from base64 import b64encode
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from tests.standins.base import Replied
from tests.standins.common.failing import Lost
from tests.standins.salesforce import Salesforce

from .calling import Clock, ask

DATA = "/services/data/v65.0"
ROWS = "/sobjects/Contact"
OWN = f"{ROWS}/Kartoteka_Id__c"
MANY = "/composite/sobjects/Contact/Kartoteka_Id__c"
FORM = {
    "grant_type": "client_credentials",
    "client_id": "client-id",
    "client_secret": "client-secret",
}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def salesforce(clock: Clock) -> Salesforce:
    return opened(Salesforce(clock, custom=("Tags__c",)))


def opened(salesforce: Salesforce) -> Salesforce:
    ask(salesforce, "POST", "/services/oauth2/token", form=FORM)
    return salesforce


def call(
    salesforce: Salesforce, method: str, path: str, body: Any = None, **headers: str
) -> Replied:
    key = {"Authorization": "Bearer 00Dorg!session-1"}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return ask(salesforce, method, DATA + path, body, {**key, **named})


def query(salesforce: Salesforce, soql: str, of: str = "query") -> Replied:
    return call(salesforce, "GET", f"/{of}?q={quote(soql)}")


def record(own: str, **fields: Any) -> dict[str, Any]:
    return {"attributes": {"type": "Contact"}, "Kartoteka_Id__c": own, **fields}


def upsert(salesforce: Salesforce, *records: dict[str, Any], strict: bool = False) -> Replied:
    return call(salesforce, "PATCH", MANY, {"allOrNone": strict, "records": list(records)})


def test_an_upsert_makes_and_updates_by_external_id(salesforce: Salesforce) -> None:
    made = call(salesforce, "PATCH", f"{OWN}/k%2F1", {"LastName": " Lovelace ", "FirstName": "Ada"})
    assert made.status == 201 and made.body["created"] is True
    again = call(salesforce, "PATCH", f"{OWN}/K%2F1", {"Title": "Countess", "FirstName": None})
    assert (again.status, again.body["id"]) == (200, made.body["id"])
    got = call(salesforce, "GET", f"{ROWS}/{made.body['id']}?fields=Name,Title,Kartoteka_Id__c")
    assert (got.body["Name"], got.body["Title"]) == ("Lovelace", "Countess")
    assert got.body["Kartoteka_Id__c"] == "k/1"
    assert call(salesforce, "GET", f"{OWN}/k%2F1").body["Id"] == made.body["id"]
    only = call(salesforce, "PATCH", f"{OWN}/k9?updateOnly=true", {"LastName": "x"})
    assert only.status == 404
    assert not salesforce.broken


def test_a_write_that_breaks_a_rule_names_the_field(salesforce: Salesforce) -> None:
    for body, code in (
        ({"FirstName": "Ada"}, "REQUIRED_FIELD_MISSING"),
        ({"LastName": "x" * 81}, "STRING_TOO_LONG"),
        ({"LastName": "x", "Email": "ada"}, "INVALID_EMAIL_ADDRESS"),
    ):
        refused = call(salesforce, "PATCH", f"{OWN}/k1", body)
        assert refused.status == 400
        assert refused.body[0]["errorCode"] == code and refused.body[0]["fields"]
    assert not salesforce.broken


def test_single_records_are_made_changed_and_deleted(salesforce: Salesforce) -> None:
    id = call(salesforce, "POST", ROWS, {"LastName": "x"}).body["id"]
    assert call(salesforce, "PATCH", f"{ROWS}/{id}", {"Phone": "1"}).status == 204
    assert salesforce.records[id]["Phone"] == "1"
    assert call(salesforce, "DELETE", f"{ROWS}/{id}").status == 204
    assert call(salesforce, "DELETE", f"{ROWS}/{id}").body[0]["errorCode"] == "ENTITY_IS_DELETED"
    assert call(salesforce, "GET", f"{ROWS}/{id}").status == 404


def test_a_collection_answers_200_whatever_its_items_do(salesforce: Salesforce) -> None:
    salesforce.create(LastName="old", Kartoteka_Id__c="k1")
    replied = upsert(
        salesforce,
        record("k1", Title="a"),
        record("k2"),
        record("k3", LastName="x"),
        record("k4", LastName="x"),
        record("K4", LastName="y"),
    )
    assert replied.status == 200
    codes = [[error["statusCode"] for error in result["errors"]] for result in replied.body]
    twice = ["DUPLICATE_VALUE"]
    assert codes == [[], ["REQUIRED_FIELD_MISSING"], [], twice, twice]
    assert [result.get("created") for result in replied.body] == [False, None, True, None, None]


def test_all_or_none_rolls_back(salesforce: Salesforce) -> None:
    replied = upsert(salesforce, record("k1", LastName="x"), record("k2"), strict=True)
    assert [result["errors"][0]["statusCode"] for result in replied.body] == [
        "ALL_OR_NONE_OPERATION_ROLLED_BACK",
        "REQUIRED_FIELD_MISSING",
    ]
    assert not salesforce.records


def test_a_collection_is_deleted_in_order(salesforce: Salesforce) -> None:
    ids = [salesforce.create(LastName="x") for _ in range(2)]
    salesforce.delete(ids[0])
    gone = call(salesforce, "DELETE", f"/composite/sobjects?ids={','.join(ids)}&allOrNone=false")
    assert [result["success"] for result in gone.body] == [False, True]


def test_a_locked_row_fails_alone(salesforce: Salesforce) -> None:
    id = salesforce.create(LastName="x", Kartoteka_Id__c="k1")
    salesforce.contacts.locked.add(id)
    replied = upsert(salesforce, record("k1", Title="a"), record("k2", LastName="y"))
    assert replied.body[0]["errors"][0]["statusCode"] == "UNABLE_TO_LOCK_ROW"
    assert replied.body[1]["success"]


def test_the_duplicate_rule_stops_a_twin_unless_the_call_insists(salesforce: Salesforce) -> None:
    salesforce.create(LastName="x", Email="a@example.org")
    salesforce.contacts.duplicate_rule = True
    body = {"LastName": "x", "Email": "a@example.org"}
    refused = call(salesforce, "PATCH", f"{OWN}/k1", body)
    assert refused.body[0]["errorCode"] == "DUPLICATES_DETECTED"
    allowed = {"Sforce_Duplicate_Rule_Header": "allowSave=true"}
    assert call(salesforce, "PATCH", f"{OWN}/k1", body, **allowed).status == 201


def test_an_external_id_that_several_have_is_told(salesforce: Salesforce) -> None:
    for own in ("k1", "k2"):
        salesforce.create(LastName="x", Kartoteka_Id__c=own)
    for contact in salesforce.contacts.all.values():
        contact.fields["Kartoteka_Id__c"] = "k1"
    several = call(salesforce, "PATCH", f"{OWN}/k1", {"Title": "a"})
    assert several.status == 300 and len(several.body) == 2


def test_a_write_can_insist_that_nothing_changed(salesforce: Salesforce, clock: Clock) -> None:
    id = salesforce.create(LastName="x")
    at = clock().strftime("%a, %d %b %Y %H:%M:%S GMT")
    clock.on(seconds=1)
    body = {"Title": "a"}
    assert call(salesforce, "PATCH", f"{ROWS}/{id}", body, If_Unmodified_Since=at).status == 204
    assert call(salesforce, "PATCH", f"{ROWS}/{id}", body, If_Unmodified_Since=at).status == 412


def test_who_changed_a_record_last_is_said(salesforce: Salesforce) -> None:
    id = salesforce.create(LastName="x", Email="a@example.org")
    human = salesforce.records[id]["LastModifiedById"]
    call(salesforce, "PATCH", f"{ROWS}/{id}", {"Tags__c": "a;b"})
    assert salesforce.records[id]["LastModifiedById"] != human
    salesforce.unsubscribe("A@example.org")
    assert salesforce.records[id]["HasOptedOutOfEmail"] is True


def test_a_session_ends_without_calls(salesforce: Salesforce, clock: Clock) -> None:
    clock.on(minutes=90)
    assert query(salesforce, "SELECT Id FROM Contact").status == 200
    clock.on(minutes=90)
    assert query(salesforce, "SELECT Id FROM Contact").status == 200
    clock.on(hours=2)
    late = query(salesforce, "SELECT Id FROM Contact")
    assert (late.status, late.body[0]["errorCode"]) == (401, "INVALID_SESSION_ID")
    wrong = {**FORM, "client_secret": "other"}
    refused = ask(salesforce, "POST", "/services/oauth2/token", form=wrong)
    assert (refused.status, refused.body["error"]) == (400, "invalid_client")
    basic = {"Authorization": "Basic " + b64encode(b"client-id:client-secret").decode()}
    bare = {"grant_type": "client_credentials"}
    assert ask(salesforce, "POST", "/services/oauth2/token", None, basic, bare).status == 200


def test_the_requests_of_a_day_are_counted(clock: Clock) -> None:
    salesforce = opened(Salesforce(clock, day=1, session=timedelta(days=9)))
    first = query(salesforce, "SELECT Id FROM Contact")
    assert first.headers["Sforce-Limit-Info"] == "api-usage=1/1"
    spent = query(salesforce, "SELECT Id FROM Contact")
    assert (spent.status, spent.body[0]["errorCode"]) == (403, "REQUEST_LIMIT_EXCEEDED")
    clock.on(days=1)
    assert query(salesforce, "SELECT Id FROM Contact").status == 200


def test_an_answer_is_lost_after_the_effect(salesforce: Salesforce) -> None:
    salesforce.fail_next(504, after=True, on="PATCH .*composite")
    with pytest.raises(Lost):
        upsert(salesforce, record("k1", LastName="x"))
    assert len(salesforce.records) == 1
    salesforce.fail_next(503)
    assert query(salesforce, "SELECT Id FROM Contact").status == 503
