"""The Pipedrive stand-in behaves as Pipedrive's documents say."""

from base64 import b64encode
from typing import Any

import pytest

from tests.standins.base import Replied
from tests.standins.common.failing import Lost
from tests.standins.pipedrive import OWN_KEY, Pipedrive

from .calling import Clock, ask

BASE = "/api/v2/persons"
KEY = {"x-api-token": "api-token-1"}
HOOK = {
    "subscription_url": "https://hooks.example.org/in/pipedrive",
    "event_action": "*",
    "event_object": "person",
    "name": "Kartoteka",
    "version": "2.0",
    "http_auth_user": "kartoteka",
    "http_auth_password": "secret",
}
ADA: dict[str, Any] = {"name": "Ada Lovelace", "emails": [{"value": "Ada@example.org"}]}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pipedrive(clock: Clock) -> Pipedrive:
    return Pipedrive(clock, two_seconds=1000)


def call(pipedrive: Pipedrive, method: str, path: str, body: Any = None) -> Replied:
    whole = path if path.startswith(("/v", "/a")) else BASE + path
    return ask(pipedrive, method, whole, body, KEY)


def told(pipedrive: Pipedrive) -> list[dict[str, Any]]:
    return [called.json() for called in pipedrive.events()]


def test_a_person_is_made_written_read_and_deleted(pipedrive: Pipedrive, clock: Clock) -> None:
    made = call(pipedrive, "POST", "", {**ADA, "custom_fields": {OWN_KEY: "k1"}})
    assert made.status == 201
    person = made.body["data"]
    assert (person["first_name"], person["last_name"]) == ("Ada", "Lovelace")
    assert person["emails"] == [{"value": "Ada@example.org", "primary": True, "label": "work"}]
    patched = call(pipedrive, "PATCH", "/1", {"phones": [{"value": " 1 ", "label": "home"}]})
    assert patched.body["data"]["phones"][0]["value"] == "1"
    assert patched.body["data"]["custom_fields"] == {OWN_KEY: "k1"}
    assert call(pipedrive, "DELETE", "/1").body["data"] == {"id": 1}
    assert call(pipedrive, "GET", "/1").body["data"]["is_deleted"] is True
    assert call(pipedrive, "PATCH", "/1", {"name": "x"}).status == 404
    clock.on(days=30)
    assert call(pipedrive, "GET", "/1").status == 404
    assert not pipedrive.broken


def test_nothing_is_unique(pipedrive: Pipedrive) -> None:
    assert [call(pipedrive, "POST", "", ADA).body["data"]["id"] for _ in range(2)] == [1, 2]


def test_a_search_finds_by_part_or_whole(pipedrive: Pipedrive, clock: Clock) -> None:
    call(pipedrive, "POST", "", {**ADA, "custom_fields": {OWN_KEY: "k1"}})
    exact = "&fields=email&exact_match=true"
    found = call(pipedrive, "GET", f"/search?term=ada@EXAMPLE.org{exact}").body["data"]["items"]
    assert found[0]["item"]["id"] == 1 and found[0]["item"]["emails"] == ["Ada@example.org"]
    assert call(pipedrive, "GET", f"/search?term=ada{exact}").body["data"]["items"] == []
    own = call(pipedrive, "GET", "/search?term=k1&fields=custom_fields&exact_match=true")
    assert len(own.body["data"]["items"]) == 1
    late = Pipedrive(clock, search_lag=clock() - clock().replace(hour=11))
    late.create(**ADA)
    assert call(late, "GET", "/search?term=ada").body["data"]["items"] == []
    clock.on(hours=1)
    assert len(call(late, "GET", "/search?term=ada").body["data"]["items"]) == 1


def test_a_poll_goes_by_seconds_and_cursors(pipedrive: Pipedrive, clock: Clock) -> None:
    pipedrive.create(name="old")
    clock.on(hours=1)
    for at in range(5):
        pipedrive.create(name=f"n{at}")
    pipedrive.delete(3)
    since = "updated_since=2026-11-23T13:00:00Z&sort_by=update_time&limit=3"
    first = call(pipedrive, "GET", f"?{since}").body
    cursor = first["additional_data"]["next_cursor"]
    rest = call(pipedrive, "GET", f"?{since}&cursor={cursor}").body
    assert [person["id"] for person in first["data"] + rest["data"]] == [2, 4, 5, 6]
    assert rest["additional_data"]["next_cursor"] is None


def test_a_marketing_status_is_set_once_and_then_stays_silently(pipedrive: Pipedrive) -> None:
    call(pipedrive, "POST", "", ADA)
    for status in ("subscribed", "unsubscribed"):
        assert call(pipedrive, "PATCH", "/1", {"marketing_status": status}).status == 200
    got = call(pipedrive, "GET", "/1?include_fields=marketing_status").body["data"]
    assert got["marketing_status"] == "subscribed"
    assert "marketing_status" not in call(pipedrive, "GET", "/1").body["data"]
    pipedrive.unsubscribe("ada@example.org")
    assert pipedrive.records[1]["marketing_status"] == "unsubscribed"


def test_job_titles_come_only_with_contact_sync(clock: Clock) -> None:
    for synced in (False, True):
        pipedrive = Pipedrive(clock, contact_sync=synced)
        pipedrive.edit(pipedrive.create(name="Ada"), job_title="Countess")
        assert ("job_title" in call(pipedrive, "GET", "/1").body["data"]) is synced


def test_companies_are_records_of_their_own(pipedrive: Pipedrive) -> None:
    id = call(pipedrive, "POST", "/api/v2/organizations", {"name": "Acme"}).body["data"]["id"]
    assert call(pipedrive, "POST", "", {"name": "Ada", "org_id": id}).body["data"]["org_id"] == id
    got = call(pipedrive, "GET", f"/api/v2/organizations/{id}").body["data"]
    assert got["name"] == "Acme"


def test_calls_cost_tokens_of_the_day(clock: Clock) -> None:
    pipedrive = Pipedrive(clock, day=26, two_seconds=1000)
    left = [
        call(pipedrive, "POST", "", ADA).headers["x-daily-ratelimit-token-remaining"],
        call(pipedrive, "GET", "/search?term=ada").headers["x-daily-ratelimit-token-remaining"],
        call(pipedrive, "GET", "/1").headers["x-daily-ratelimit-token-remaining"],
    ]
    assert left == ["21", "1", "0"]
    assert call(pipedrive, "GET", "/1").status == 429
    clock.on(hours=12)
    assert call(pipedrive, "GET", "/1").status == 200


def test_a_burst_ends_after_two_seconds(clock: Clock) -> None:
    pipedrive = Pipedrive(clock, two_seconds=2)
    statuses = [call(pipedrive, "GET", "/9").status for _ in range(3)]
    assert statuses == [404, 404, 429]
    spent = call(pipedrive, "GET", "/9")
    assert (spent.headers["x-ratelimit-remaining"], spent.headers["x-ratelimit-reset"]) == (
        "0",
        "2",
    )
    clock.on(seconds=2)
    assert call(pipedrive, "GET", "/9").status == 404


def test_a_token_is_renewed_and_its_refresh_token_too(pipedrive: Pipedrive, clock: Clock) -> None:
    basic = {"Authorization": "Basic " + b64encode(b"client-id:client-secret").decode()}
    form = {"grant_type": "refresh_token", "refresh_token": "refresh-1"}
    made = ask(pipedrive, "POST", "/oauth/token", form=form, headers=basic).body
    key = {"Authorization": f"Bearer {made['access_token']}"}
    assert ask(pipedrive, "GET", BASE, headers=key).status == 200
    assert ask(pipedrive, "POST", "/oauth/token", form=form, headers=basic).status == 400
    assert ask(pipedrive, "POST", "/oauth/token", form=form).status == 401
    clock.on(seconds=3600)
    assert ask(pipedrive, "GET", BASE, headers=key).status == 401
    assert ask(pipedrive, "GET", BASE).status == 401
    pipedrive.expire()
    assert call(pipedrive, "GET", "").status == 401


def test_an_answer_is_lost_after_the_effect(pipedrive: Pipedrive) -> None:
    pipedrive.fail_next(504, after=True, on="POST .*persons$")
    with pytest.raises(Lost):
        call(pipedrive, "POST", "", ADA)
    assert len(pipedrive.records) == 1
    pipedrive.outage = 503
    assert call(pipedrive, "GET", "").status == 503
