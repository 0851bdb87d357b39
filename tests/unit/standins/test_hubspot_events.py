"""What the HubSpot stand-in tells a hook, and how it signs it."""

import pytest

from tests.standins.hubspot import HubSpot
from tests.standins.hubspot.events import signature

from .calling import Clock
from .test_hubspot import call, item, told, upsert


@pytest.fixture
def hubspot() -> HubSpot:
    return HubSpot(Clock())


def test_events_are_thin_signed_and_come_again(hubspot: HubSpot) -> None:
    hubspot.pushed.properties = {"email"}
    upsert(hubspot, item("k1", email="ada@example.org", firstname="Ada"))
    [called] = hubspot.events()
    events = called.json()
    assert [event["subscriptionType"] for event in events] == [
        "contact.creation",
        "contact.propertyChange",
    ]
    assert events[1]["changeSource"] == "INTEGRATION" and events[1]["objectId"] == 101
    at = called.headers["x-hubspot-request-timestamp"]
    url = "https://hooks.example.org/in/hubspot"
    assert called.headers["x-hubspot-signature-v3"] == signature(
        "client-secret", "POST", url, called.body, at
    )
    assert not hubspot.events()
    hubspot.pushed.returned(called)
    [again] = hubspot.events()
    assert {event["attemptNumber"] for event in again.json()} == {1}


def test_a_hundred_events_are_one_call(hubspot: HubSpot) -> None:
    for at in range(60):
        hubspot.create(firstname=f"n{at}")
    assert [len(called.json()) for called in hubspot.events()] == [100, 20]


def test_the_signature_decodes_what_the_documents_name() -> None:
    encoded = signature("s", "POST", "https://h.example/a%3Ab%20c", b"x", "1")
    assert encoded == signature("s", "POST", "https://h.example/a:b%20c", b"x", "1")


def test_the_signature_is_that_of_the_vendors_library() -> None:
    signed = signature(
        "client-secret",
        "POST",
        "https://hooks.example.org/in/hubspot?x=1",
        '[{"objectId":1246965,"propertyName":"email","propertyValue":"ada@example.org",'
        '"note":"příklad"}]'.encode(),
        "1780000000000",
    )
    assert signed == "DJLAikQl+sqoMghrKCRnXM6AP4ZIDnq5cBIcQ0tooDs="


def test_an_unsubscription_shows_in_the_status_and_as_an_event(hubspot: HubSpot) -> None:
    path = "/communication-preferences/v4/statuses/ada@example.org"
    hubspot.create(email="ada@example.org")
    on = {"subscriptionId": 1, "channel": "EMAIL", "statusState": "SUBSCRIBED"}
    assert call(hubspot, "POST", path, on).body["results"][0]["status"] == "SUBSCRIBED"
    told(hubspot)
    hubspot.unsubscribe("Ada@example.org")
    got = call(hubspot, "GET", path + "?channel=EMAIL").body["results"]
    assert [status["status"] for status in got] == ["UNSUBSCRIBED"]
    [event] = told(hubspot)
    assert (event["propertyName"], event["propertyValue"]) == ("hs_email_optout", "true")
    again = call(hubspot, "POST", path, on).body["results"][0]
    assert again["setStatusSuccessReason"] == "RESUBSCRIBE_OCCURRED"
