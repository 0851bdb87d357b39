"""The SendGrid stand-in behaves as SendGrid's documents say."""

import base64
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from tests.standins.base import Called, Replied
from tests.standins.common.failing import Lost
from tests.standins.sendgrid import SendGrid

from .calling import Clock, ask
from .sendgrid_requests import (
    ADA,
    BROKEN,
    BROKEN_BY_WORDS,
    CONTACTS,
    KEPT,
    KEY,
    MC,
    NOBODY,
    VALID,
    prepared,
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sendgrid(clock: Clock) -> SendGrid:
    return SendGrid(clock)


def call(sendgrid: SendGrid, method: str, url: str, body: Any = None) -> Replied:
    return ask(sendgrid, method, url, body, KEY)


def job(sendgrid: SendGrid, begun: Replied) -> dict[str, Any]:
    assert begun.status == 202
    shown: dict[str, Any] = call(sendgrid, "GET", f"{CONTACTS}/imports/{begun.body['job_id']}").body
    return shown


def upsert(sendgrid: SendGrid, *contacts: dict[str, Any], **more: Any) -> Replied:
    return call(sendgrid, "PUT", CONTACTS, {"contacts": list(contacts), **more})


def fields(sendgrid: SendGrid) -> list[dict[str, Any]]:
    return [contact.fields for contact in sendgrid.records.values()]


def test_an_upsert_is_a_job_that_is_not_seen_before_it_is_done(
    sendgrid: SendGrid, clock: Clock
) -> None:
    begun = upsert(sendgrid, {"email": "Ada@Example.ORG"}, {"external_id": "k2"})
    assert job(sendgrid, begun)["status"] == "pending" and not sendgrid.records
    clock.on(seconds=30)
    done = job(sendgrid, begun)
    assert done["status"] == "completed" and done["results"]["created_count"] == 2
    assert fields(sendgrid) == [{"email": "ada@example.org"}, {"external_id": "k2"}]


def test_an_update_leaves_what_it_does_not_give_and_adds_to_lists(
    sendgrid: SendGrid, clock: Clock
) -> None:
    news, id = sendgrid.add_list("News"), sendgrid.create(**ADA, first_name="Ada", city="Brno")
    upsert(sendgrid, {**ADA, "city": ""}, list_ids=[news])
    clock.on(seconds=30)
    contact = sendgrid.records[id]
    assert contact.fields == {**ADA, "first_name": "Ada", "city": ""} and contact.lists == [news]


def test_all_identifiers_that_it_has_must_be_present_or_the_item_fails(
    sendgrid: SendGrid, clock: Clock
) -> None:
    sendgrid.create(**ADA)
    half, moved = {"email": ADA["email"]}, {**ADA, "email": "new@example.org"}
    begun = upsert(sendgrid, half, moved, {"email": "b@example.org"})
    clock.on(seconds=30)
    done = job(sendgrid, begun)
    assert done["status"] == "errored" and done["results"]["errored_count"] == 2
    assert list(sendgrid.jobs.all[done["id"]].errors) == [0, 1]
    assert ADA in fields(sendgrid)


def test_identifiers_of_two_contacts_join_nothing(sendgrid: SendGrid, clock: Clock) -> None:
    sendgrid.create(email="ada@example.org")
    sendgrid.create(external_id="k1")
    begun = upsert(sendgrid, ADA)
    clock.on(seconds=30)
    assert job(sendgrid, begun)["status"] == "failed" and len(sendgrid.records) == 2


def test_an_identifier_is_taken_away_by_a_job_but_not_the_last(
    sendgrid: SendGrid, clock: Clock
) -> None:
    id = sendgrid.create(**ADA)
    path = f"{CONTACTS}/{id}/identifiers"
    email = {"identifier_type": "EMAIL", "identifier_value": "ada@example.org"}
    first = call(sendgrid, "DELETE", path, email)
    own = {"identifier_type": "EXTERNALID", "identifier_value": "k1"}
    last = call(sendgrid, "DELETE", path, own)
    clock.on(seconds=30)
    assert [job(sendgrid, each)["status"] for each in (first, last)] == ["completed", "failed"]
    assert fields(sendgrid) == [{"external_id": "k1"}]


def test_a_list_that_is_not_there_refuses_all(sendgrid: SendGrid) -> None:
    assert upsert(sendgrid, ADA, list_ids=[NOBODY]).status == 404


def test_a_search_tells_of_each_address_and_404_where_there_is_none(sendgrid: SendGrid) -> None:
    sendgrid.create(**ADA, alternate_emails=["Other@example.org"])
    asked = {"emails": ["OTHER@example.org", "x@example.org"]}
    result = call(sendgrid, "POST", f"{CONTACTS}/search/emails", asked).body["result"]
    assert result["other@example.org"]["contact"]["email"] == "ada@example.org"
    assert result["x@example.org"] == {"error": "contact not found"}
    nobody = {"emails": ["x@example.org"]}
    assert call(sendgrid, "POST", f"{CONTACTS}/search/emails", nobody).status == 404


def test_custom_fields_are_set_by_id_and_shown_by_name(sendgrid: SendGrid, clock: Clock) -> None:
    town = sendgrid.add_field("Town")
    upsert(sendgrid, {**ADA, "custom_fields": {town: "Brno"}})
    clock.on(seconds=30)
    shown = call(sendgrid, "GET", f"{CONTACTS}/{next(iter(sendgrid.records))}").body
    assert shown["custom_fields"] == {"Town": "Brno"}


def test_contacts_are_deleted_by_a_job_and_their_suppressions_stay(
    sendgrid: SendGrid, clock: Clock
) -> None:
    id = sendgrid.create(**ADA)
    sendgrid.unsubscribe("Ada@example.org")
    begun = call(sendgrid, "DELETE", f"{CONTACTS}?ids={id},{NOBODY}")
    clock.on(seconds=30)
    assert job(sendgrid, begun)["results"]["deleted_count"] == 1 and not sendgrid.records
    kept = call(sendgrid, "GET", f"{KEPT}/unsubscribes").body
    assert kept == [{"created": int(clock().timestamp()) - 30, "email": "ada@example.org"}]


def test_the_listing_is_a_sample_and_everyone_is_read_by_an_export(
    sendgrid: SendGrid, clock: Clock
) -> None:
    for at in range(60):
        sendgrid.create(email=f"a{at:02}@example.org")
    sample = call(sendgrid, "GET", CONTACTS).body
    assert len(sample["result"]) == 50 and sample["contact_count"] == 60
    begun = call(sendgrid, "POST", f"{CONTACTS}/exports", {"file_type": "csv"}).body["id"]
    assert call(sendgrid, "GET", f"{CONTACTS}/exports/{begun}").body["status"] == "pending"
    clock.on(seconds=30)
    ready = call(sendgrid, "GET", f"{CONTACTS}/exports/{begun}").body
    file = ask(sendgrid, "GET", ready["urls"][0])
    assert file.status == 200 and len(file.written().splitlines()) == 61
    clock.on(hours=73)
    assert ask(sendgrid, "GET", ready["urls"][0]).status == 403


def test_contacts_leave_a_list_by_a_job_and_stay(sendgrid: SendGrid, clock: Clock) -> None:
    news = sendgrid.add_list("News")
    id = sendgrid.create(**ADA, list_ids=[news])
    call(sendgrid, "DELETE", f"{MC}/lists/{news}/contacts?contact_ids={id}")
    clock.on(seconds=30)
    assert sendgrid.records[id].lists == []


def test_names_of_lists_and_fields_are_taken_once(sendgrid: SendGrid) -> None:
    sendgrid.add_list("News")
    sendgrid.add_field("Town")
    assert call(sendgrid, "POST", f"{MC}/lists", {"name": "News"}).status == 400
    field = {"name": "town", "field_type": "Text"}
    assert call(sendgrid, "POST", f"{MC}/field_definitions", field).status == 400


def verified(sendgrid: SendGrid, called: Called) -> bool:
    key = load_der_public_key(base64.b64decode(sendgrid.public_key))
    header = "x-twilio-email-event-webhook-"
    signed = called.headers[f"{header}timestamp"].encode() + called.body
    assert isinstance(key, ec.EllipticCurvePublicKey)
    try:
        signature = base64.b64decode(called.headers[f"{header}signature"])
        key.verify(signature, signed, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def test_mail_events_are_told_once_in_signed_batches(sendgrid: SendGrid) -> None:
    group = sendgrid.suppressions.new_group("Offers")
    sendgrid.unsubscribe("Ada@example.org")
    sendgrid.unsubscribe("eva@example.org", group)
    sendgrid.resubscribe("eva@example.org", group)
    sendgrid.bounce("bob@example.org")
    sendgrid.drop("bob@example.org")
    sendgrid.report("jan@example.org")
    calls = sendgrid.events(size=4)
    assert [[event["event"] for event in each.json()] for each in calls] == [
        ["unsubscribe", "group_unsubscribe", "group_resubscribe", "bounce"],
        ["dropped", "spamreport"],
    ]
    assert calls[0].json()[0]["email"] == "ada@example.org" and calls[0].body.endswith(b"\r\n")
    assert all(verified(sendgrid, each) for each in calls)
    forged = Called(calls[0].method, "/hook", {}, calls[0].headers, calls[0].body.strip())
    assert not verified(sendgrid, forged)
    assert sendgrid.events() == []


def test_a_missing_and_a_wrong_key_are_refused(sendgrid: SendGrid) -> None:
    wrong = {"Authorization": "Bearer SG.other"}
    answers = [ask(sendgrid, "GET", CONTACTS, headers=headers) for headers in ({}, wrong)]
    assert [each.status for each in answers] == [401, 401]
    assert answers[0].body["errors"][0]["message"] == "authorization required"


def test_calls_are_counted_by_operation_and_minute(clock: Clock) -> None:
    sendgrid = SendGrid(clock, limit=2)
    answers = [call(sendgrid, "GET", CONTACTS) for _ in range(3)]
    assert [each.status for each in answers] == [200, 200, 429]
    assert [each.headers["X-RateLimit-Remaining"] for each in answers] == ["1", "0", "0"]
    reset = int(answers[2].headers["X-RateLimit-Reset"])
    assert reset == int((clock() + timedelta(minutes=1)).timestamp())
    assert call(sendgrid, "GET", f"{CONTACTS}/count").status == 200
    clock.on(minutes=1)
    assert call(sendgrid, "GET", CONTACTS).status == 200


def test_an_answer_can_be_lost_and_its_job_runs_all_the_same(
    sendgrid: SendGrid, clock: Clock
) -> None:
    sendgrid.fail_next(500)
    assert upsert(sendgrid, ADA).status == 500
    sendgrid.fail_next(500, after=True)
    with pytest.raises(Lost):
        upsert(sendgrid, ADA)
    clock.on(seconds=30)
    assert fields(sendgrid) == [ADA]


def test_every_operation_takes_a_valid_request(sendgrid: SendGrid, clock: Clock) -> None:
    prepared(sendgrid)
    statuses = [call(sendgrid, *request).status for request in VALID]
    assert max(statuses) < 300 and not sendgrid.broken


@pytest.mark.parametrize("request_", [*BROKEN, *BROKEN_BY_WORDS], ids=lambda each: each[1][:60])
def test_a_broken_request_is_refused_and_noted(
    sendgrid: SendGrid, clock: Clock, request_: tuple[str, str, Any]
) -> None:
    prepared(sendgrid)
    assert call(sendgrid, *request_).status in (400, 404)
    clock.on(seconds=30)
    assert len(sendgrid.broken) == 1 and fields(sendgrid) == [ADA]


def test_every_schema_belongs_to_an_operation(sendgrid: SendGrid) -> None:
    path = Path(__file__).parents[2] / "standins" / "sendgrid.schema.json"
    named = {name.rpartition(".")[0] for name in json.loads(path.read_text())["$defs"]}
    assert named - {""} <= {operation for _, _, operation, _ in sendgrid._routes}
