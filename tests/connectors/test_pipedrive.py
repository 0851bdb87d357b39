"""What is special to Pipedrive: lists that are replaced whole, tokens of a day, its events."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.connectors.connector import Connector, Op, Told, UnavailableError
from chalicelib.connectors.kinds.pipedrive import NAMELESS
from chalicelib.domain.errors import InvalidError, UnauthorizedError
from chalicelib.domain.hooks import Hook
from chalicelib.domain.mapping.apply import Mapper
from tests.connectors.rig_pipedrive import pipedrive
from tests.connectors.rigs import ID, Rig
from tests.standins.base import Called
from tests.unit.standins.calling import ask

EWA: dict[str, Any] = {
    "full_name": "Ewa Lis",
    "emails": [{"address": "ewa@example.org"}, {"address": "lis@example.org"}],
    "phones": [{"number": "+48600100200"}],
}
HOOK = {
    "subscription_url": "https://kartoteka.example.com/v1/hooks/pipedrive",
    "event_action": "*",
    "event_object": "person",
    "name": "Kartoteka",
    "version": "2.0",
    "http_auth_user": "kartoteka",
    "http_auth_password": "whsec_2",
}


@pytest.fixture
def rig() -> Any:
    """An account that has seen no request that it would not take."""
    made = pipedrive()
    yield made
    assert made.standin.broken == []


def put(rig: Rig, contact: dict[str, Any], remote: str = "", **more: Any) -> str:
    (result,) = rig.connector().push([rig.op(contact, remote, **more)])
    assert result.status == "done", result
    return result.remote


def points(rig: Rig, remote: str, name: str) -> list[tuple[str, str, bool]]:
    held = rig.held(remote) or {}
    return [(p["value"], p["label"], p["primary"]) for p in held[name]]


def test_labels_that_users_gave_outlive_a_push(rig: Rig) -> None:
    remote = put(rig, EWA)
    home = {"value": "Lis@example.org", "label": "home"}
    rig.edit(remote, emails=[home], phones=[{"value": "600 100 200", "label": "mobile"}])
    put(rig, EWA, remote)
    assert points(rig, remote, "phones") == [("+48600100200", "mobile", True)]
    assert points(rig, remote, "emails") == [
        ("ewa@example.org", "work", True),
        ("lis@example.org", "home", False),
    ]
    sent = json.loads(rig.wire.sent[-1].body)
    assert [point["primary"] for point in sent["emails"]] == [True, False]


def test_what_is_primary_there_is_read_first(rig: Rig) -> None:
    remote = put(rig, EWA)
    both = [{"value": "ewa@example.org"}, {"value": "lis@example.org", "primary": True}]
    rig.edit(remote, emails=both)
    told = rig.connector().read(rig.op(EWA, remote))
    assert told and rig.mapper.inward(told.body)["emails"][0] == {"address": "lis@example.org"}


def test_who_has_no_name_is_made_all_the_same(rig: Rig) -> None:
    remote = put(rig, {"emails": EWA["emails"]})
    assert (rig.held(remote) or {})["name"] == NAMELESS
    assert rig.shown(remote) == {"emails": EWA["emails"]}


def test_our_id_joins_custom_fields_that_are_mapped(rig: Rig) -> None:
    own = "a" * 40
    rig.standin.api.keys.add(own)
    rule = {"ours": "job_title", "theirs": f"custom_fields.{own}"}
    body = Mapper.of({"system": "pipedrive", "version": 1, "rules": [rule]}).outward(
        {"job_title": "Buyer"}
    )
    (result,) = rig.connector().push([Op("upsert", ID, "t-1", body)])
    held = rig.held(result.remote) or {}
    assert held["custom_fields"] == {own: "Buyer", rig.options["key"]: ID}


def test_whom_a_user_made_is_found_by_address_and_marked_as_ours(rig: Rig) -> None:
    rig.make(name="Ela", emails=[{"value": "ella.lis@example.org"}])
    remote = rig.make(name="Ewa", emails=[{"value": "LIS@example.org"}])
    assert rig.connector().find(rig.op(EWA)) == [remote]
    put(rig, EWA, remote)
    assert rig.connector().find(rig.op({})) == [remote]


def knowing(rig: Rig, *places: str) -> Connector:
    """The connector of a target whose mapping knows these."""
    plain = rig.connector()
    return replace(plain, account=replace(plain.account, places=places))


def test_the_status_of_mailing_is_asked_for_where_it_is_mapped(rig: Rig) -> None:
    remote = put(rig, EWA)
    connector = knowing(rig, "marketing_status")
    read = connector.read(rig.op(EWA, remote))
    (fetched,) = connector.fetch([remote])
    (polled,) = connector.poll(None).told
    assert [t and t.body["marketing_status"] for t in (read, fetched, polled)] == ["no_consent"] * 3


def test_fetching_tells_who_is_no_more(rig: Rig) -> None:
    remotes = [rig.make(name=f"Ewa {n}") for n in range(12)]
    rig.delete(remotes[1])
    for some in (remotes[:3], remotes):  # a few cost one token each, any number ten
        rig.clock.on(seconds=10)
        left = rig.standin.limits.day.left(rig.clock())
        told = {t.remote: t.kind for t in rig.connector().fetch(some)}
        assert told == dict.fromkeys(some, "upsert") | {remotes[1]: "delete"}
        assert left - rig.standin.limits.day.left(rig.clock()) == min(len(some), 10)
    assert rig.connector().read(rig.op({}, remotes[1])) is None


def test_a_spent_budget_says_how_long_to_wait(rig: Rig) -> None:
    rig.standin.limits.burst.take(rig.clock(), 20)
    (result,) = rig.connector().push([rig.op(EWA)])
    assert (result.status, result.retry_after) == ("throttled", "2")


def test_a_poll_goes_on_where_it_stopped_and_leaves_out_nobody(rig: Rig) -> None:
    for n in range(501):
        rig.make(name=f"Ewa {n}")
    first = rig.connector().poll(None)
    second = rig.connector().poll(first.cursor)
    assert (len(first.told), first.more, len(second.told), second.more) == (500, True, 1, False)
    again = rig.connector().poll(second.cursor)
    assert len(again.told) == 500  # others of the same moment may still come
    rig.clock.on(minutes=5)
    settled = rig.connector().poll(rig.connector().poll(again.cursor).cursor)
    assert settled.told == [] and rig.connector().poll(settled.cursor).told == []


def test_a_poll_goes_by_the_time_of_the_change(rig: Rig) -> None:
    first, second = (rig.make(name=f"Ewa {n}") for n in range(2))
    rig.clock.on(hours=1)
    rig.edit(first, name="Ela")
    rig.clock.on(hours=1)
    page = rig.connector().poll(None)
    assert [told.remote for told in page.told] == [second, first]
    assert rig.connector().poll(page.cursor).told == []


def events(rig: Rig) -> list[Hook]:
    return [hook_of(called) for called in rig.standin.events()]


def hook_of(called: Called) -> Hook:
    return Hook(called.method, HOOK["subscription_url"], {}, called.headers, called.body)


def subscribe(rig: Rig) -> None:
    reply = ask(rig.standin, "POST", "/api/v1/webhooks", HOOK, {"x-api-token": "api-token-1"})
    assert reply.status == 201


def parsed(rig: Rig) -> list[Told]:
    return [told for hook in events(rig) for told in rig.connector().parse(hook)]


def test_the_password_of_an_event_is_one_of_the_secrets(rig: Rig) -> None:
    subscribe(rig)
    rig.make(name="Ewa")
    (hook,) = events(rig)
    rig.connector().verify(hook, ["whsec_3", "whsec_2"])
    for secrets in (["whsec_3"], [""], []):
        with pytest.raises(UnauthorizedError):
            rig.connector().verify(hook, secrets)


def test_events_tell_whom_to_read_and_whose_doing_it_was(rig: Rig) -> None:
    subscribe(rig)
    remote = put(rig, EWA)
    rig.edit(remote, job_title="Buyer")
    made, changed = parsed(rig)
    assert (made.kind, made.remote, made.ours) == ("ref", remote, True)
    assert (changed.kind, changed.remote, changed.ours) == ("ref", remote, False)
    assert changed.occurred_at == rig.clock()
    rig.options = rig.options | {"user": "3"}
    put(rig, EWA | {"full_name": "Ewa Maj"}, remote)
    assert [told.ours for told in parsed(rig)] == [False]


def test_events_tell_of_deletions_and_of_merges(rig: Rig) -> None:
    one, two, three = (rig.make(name=f"Ewa {n}") for n in range(3))
    subscribe(rig)
    rig.standin.merge(int(one), int(two))
    rig.delete(three)
    told = [(t.kind, t.remote, t.into) for t in parsed(rig)]
    assert told == [("merge", two, one), ("ref", one, ""), ("delete", three, "")]


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"meta": {}}', b"null", b"\xff"])
def test_what_is_no_event_is_refused(rig: Rig, body: bytes) -> None:
    with pytest.raises(InvalidError):
        rig.connector().parse(Hook("POST", HOOK["subscription_url"], {}, {}, body))


def test_events_of_other_things_tell_nothing(rig: Rig) -> None:
    subscribe(rig)
    rig.make(name="Ewa")
    (hook,) = events(rig)
    body = json.loads(hook.body)
    body["meta"]["entity"] = "deal"
    deal = Hook("POST", hook.url, {}, {}, json.dumps(body).encode())
    assert rig.connector().parse(deal) == []


def test_a_creation_that_the_search_does_not_show_yet_is_found_later(rig: Rig) -> None:
    rig.standin.api.search_lag = timedelta(seconds=10)
    remote = put(rig, EWA)
    assert rig.connector().find(rig.op(EWA)) == []
    rig.clock.on(seconds=10)
    assert rig.connector().find(rig.op(EWA)) == [remote]


def test_a_subscription_that_was_given_up_stands_no_more(rig: Rig) -> None:
    made = rig.connector().subscribe(HOOK["subscription_url"], "whsec_1")
    rig.make(name="Ada")
    (called,) = rig.standin.events()
    rig.standin.pushed.returned(called)
    assert rig.connector().subscriptions() == [made]
    rig.clock.on(days=3)
    rig.standin.pushed.shows_ended = True
    assert rig.connector().subscriptions() == []


def test_how_long_to_wait_with_a_subscription_is_heard(rig: Rig) -> None:
    rig.standin.limits.burst.limit = 1
    assert rig.connector().subscriptions() == []
    with pytest.raises(UnavailableError) as failed:
        rig.connector().subscriptions()
    assert (failed.value.result.status, failed.value.result.retry_after) == ("throttled", "2")
