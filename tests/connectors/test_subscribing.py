"""A partner calls us because we asked it to: for as long as it shall, with a proof that counts."""

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.domain.errors import ConflictError, InvalidError, NotFoundError
from chalicelib.domain.sources import Source, Target
from chalicelib.flow import credentials, registry
from chalicelib.flow.hearing import subscribe, tend
from chalicelib.flow.hearing.partners import partner
from chalicelib.flow.pausing import lifecycle
from chalicelib.flow.telling.health import health
from tests.connectors.callers import HOST, MAKERS, Caller
from tests.connectors.rigs import Rig
from tests.support.checks import fsck
from tests.support.state import read
from tests.support.world import World, unlimited


@pytest.fixture(params=MAKERS, ids=lambda make: make.__name__)
def caller(request: pytest.FixtureRequest) -> Iterator[Caller]:
    """Each system in turn; in the end what stands there is what the row says."""
    made = Caller(request.param)
    yield made
    assert made.rig.standin.broken == []
    fsck(made.world, exact=())


def contact(rig: Rig) -> str:
    """A user makes a contact there, each time another one."""
    name = f"Ewa{len(rig.standin.records)}"
    fields: dict[str, Any] = {
        "graph": {"surname": name},
        "mailchimp": {"email": f"{name}@example.org", "FNAME": name},
        "pipedrive": {"name": name},
    }[rig.kind]
    return rig.make(**fields)


def stands(caller: Caller) -> bool:
    """Whether exactly one of ours stands there, is the one of the row, and its calls count."""
    ours = [each for each in caller.there() if each.url.startswith(HOST)]
    assert len(ours) <= 1
    if ours:
        assert ours[0].id == caller.row.id
        caller.rig.edit(contact(caller.rig), **caller.rig.foreign)
        assert set(caller.ring()) == {200}
    return bool(ours)


def test_who_asks_for_calls_gets_them(caller: Caller) -> None:
    told = caller.subscribe()
    assert (told["state"], told["url"], told["error"]) == ("active", caller.url, None)
    assert told["id"] == caller.there()[0].id
    remote = contact(caller.rig)
    assert caller.ring() and caller.world.listen() == 1
    assert remote in str(caller.world.items.snapshot())
    assert stands(caller)


def test_asked_again_it_makes_no_other(caller: Caller) -> None:
    first = caller.subscribe()
    assert caller.subscribe() | {"seen": first["seen"]} == first
    assert caller.writes("POST") == 1 and stands(caller)


def test_who_wants_no_calls_gets_none(caller: Caller) -> None:
    caller.subscribe()
    told = caller.unsubscribe()
    assert (told["state"], told["id"]) == ("none", None)
    assert not stands(caller) and caller.unsubscribe() == told
    caller.on(days=2)
    assert caller.tend() == 0 and not stands(caller)


def test_one_that_nobody_asked_for_is_none(caller: Caller) -> None:
    assert caller.tend() == 0
    assert subscribe.shown(caller.world.ports, "s")["state"] == "none"
    assert caller.unsubscribe()["state"] == "none"
    assert caller.rig.standin.calls == []


def test_one_whose_answer_was_lost_is_found_and_not_doubled(caller: Caller) -> None:
    caller.rig.standin.fail_next(500, after=True, on="^POST .*(subscriptions|webhooks)$")
    assert caller.subscribe()["state"] == "failing"
    caller.on(minutes=1)
    assert caller.tend() == 1
    assert caller.row.state == "active" and stands(caller)
    assert caller.writes("POST") == 1


def test_another_secret_takes_the_place_of_the_old_one(caller: Caller) -> None:
    caller.subscribe()
    registry.rotate_secret(caller.world.ports, Source, "s")
    assert stands(caller)  # the old one counts for a day
    assert caller.tend() == 1
    caller.on(days=1, seconds=1)
    assert stands(caller) and caller.row.secret == 2


def test_another_url_takes_the_place_of_the_old_one(caller: Caller) -> None:
    caller.subscribe(f"{HOST}/api/v1/hooks/s")
    caller.subscribe()
    (there,) = caller.there()
    assert there.url.startswith(caller.url)


def test_the_old_url_is_ended_even_if_that_fails_at_first(caller: Caller) -> None:
    caller.subscribe(f"{HOST}/api/v1/hooks/s")
    caller.rig.standin.fail_next(503, on="^DELETE")
    assert caller.subscribe()["state"] == "failing"
    assert len(caller.there()) == 2
    caller.on(minutes=1)
    caller.tend()
    (there,) = caller.there()
    assert there.url.startswith(caller.url) and caller.row.state == "active"


def test_one_that_is_gone_is_made_anew_within_a_day(caller: Caller) -> None:
    caller.subscribe()
    caller.drop()
    caller.on(hours=23)
    assert caller.tend() == 0
    caller.on(hours=2)
    assert caller.tend() == 1 and stands(caller)


def disable(caller: Caller, yes: bool = True) -> None:
    settings = {"name": "s", "kind": caller.rig.kind, "enabled": not yes}
    registry.register(caller.world.ports, Source, "s", settings)
    caller.tend()


@pytest.mark.parametrize("silence", [Caller.drop, disable])
def test_what_was_missed_while_it_was_gone_is_read(
    caller: Caller, silence: Callable[[Caller], None]
) -> None:
    """Deletions too, which no poll of some systems tells."""
    caller.subscribe()
    remote = contact(caller.rig)
    caller.ring()
    caller.world.listen()
    silence(caller)
    forget = getattr(caller.rig.standin, "forget", caller.rig.delete)
    forget(remote)
    caller.on(days=1)
    disable(caller, yes=False)
    for _ in range(3):
        caller.on(minutes=1)
        caller.world.listen()
    (record,) = read(caller.world.items.snapshot()).records.values()
    assert not record.alive


def test_those_of_others_stay(caller: Caller) -> None:
    known = partner(caller.world.ports, caller.source)
    assert known
    theirs = f"{HOST}/v1/hooks/another"
    if caller.rig.kind == "graph":
        caller.rig.standin.subscriptions.hook = lambda called: caller.answer(called)
    known.connector.subscribe(theirs, "whsec_theirs")
    caller.subscribe()
    caller.unsubscribe()
    assert [each.url for each in caller.there()] == [theirs]


def test_one_that_a_person_made_by_hand_is_taken_over(caller: Caller) -> None:
    known = partner(caller.world.ports, caller.source)
    assert known
    known.connector.subscribe(caller.url, "whsec_by_hand")
    caller.subscribe()
    assert stands(caller)


def test_a_disabled_source_is_not_called_and_an_enabled_one_is_again(caller: Caller) -> None:
    caller.subscribe()
    disable(caller)
    assert (caller.row.state, caller.there(), caller.tend()) == ("off", [], 0)
    disable(caller, yes=False)
    assert caller.row.state == "active" and stands(caller)


def test_a_paused_source_is_called_on_and_reads_later(caller: Caller) -> None:
    caller.subscribe()
    lifecycle.pause(caller.world.ports, Source, "s")
    lifecycle.pause_all(caller.world.ports, "key:1")
    caller.on(days=2)
    assert caller.tend() == 1 and stands(caller)
    assert caller.world.listen() == 0
    lifecycle.resume_all(caller.world.ports)
    lifecycle.resume(caller.world.ports, Source, "s")
    caller.world.work()
    assert caller.world.listen() == 1


def test_a_system_that_fails_is_asked_again_ever_later(
    caller: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    caller.rig.standin.outage = 503
    with caplog.at_level(logging.WARNING):
        told = caller.subscribe()
    assert (told["state"], told["error"]) == ("failing", "http_503")
    assert told["failed_at"] and told["id"] is None
    assert json.loads(caplog.messages[-1]) == {"not_subscribed": "s", "why": "http_503"}
    assert tries_in(caller, hours=12) == 16
    caller.rig.standin.outage = None
    caller.on(hours=1)
    assert caller.tend() == 1
    assert (caller.row.error, caller.row.failures) == ("", 0) and stands(caller)


def test_one_of_which_nobody_knows_what_is_wrong_is_said_to_fail_and_left_alone_for_a_while(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError

    caller.subscribe()
    caller.on(days=2)
    with monkeypatch.context() as patched, pytest.raises(KeyError):
        patched.setattr(tend, "bring_in_line", broken)
        caller.tend()
    assert (caller.row.state, caller.row.error) == ("failing", "broken")
    assert caller.tend() == 0
    caller.on(minutes=2)
    assert caller.tend() == 1 and caller.row.state == "active"


def test_half_of_the_time_is_left_to_whoever_listens(caller: Caller) -> None:
    caller.subscribe()
    caller.on(days=2)
    left = iter([60_000, 29_000])
    assert tend.tend(caller.world.ports, lambda: next(left)) == 0
    assert caller.tend() == 1


def tries_in(caller: Caller, hours: int) -> int:
    """How often it is asked, minute by minute."""
    count = 0
    for _ in range(hours * 60):
        caller.on(minutes=1)
        count += caller.tend()
    return count


def test_one_that_cannot_be_ended_now_is_ended_later(caller: Caller) -> None:
    caller.subscribe()
    caller.rig.standin.outage = 503
    assert caller.unsubscribe()["state"] == "ending"
    caller.rig.standin.outage = None
    assert stands(caller)
    caller.on(minutes=1)
    assert caller.tend() == 1
    assert caller.row.state == "none" and not stands(caller)


def test_it_is_seen_in_the_partners_health(caller: Caller) -> None:
    assert health(caller.world.ports, "s")["subscription"] == "none"
    caller.subscribe()
    assert health(caller.world.ports, "s")["subscription"] == "active"


def test_no_secret_stands_in_any_row(caller: Caller) -> None:
    caller.subscribe()
    rows = str(caller.world.items.snapshot())
    known = credentials.valid(caller.world.ports, "sources", caller.source)
    assert known and not [text for text in (*known, *caller.rig.access.values()) if text in rows]
    assert "token=" not in rows


@pytest.mark.parametrize(
    "url",
    [
        f"{HOST}/v1/hooks/other",
        f"{HOST}/v1/hooks/s/",
        f"{HOST}/v1/hooks/s?token=1",
        f"{HOST}/?to=/v1/hooks/s",
        "http://kartoteka.example/v1/hooks/s",
        "https://10.0.0.1/v1/hooks/s",
        "https://user:word@kartoteka.example/v1/hooks/s",
        "ftp://kartoteka.example/v1/hooks/s",
        "/v1/hooks/s",
        "",
    ],
)
def test_only_its_own_webhook_may_be_called(url: str) -> None:
    caller = Caller(MAKERS[0])
    before = caller.world.items.snapshot()
    with pytest.raises(InvalidError) as refused:
        subscribe.subscribe(caller.world.ports, "s", url, unlimited)
    assert [fault.pointer for fault in refused.value.errors] == ["/url"]
    assert caller.world.items.snapshot() == before


def test_on_the_local_cloud_it_may_be_this_very_machine() -> None:
    caller = Caller(MAKERS[2])
    assert caller.subscribe("http://127.0.0.1:4566/api/v1/hooks/s")["state"] == "active"


def test_who_is_not_at_work_is_not_subscribed_to() -> None:
    world = World()
    world.source("crm")
    world.source("hubspot", kind="hubspot")
    world.target("hubspot", kind="hubspot", url="", fields=())
    for name, state, enabled, target in (
        ("new", "prepared", True, {}),
        ("dark", "active", False, {}),
        ("half", "active", True, {"state": "prepared"}),
        ("deaf", "active", True, {"enabled": False}),
        ("alone", "active", True, None),
    ):
        world.source(name, kind="pipedrive", state=state, enabled=enabled)
        if target is not None:
            world.target(name, kind="pipedrive", url="", fields=(), **target)
    kinds = {
        "crm": "unsupported",
        "hubspot": "unsupported",
        "new": "not_started",
        "dark": "disabled",
        "half": "not_started",
        "deaf": "disabled",
        "alone": "no_account",
    }
    before = world.items.snapshot()
    for name, kind in kinds.items():
        with pytest.raises(ConflictError) as refused:
            subscribe.subscribe(world.ports, name, f"{HOST}/v1/hooks/{name}", unlimited)
        assert refused.value.kind == kind, name
    with pytest.raises(NotFoundError):
        subscribe.subscribe(world.ports, "nobody", f"{HOST}/v1/hooks/nobody", unlimited)
    assert world.items.snapshot() == before


def test_one_without_an_account_does_not_hold_up_the_others() -> None:
    caller = Caller(MAKERS[2])
    caller.subscribe()
    caller.drop()
    caller.world.source("alone", kind="pipedrive")
    row = caller.row.model_copy(update={"rev": 0, "settled": ""})
    subscribe.subscriptions.keep(caller.world.ports, "alone", row)
    caller.on(days=1)
    with pytest.raises(ConflictError):
        caller.tend()
    assert stands(caller)
    assert registry.find(caller.world.ports, Target, "alone") is None
