"""Who may be started, paused and resumed; bodies of every size are kept as they came."""

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.errors import BusyError, ConflictError, UnauthorizedError
from chalicelib.domain.pausing import packed, unpacked
from chalicelib.domain.sources import Source, Target
from chalicelib.flow import jobs, registry
from chalicelib.flow.intake import receive
from chalicelib.flow.pausing import lifecycle, rest
from chalicelib.flow.telling import backfill
from chalicelib.flow.telling.targets import put_target
from chalicelib.store import keys
from chalicelib.store.limits import check_item
from chalicelib.store.ports import Delete
from tests.support.checks import product_faults
from tests.support.scenes import born
from tests.support.state import read
from tests.support.world import World, record, unlimited

MIB = 1024 * 1024
TARGET = {"name": "t", "url": "http://127.0.0.1:1/", "filter": "", "fields": ("full_name",)}
Do = Callable[[World], object]


@pytest.fixture
def world() -> World:
    made = World()
    made.source("crm")
    made.source("new", state="prepared")
    made.target("book")
    made.target("later", state="prepared")
    return made


@pytest.mark.parametrize("body", [b"{}", b"a" * MIB, "ż".encode() * 1000])
def test_a_body_is_kept_byte_for_byte(body: bytes) -> None:
    assert unpacked(packed(body)) == body


def test_the_largest_call_that_there_is_fits_into_items() -> None:
    noise = random.Random(1).randbytes(MIB)
    parts = packed(noise)
    assert len(parts) == 4
    assert unpacked(parts) == noise
    for part in parts:
        check_item({"pk": "Q#" + "s" * 63, "sk": "0000000001#3", "body": part, "batch": "b" * 43})


def test_a_call_of_nearly_a_mebibyte_is_kept_and_applied(world: World) -> None:
    lifecycle.pause(world.ports, Source, "crm")
    notes = [world.chance.bytes(32).hex() * 130 for _ in range(100)]
    given = [record(str(n), full_name="Jan Kos", notes=[note]) for n, note in enumerate(notes)]
    assert {r["outcome"] for r in world.call("crm", given)} == {"kept"}
    assert not read(world.items.snapshot()).records
    lifecycle.resume(world.ports, Source, "crm")
    world.work()
    assert len(read(world.items.snapshot()).records) == 100


@pytest.mark.parametrize(
    ("do", "kind"),
    [
        (lambda w: w.tell("new", "1", full_name="Jan Kos"), "not_started"),
        (lambda w: lifecycle.pause(w.ports, Source, "new"), "not_started"),
        (lambda w: lifecycle.resume(w.ports, Target, "later"), "not_started"),
        (lambda w: backfill.backfill(w.ports, "later"), "not_started"),
        (lambda w: w.source("crm", state="prepared"), "bad_state"),
        (lambda w: w.target("later", state="active"), "bad_state"),
        (lambda w: _paused_start(w), "paused"),
    ],
)
def test_what_contradicts_a_state_is_refused_and_says_why(world: World, do: Do, kind: str) -> None:
    with pytest.raises(ConflictError) as refused:
        do(world)
    assert refused.value.kind == kind


def _paused_start(world: World) -> None:
    lifecycle.pause(world.ports, Source, "crm")
    lifecycle.start(world.ports, Source, "crm")


def test_settings_leave_a_pause_as_it_is(world: World) -> None:
    lifecycle.pause(world.ports, Source, "crm")
    assert world.source("crm", trust=70).state == "paused"
    assert world.source("new", trust=70).state == "prepared"


def test_bad_calls_are_refused_also_while_their_source_rests(world: World) -> None:
    lifecycle.pause(world.ports, Source, "crm")
    before = world.items.snapshot()
    body = json.dumps({"type": "contact.upserted", "data": [record("1")]}).encode()
    forged = world.signed("crm", body, "m") | {"webhook-id": "other"}
    with pytest.raises(UnauthorizedError):
        receive.receive(world.ports, "crm", forged, body, unlimited)
    assert world.items.snapshot() == before


def test_a_known_id_with_another_body_is_refused_also_while_it_waits(world: World) -> None:
    lifecycle.pause(world.ports, Source, "crm")
    world.call("crm", [record("1", full_name="Jan Kos")], message_id="m")
    with pytest.raises(ConflictError) as refused:
        world.call("crm", [record("2", full_name="Jan Kos")], message_id="m")
    assert refused.value.kind == "id_reused"


def test_what_was_kept_counts_from_when_it_came(world: World) -> None:
    """Five minutes ahead was too far then, and is still refused a day later."""
    lifecycle.pause(world.ports, Source, "crm")
    world.call("crm", [record("1", 600, full_name="Jan Kos"), record("2", full_name="Ewa Kos")])
    came = world.clock()
    world.clock.tick(days=1)
    lifecycle.resume(world.ports, Source, "crm")
    world.work()
    state = read(world.items.snapshot())
    [effects] = state.effects.values()
    assert [e.outcome for e in effects.values()] == ["refused", "created"]
    [known] = state.records.values()
    assert known.first_seen.startswith(came.strftime("%Y-%m-%dT%H:%M"))


def test_no_body_is_left_once_it_is_applied(world: World) -> None:
    lifecycle.pause(world.ports, Source, "crm")
    world.tell("crm", "1", full_name="Jan Kos")
    lifecycle.resume(world.ports, Source, "crm")
    world.work()
    assert [p["body"] for ps in read(world.items.snapshot()).kept["crm"].values() for p in ps] == [
        ""
    ]


def test_a_job_that_was_given_up_leaves_its_calls_for_another(world: World) -> None:
    lifecycle.pause(world.ports, Source, "crm")
    world.tell("crm", "1", full_name="Jan Kos")
    job = lifecycle.resume(world.ports, Source, "crm")
    world.queues.waiting.clear()
    jobs.close(world.ports, job, "failed", {})
    world.tell("crm", "2", full_name="Ewa Kos")
    assert rest.shown(world.ports)["kept"] == {"crm": 2}
    lifecycle.resume(world.ports, Source, "crm")
    world.work()
    assert rest.shown(world.ports)["kept"] == {}
    assert len(read(world.items.snapshot()).records) == 2


def test_a_target_that_is_prepared_hears_nothing_until_it_is_started(world: World) -> None:
    world.tell("crm", "1", full_name="Jan Kos")
    world.work()
    put_target(world.ports, "later", TARGET | {"held": "send", "enabled": True, "filter": "*"})
    world.work()
    assert all(d.target == "book" for d in read(world.items.snapshot()).deliveries.values())
    assert lifecycle.start(world.ports, Target, "later").state == "active"
    world.work()
    told = {d.target: d.state for d in read(world.items.snapshot()).deliveries.values()}
    assert told == {"book": "delivered", "later": "delivered"}


def test_sweeps_ask_nothing_of_targets_that_rest(world: World) -> None:
    world.tell("crm", "1", full_name="Jan Kos")
    lifecycle.pause(world.ports, Target, "book")
    world.work()
    world.clock.tick(minutes=5)
    assert world.sweep()["deliveries"] == 0
    lifecycle.resume(world.ports, Target, "book")
    lifecycle.pause_all(world.ports, "key:1")
    assert world.sweep()["deliveries"] == 0
    assert not world.pushes()


def test_who_rests_is_shown(world: World) -> None:
    shown: dict[str, Any] = rest.shown(world.ports)
    assert shown["state"] == "active"
    lifecycle.pause(world.ports, Target, "book")
    lifecycle.pause_all(world.ports, "key:1")
    world.tell("crm", "1", full_name="Jan Kos")
    shown = rest.shown(world.ports)
    assert (shown["state"], shown["by"], shown["targets"]) == ("paused", "key:1", ["book"])
    assert shown["kept"] == {"crm": 1}
    lifecycle.resume_all(world.ports)
    assert rest.shown(world.ports)["state"] == "resuming"
    world.work()
    shown = rest.shown(world.ports)
    assert (shown["state"], shown["since"], shown["targets"]) == ("active", None, ["book"])
    assert registry.registered(world.ports, Target, "book").state == "paused"


def test_what_was_kept_is_applied_in_the_order_of_its_coming_over_all_sources(
    world: World,
) -> None:
    world.source("a-late-one")
    lifecycle.pause_all(world.ports, "key:1")
    for number, source in enumerate(("crm", "a-late-one", "crm")):
        world.clock.tick(seconds=1)
        world.tell(source, str(number), full_name="Jan Kos")
    lifecycle.resume_all(world.ports)
    world.clock.tick(minutes=1)
    world.drain("jobs")
    batches = sorted(read(world.items.snapshot()).batches.values(), key=lambda batch: batch.at)
    queued = [json.loads(message)["change"][1] for message in world.queues.waiting["match"]]
    effects = read(world.items.snapshot()).effects
    came = [effects[batch.id][0].contact_id for batch in batches]
    assert [change.partition("#")[0] for change in queued] == came


def test_a_job_that_is_over_does_not_end_a_pause_that_began_anew(world: World) -> None:
    lifecycle.pause_all(world.ports, "key:1")
    lifecycle.resume_all(world.ports)
    lifecycle.pause_all(world.ports, "key:2")
    world.work()
    assert rest.shown(world.ports)["state"] == "paused"


@pytest.mark.unsound
def test_a_kept_call_that_was_torn_is_named_and_does_not_stop_the_others(world: World) -> None:
    lifecycle.pause(world.ports, Source, "crm")
    for name in "123":
        world.tell("crm", name, full_name="Jan Kos")
    world.items.write([Delete(keys.kept("crm", 2, 0))])
    assert {f.code for f in product_faults(world)} == {"answer_unfounded", "line_torn"}
    lifecycle.resume(world.ports, Source, "crm")
    world.work()
    assert rest.shown(world.ports)["kept"] == {}
    known = [world.ports.items.get(keys.record(born("crm", name))) for name in "123"]
    assert [row is not None for row in known] == [True, False, True]


def test_a_call_that_died_before_the_pause_is_kept_when_it_comes_again(world: World) -> None:
    body = json.dumps({"type": "contact.upserted", "data": [record("1", full_name="Jan Kos")]})
    headers = world.signed("crm", body.encode(), "m")
    with pytest.raises(BusyError):
        receive.receive(world.ports, "crm", headers, body.encode(), lambda: 0)
    lifecycle.pause(world.ports, Source, "crm")
    answer = receive.receive(world.ports, "crm", headers, body.encode(), unlimited)
    assert [result["outcome"] for result in answer["results"]] == ["kept"]
    assert not read(world.items.snapshot()).records
    lifecycle.resume(world.ports, Source, "crm")
    world.work()
    assert len(read(world.items.snapshot()).records) == 1


def test_targets_go_on_once_all_that_was_kept_is_applied(world: World) -> None:
    world.tell("crm", "1", full_name="Jan Kos")
    world.drain("match", "fan-out")
    lifecycle.pause_all(world.ports, "key:1")
    world.tell("crm", "1", 5, full_name="Jan Nepomucen Kos")
    lifecycle.resume_all(world.ports)
    world.drain("deliver")
    assert not world.pushes()
    world.work()
    assert [push["data"]["full_name"] for push in world.pushes()] == ["Jan Nepomucen Kos"]
