"""What is special to Outlook's contacts."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.connectors.connector import UnavailableError
from chalicelib.domain.errors import InvalidError, UnauthorizedError
from chalicelib.domain.hooks import Hook
from tests.connectors.meddling import meddle
from tests.connectors.rig_graph import APP, OPTIONS, graph, graph_app
from tests.connectors.rigs import Rig
from tests.connectors.test_contract import EWA, polled, push, put
from tests.standins.base import Called
from tests.unit.standins.asking import request

HOOK = "https://kartoteka.example/hook"
SECRETS = ["new", "old"]


@pytest.fixture
def rig() -> Any:
    made = graph()
    yield made
    assert made.standin.broken == []


def held(rig: Rig, remote: str) -> Any:
    return rig.standin.records[remote]


def test_what_users_added_to_our_fields_stays(rig: Rig) -> None:
    home = {"street": "Prosta 1", "city": "Łódź"}
    remote = put(rig, EWA | {"addresses": [home]})
    rig.edit(remote, emailAddresses=[{"address": "Ewa@example.org", "name": "Ewcia"}])
    rig.edit(remote, homeAddress=home)
    more = {"emails": [*EWA["emails"], {"address": "lis@example.org"}]}
    push(rig, EWA | more | {"addresses": [home | {"postal_code": "90-001"}]}, remote)
    assert held(rig, remote)["emailAddresses"] == [
        {"address": "ewa@example.org", "name": "Ewcia"},
        {"address": "lis@example.org", "name": "lis@example.org"},
    ]
    address = {n: v for n, v in held(rig, remote)["businessAddress"].items() if v}
    assert address == home | {"postalCode": "90-001"}
    assert held(rig, remote)["homeAddress"] == home


def test_a_contact_that_changes_meanwhile_is_read_and_written_again(rig: Rig) -> None:
    remote = put(rig, EWA)
    meddle(rig, remote, 1, categories=["vip"])
    assert push(rig, EWA | {"given_name": "Eva"}, remote).status == "done"
    assert held(rig, remote)["categories"] == ["vip"]
    meddle(rig, remote, 2, categories=[])
    assert push(rig, EWA, remote).status == "conflict"


def test_a_birthday_is_the_same_day_wherever_it_is_read(rig: Rig) -> None:
    remote = put(rig, EWA | {"birth_date": "1984-11-21"})
    assert held(rig, remote)["birthday"] == "1984-11-21T11:59:00Z"
    assert (rig.shown(remote) or {})["birth_date"] == "1984-11-21"
    assert "birth_date" not in rig.mapper.projection({"birth_date": "--11-21"})


def test_a_poll_tells_changes_deletions_and_the_etag_of_a_push(rig: Rig) -> None:
    made = [rig.make(givenName=f"A{n}") for n in range(3)]
    told, cursor = polled(rig, None)
    assert [t.remote for t in told] == made
    rig.clock.on(hours=1)
    result = push(rig, EWA, made[1])
    rig.delete(made[0])
    changed, deleted = polled(rig, cursor)[0]
    assert (changed.remote, changed.etag) == (made[1], result.etag)
    assert changed.occurred_at == rig.clock()
    assert (deleted.kind, deleted.remote) == ("delete", made[0])


def test_a_lost_link_begins_anew(rig: Rig) -> None:
    remote = put(rig, EWA)
    _, cursor = polled(rig, None)
    rig.standin.deltas.forget()
    page = rig.connector().poll(cursor)
    assert page.anew and [t.remote for t in page.told] == [remote]


def test_a_link_leads_no_token_to_another_host(rig: Rig) -> None:
    rig.standin.base = "https://graph.microsoft.com.evil.example"
    _, cursor = polled(rig, None)
    with pytest.raises(UnavailableError, match="elsewhere"):
        rig.connector().poll(cursor)


def test_what_graph_leaves_out_of_an_address_is_empty(rig: Rig) -> None:
    told = rig.connector().read(rig.op({}, rig.make(surname="Lis")))
    assert told
    said = rig.mapper.inward(told.body)
    assert said.keys() == rig.mapper.fields
    assert said["addresses"] is None


def test_contacts_stand_in_the_folder_that_is_named(rig: Rig) -> None:
    other = rig.make(emailAddresses=[{"address": "ewa@example.org"}])
    folder = rig.standin.folder("Klienci")
    rig = replace(rig, options={**OPTIONS, "folder": folder})
    assert rig.connector().find(rig.op(EWA)) == []
    remote = put(rig, EWA)
    assert rig.connector().find(rig.op(EWA)) == [remote] != [other]
    assert [t.remote for t in polled(rig, None)[0]] == [remote]


def test_an_apostrophe_in_an_address_is_part_of_it(rig: Rig) -> None:
    contact = {"emails": [{"address": "o'neill@example.org"}]}
    remote = rig.make(emailAddresses=[{"address": "o'neill@example.org"}])
    assert rig.connector().find(rig.op(contact)) == [remote]


@pytest.mark.parametrize(
    ("options", "reason"),
    [({}, "no_user"), ({"user": "nobody@example.org"}, "no_mailbox")],
)
def test_a_mailbox_that_is_not_there_is_no_verdict_on_a_contact(
    options: dict[str, str], reason: str
) -> None:
    rig = replace(graph_app(), options={**OPTIONS, **options})
    connector = rig.connector()
    for remote in ("", "AAMk0001="):
        (result,) = connector.push([rig.op(EWA, remote)])
        assert (result.status, result.reason) == ("failed", reason)
    assert connector.health("t-ping-1").reason == reason
    with pytest.raises(UnavailableError, match=reason):
        connector.find(rig.op(EWA))
    with pytest.raises(UnavailableError, match=reason):
        connector.fetch(["AAMk0001="])


def test_the_refresh_token_that_is_stored_serves_as_long_as_it_lives(rig: Rig) -> None:
    remote = put(rig, EWA)
    rig.clock.on(days=30)
    assert push(rig, EWA, remote).status == "done"
    rig.standin.grant.revoke()
    result = push(rig, EWA, remote)
    assert (result.status, result.reason) == ("failed", "no_token")


def subscribed(rig: Rig, secret: str) -> Any:
    """A subscription with this state; the calls that follow a change of a contact."""
    expiry = "2026-11-24T12:00:00Z"
    about = {"changeType": "created,updated,deleted", "resource": "me/contacts"}
    body = {**about, "notificationUrl": HOOK, "expirationDateTime": expiry, "clientState": secret}
    token = rig.standin.grant.issue()
    called = request("POST", "/v1.0/subscriptions", body, token)
    return rig.standin.answer(called).body


def hook_of(called: Called) -> Hook:
    query = {name: values[0] for name, values in called.query.items()}
    return Hook(called.method, HOOK, query, called.headers, called.body)


def test_graph_is_answered_when_it_asks_whether_we_are_there(rig: Rig) -> None:
    asked = Called.of("POST", f"{HOOK}?validationToken=Validation%3A+a%2Bb", {}, b"")
    assert rig.connector().handshake(hook_of(asked)) == "Validation: a+b"
    assert rig.connector().handshake(hook_of(Called.of("POST", HOOK, {}, b"{}"))) is None


def test_a_notice_names_whom_to_read_again(rig: Rig) -> None:
    subscribed(rig, "old")
    changed, deleted = rig.make(surname="Lis"), rig.make(surname="Maj")
    rig.delete(deleted)
    (called,) = rig.standin.events()
    connector = rig.connector()
    connector.verify(hook_of(called), SECRETS)
    told = [(t.kind, t.remote) for t in connector.parse(hook_of(called))]
    assert told == [("ref", changed), ("ref", deleted), ("delete", deleted)]
    assert [t.kind for t in connector.fetch([changed, deleted])] == ["upsert", "delete"]


def test_a_notice_with_another_state_is_nobodys(rig: Rig) -> None:
    subscribed(rig, "old")
    subscribed(rig, "wrong")
    rig.make(surname="Lis")
    (called,) = rig.standin.events()
    for body in (called.body, b"", b"[]", b'{"value": []}', b'{"value": [{"clientState": 1}]}'):
        with pytest.raises(UnauthorizedError):
            rig.connector().verify(Hook("POST", HOOK, {}, {}, body), SECRETS)


@pytest.mark.parametrize("body", [b"{}", b"x", b'{"value": [{"changeType": "updated"}]}'])
def test_a_notice_of_another_form_is_refused(rig: Rig, body: bytes) -> None:
    with pytest.raises(InvalidError):
        rig.connector().parse(Hook("POST", HOOK, {}, {}, body))


def test_what_befalls_a_subscription_is_no_news_of_a_contact(rig: Rig) -> None:
    body = b'{"value": [{"lifecycleEvent": "missed", "clientState": "new"}]}'
    assert rig.connector().parse(Hook("POST", HOOK, {}, {}, body)) == []


@pytest.mark.parametrize(
    ("event", "fates"),
    [
        ("reauthorizationRequired", ["renew"]),
        ("subscriptionRemoved", ["gone"]),
        ("missed", ["missed"]),
    ],
)
def test_what_befalls_a_subscription_is_told_apart(rig: Rig, event: str, fates: list[str]) -> None:
    made = rig.connector().subscribe(HOOK, "new")
    rig.standin.subscriptions.lifecycle(event)
    (called,) = rig.standin.events()
    rig.connector().verify(hook_of(called), SECRETS)
    told = rig.connector().fates(hook_of(called))
    assert [(fate.subscription, fate.kind) for fate in told] == [(made.id, f) for f in fates]
    assert rig.connector().parse(hook_of(called)) == []
    unheard_of = called.body.replace(event.encode(), b"invented later")
    assert rig.connector().fates(Hook("POST", HOOK, {}, {}, unheard_of)) == []


def test_a_subscription_lives_as_long_as_it_may_also_by_a_slow_clock(rig: Rig) -> None:
    made = rig.connector().subscribe(HOOK, "new")
    assert made.expires_at == rig.clock() + timedelta(hours=70)
    rig.standin.subscriptions.longest = timedelta(hours=69)
    with pytest.raises(UnavailableError, match="http_400"):
        rig.connector().renew(made)


def test_all_pages_of_subscriptions_are_read(rig: Rig) -> None:
    rig.standin.subscriptions.on_a_page = 2
    made = [rig.connector().subscribe(f"{HOOK}/{n}", "new") for n in range(5)]
    assert rig.connector().subscriptions() == made


@pytest.mark.parametrize(
    ("make", "folder", "resource"),
    [
        (graph, "", "me/contacts"),
        (graph_app, "", "users/user-1/contacts"),
        (graph_app, "AAMk=", "users/user-1/contactFolders/AAMk=/contacts"),
    ],
)
def test_a_subscription_is_about_the_contacts_that_are_read(
    make: Callable[[], Rig], folder: str, resource: str
) -> None:
    rig = make()
    rig.options |= {"folder": folder}
    with suppress(UnavailableError):
        rig.connector().subscribe(HOOK, "new")
    assert rig.standin.calls[-1].json()["resource"] == resource


def test_a_mailbox_that_is_nobodys_has_no_subscription() -> None:
    rig = graph_app()
    rig.options.pop("user")
    with pytest.raises(UnavailableError, match="no_user"):
        rig.connector().subscribe(HOOK, "new")


def test_an_app_reads_no_users_own_path() -> None:
    rig = graph_app()
    put(rig, EWA)
    assert rig.access == APP
    assert {c.path.split("/")[2] for c in rig.standin.calls if "oauth2" not in c.path} == {"users"}
    assert rig.standin.broken == []
