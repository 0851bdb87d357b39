"""What the Pipedrive stand-in tells a hook, and how long its patience lasts."""

from base64 import b64encode

import pytest

from tests.standins.pipedrive import Pipedrive

from .calling import Clock
from .test_pipedrive import ADA, HOOK, call, told


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pipedrive(clock: Clock) -> Pipedrive:
    return Pipedrive(clock, two_seconds=1000)


def test_events_carry_the_record_and_the_hooks_credentials(pipedrive: Pipedrive) -> None:
    pipedrive.create(name="before the hook")
    assert call(pipedrive, "POST", "/v1/webhooks", HOOK).status == 201
    call(pipedrive, "POST", "", ADA)
    call(pipedrive, "PATCH", "/2", {"name": "Ada King"})
    call(pipedrive, "PATCH", "/2", {"name": "Ada King"})
    made, changed = pipedrive.events()
    basic = b64encode(b"kartoteka:secret").decode()
    assert made.headers["authorization"] == f"Basic {basic}"
    assert made.json()["meta"]["change_source"] == "api"
    assert made.json()["data"]["emails"][0]["value"] == "Ada@example.org"
    assert changed.json()["previous"] == {"name": "Ada Lovelace", "last_name": "Lovelace"}
    pipedrive.delete(2)
    [gone] = told(pipedrive)
    assert gone["data"] is None and gone["meta"]["change_source"] == "app"


def test_a_merge_is_a_deletion_and_a_change(pipedrive: Pipedrive) -> None:
    call(pipedrive, "POST", "/v1/webhooks", HOOK)
    into = pipedrive.create(name="Ada", emails=[{"value": "a@example.org"}])
    gone = pipedrive.create(name="A.", emails=[{"value": "b@example.org"}], job_title="Countess")
    told(pipedrive)
    pipedrive.merge(into, gone)
    deleted, changed = told(pipedrive)
    assert (deleted["meta"]["action"], deleted["meta"]["merged_to_id"]) == ("delete", into)
    assert (changed["meta"]["action"], changed["meta"]["merged_from_id"]) == ("change", gone)
    assert [point["value"] for point in pipedrive.records[into]["emails"]] == [
        "a@example.org",
        "b@example.org",
    ]
    assert gone not in pipedrive.records


def test_an_event_that_was_not_taken_comes_three_times_more(
    pipedrive: Pipedrive, clock: Clock
) -> None:
    call(pipedrive, "POST", "/v1/webhooks", HOOK)
    pipedrive.create(name="Ada")
    for attempt, wait in enumerate((3, 30, 150, 999), start=1):
        [called] = pipedrive.events()
        assert called.json()["meta"]["attempt"] == attempt
        pipedrive.pushed.returned(called)
        assert not pipedrive.events()
        clock.on(seconds=wait)
    assert not pipedrive.events()


def test_ten_first_failures_are_a_ban_of_half_an_hour(pipedrive: Pipedrive, clock: Clock) -> None:
    call(pipedrive, "POST", "/v1/webhooks", HOOK)
    for at in range(10):
        pipedrive.create(name=f"n{at}")
    for called in pipedrive.events():
        pipedrive.pushed.returned(called)
    clock.on(minutes=29)
    pipedrive.create(name="lost")
    for called in pipedrive.events():
        assert called.json()["data"]["name"] != "lost"
        pipedrive.pushed.returned(called)
    clock.on(minutes=1)
    pipedrive.create(name="told again")
    names = [event["data"]["name"] for event in told(pipedrive)]
    assert "told again" in names and "lost" not in names
    clock.on(days=3)
    assert len(call(pipedrive, "GET", "/v1/webhooks").body["data"]) == 1


def test_a_hook_that_fails_for_three_days_is_deleted(pipedrive: Pipedrive, clock: Clock) -> None:
    call(pipedrive, "POST", "/v1/webhooks", HOOK)
    pipedrive.create(name="Ada")
    [called] = pipedrive.events()
    pipedrive.pushed.returned(called)
    clock.on(days=3)
    assert call(pipedrive, "GET", "/v1/webhooks").body["data"] == []
    pipedrive.pushed.shows_ended = True
    (ended,) = call(pipedrive, "GET", "/v1/webhooks").body["data"]
    assert (ended["id"], ended["is_active"]) == (1, 0)


def test_forty_hooks_and_no_more(pipedrive: Pipedrive) -> None:
    statuses = [call(pipedrive, "POST", "/v1/webhooks", HOOK).status for _ in range(41)]
    assert statuses == [201] * 40 + [400]
    assert call(pipedrive, "DELETE", "/v1/webhooks/1").status == 200
    assert call(pipedrive, "DELETE", "/v1/webhooks/1").status == 404
