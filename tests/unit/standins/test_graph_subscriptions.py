"""Subscriptions as the documents of Microsoft Graph tell it."""

from collections.abc import Callable

import pytest

from tests.standins.base import Called, Replied
from tests.standins.graph import MicrosoftGraph

from .asking import error, request
from .calling import Clock
from .graph_account import ANNA, Account
from .graph_broken import CONTACTS, subscription


@pytest.fixture
def account() -> Account:
    return Account()


def test_a_subscriber_is_told_thinly_and_with_its_state(account: Account) -> None:
    made = account.ask("POST", "/v1.0/subscriptions", subscription(changeType="updated,deleted"))
    id_ = account.graph.create(**ANNA)
    assert account.graph.events() == []
    account.ask("PATCH", f"{CONTACTS}/{id_}", {"surname": "Kos"})
    account.graph.delete(id_)
    (call,) = account.graph.events()
    assert (call.method, call.path) == ("POST", "/v1/hooks/outlook")
    updated, deleted = call.json()["value"]
    assert updated["clientState"] == "state-1"
    assert updated["subscriptionId"] == made.body["id"]
    assert (updated["changeType"], deleted["changeType"]) == ("updated", "deleted")
    assert updated["resourceData"]["id"] == id_
    assert "surname" not in updated["resourceData"]
    assert account.graph.events() == []


def shouting(called: Called) -> Replied:
    return Replied(200, called.query["validationToken"][0].upper().encode(), PLAIN)


def in_json(called: Called) -> Replied:
    return Replied(200, called.query["validationToken"][0].encode())


PLAIN = {"content-type": "text/plain"}
DEAF = [shouting, in_json, lambda called: Replied(202), lambda called: Replied(500)]


@pytest.mark.parametrize("hook", DEAF, ids=["another token", "no text", "202", "500"])
def test_who_fails_the_handshake_is_not_subscribed(hook: Callable[[Called], Replied]) -> None:
    clock = Clock()
    graph = MicrosoftGraph(clock, hook)
    called = request("POST", "/v1.0/subscriptions", subscription(), graph.grant.issue())
    assert error(graph.answer(called)) == (400, "ValidationError")
    graph.create(**ANNA)
    assert graph.events() == []


def test_a_subscription_ends_unless_it_is_renewed(account: Account) -> None:
    far = subscription(expirationDateTime="2026-11-26T12:00:00Z")
    assert error(account.ask("POST", "/v1.0/subscriptions", far)) == (400, "ValidationError")
    made = account.ask("POST", "/v1.0/subscriptions", subscription()).body
    url = f"/v1.0/subscriptions/{made['id']}"
    account.clock.on(days=1)
    account.token = account.graph.grant.issue()
    renewed = account.ask("PATCH", url, {"expirationDateTime": "2026-11-26T12:00:00.0000000Z"})
    assert renewed.body["expirationDateTime"] == "2026-11-26T12:00:00.0000000Z"
    account.clock.on(days=1)
    account.graph.create(**ANNA)
    assert len(account.notices()) == 1
    account.clock.on(days=1)
    account.token = account.graph.grant.issue()
    account.graph.create(**ANNA)
    assert account.notices() == []
    assert account.ask("PATCH", url, {"expirationDateTime": "2026-11-28T12:00:00Z"}).status == 404


def test_a_subscriber_is_told_when_it_must_act(account: Account) -> None:
    account.ask("POST", "/v1.0/subscriptions", subscription())
    account.graph.subscriptions.lifecycle("missed")
    account.graph.subscriptions.lifecycle("subscriptionRemoved")
    (call,) = account.graph.events()
    assert call.path == "/v1/hooks/outlook-life"
    told = [each["lifecycleEvent"] for each in call.json()["value"]]
    assert told == ["missed", "subscriptionRemoved"]
    assert account.ask("GET", "/v1.0/subscriptions").body["value"] == []


def test_many_are_listed_by_pages(account: Account) -> None:
    made = [account.ask("POST", "/v1.0/subscriptions", subscription()).body for _ in range(3)]
    account.graph.subscriptions.on_a_page = 2
    first = account.ask("GET", "/v1.0/subscriptions").body
    rest = account.ask("GET", first["@odata.nextLink"]).body
    assert first["value"] + rest["value"] == made
    assert "@odata.nextLink" not in rest and not account.graph.broken
