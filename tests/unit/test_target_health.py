"""What a target is spared, and what its health says: limits, days, backfills, failures."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.connectors.ports import Answer
from chalicelib.domain.errors import InvalidError
from chalicelib.domain.pacing import Asking, Pace, ask, fared, is_shut
from chalicelib.domain.rates import Limits, Rate
from chalicelib.domain.times import moment
from chalicelib.flow import jobs, sweep
from chalicelib.flow.pausing import lifecycle
from chalicelib.flow.pausing.lifecycle import pause_all
from chalicelib.flow.reading.lists import Wanted, deliveries
from chalicelib.flow.reading.lists import waiting as on_their_way
from chalicelib.flow.telling import backfill, retry
from chalicelib.flow.telling.health import health
from chalicelib.flow.telling.pacing import draw, pace_of
from chalicelib.flow.telling.targets import put_target
from tests.support.crowd import Crowd
from tests.support.world import START, World

NO = Answer(422, None, "http_422")
DOWN = Answer(500, None, "http_500")
BUSY = Answer(503, "120", "http_503")


@pytest.fixture
def world() -> World:
    made = World()
    made.target("book")
    return made


def crowd(world: World, *people: int, **settings: Any) -> Crowd:
    made = Crowd(world, [world.target("book", **settings)])
    for number in people:
        made.change(number)
    return made


def answers(world: World, *given: Answer) -> None:
    world.sender.answers.extend(given)


def sent(world: World) -> int:
    return len(world.sender.sent)


def test_the_next_call_waits_for_what_was_read(world: World) -> None:
    target = world.target("book", rate={"units": 10, "seconds": 60})
    draw(world.ports, target, 10)
    assert moment(health(world.ports, "book")["rate"]["next_free"]) > world.clock()


@pytest.mark.unsound
def test_a_target_that_asks_for_quiet_is_left_alone_for_all_contacts(world: World) -> None:
    answers(world, BUSY)
    crowd(world, *range(5))
    world.drain("deliver")
    assert sent(world) == 1
    world.clock.tick(seconds=90)
    world.sweep()
    world.drain("deliver")
    assert sent(world) == 1
    world.clock.tick(seconds=40)
    for _ in range(10):
        world.sweep()
        world.drain("deliver")
        world.clock.tick(seconds=61)
    assert sent(world) == 1 + 5


@pytest.mark.unsound
def test_a_target_that_fails_is_probed_by_one_at_growing_intervals(world: World) -> None:
    answers(world, *[DOWN] * 20)
    crowd(world, *range(30))
    tries = []
    for _ in range(40):
        world.drain("deliver")
        tries.append(sent(world))
        world.clock.tick(seconds=61)
        world.sweep()
    gaps = [n for n in range(1, 40) if tries[n] > tries[n - 1]]
    assert tries[0] == 5
    assert all(tries[n] - tries[n - 1] <= 1 for n in gaps[:5])
    assert max(b - a for a, b in zip(gaps, gaps[1:], strict=False)) >= 5
    found = health(world.ports, "book")
    assert found["breaker"]["state"] in ("open", "probing")
    assert found["errors_today"] == {"http_500": tries[-1]}
    for _ in range(60):
        world.drain("deliver")
        world.clock.tick(minutes=11)
        world.sweep()
    assert health(world.ports, "book")["breaker"]["state"] == "closed"
    assert health(world.ports, "book")["backlog"]["changes"]["count"] == 0


@pytest.mark.unsound
def test_a_delivery_without_a_token_is_put_off_and_that_is_no_attempt(world: World) -> None:
    crowd(world, *range(5), rate={"units": 1, "seconds": 10})
    world.drain("deliver")
    assert sent(world) == 1
    rows = deliveries(world.ports, Wanted("book"), None, 100)["items"]
    assert {(row["state"], row["attempts"]) for row in rows} == {("delivered", 0), ("waiting", 0)}
    places = sorted(row["due"] for row in rows if row["due"])
    gaps = {moment(b) - moment(a) for a, b in zip(places, places[1:], strict=False)}
    assert len(places) == 4 and gaps == {timedelta(seconds=12)}


@pytest.mark.unsound
def test_what_a_full_target_cannot_take_is_left_as_it_is(world: World) -> None:
    people = crowd(world, rate={"units": 1, "seconds": 30})
    for number in range(100):
        people.change(number)
    world.drain("deliver")
    rows = deliveries(world.ports, Wanted("book"), None, 100)["items"]
    assert sum(row["due"] == rows[-1]["due"] for row in rows) > 90
    world.clock.tick(seconds=61)
    assert 0 < sweep.undelivered(world.ports) < 5


@pytest.mark.unsound
def test_a_backfill_leaves_a_fifth_of_the_day_to_changes(world: World) -> None:
    people = crowd(world, rate={"units": 1000, "seconds": 1, "daily": 10})
    for number in range(20):
        people.change(number, bulk=True)
    for _ in range(5):
        world.drain("deliver")
        world.clock.tick(seconds=61)
        world.sweep()
    assert sent(world) == 8
    assert health(world.ports, "book")["rate"]["left"] == 2
    assert health(world.ports, "book")["rate"]["left_to_backfill"] == 0
    for number in range(50, 55):
        people.change(number)
    world.drain("deliver")
    assert sent(world) == 10
    found = health(world.ports, "book")
    assert (found["rate"]["left"], found["backlog"]["changes"]["count"]) == (0, 3)
    assert found["backlog"]["backfill"]["count"] == 12
    world.clock.tick(hours=12)
    for _ in range(3):
        world.sweep()
        world.drain("deliver")
        world.clock.tick(seconds=61)
    assert health(world.ports, "book")["backlog"]["changes"]["count"] == 0


@pytest.mark.unsound
def test_a_change_of_what_a_backfill_marked_is_a_change(world: World) -> None:
    people = crowd(world)
    people.change(1, bulk=True)
    assert health(world.ports, "book")["backlog"]["backfill"]["count"] == 1
    people.change(1)
    people.change(1, bulk=True)
    assert health(world.ports, "book")["backlog"]["changes"]["count"] == 1
    assert on_their_way(world.ports)["deliveries"] == 1


@pytest.mark.unsound
def test_lag_is_the_age_of_the_oldest_change_that_waits(world: World) -> None:
    answers(world, DOWN, DOWN)
    people = crowd(world, 1)
    world.drain("deliver")
    world.clock.tick(minutes=20)
    people.change(1)
    world.drain("deliver")
    found = health(world.ports, "book")
    assert found["lag_seconds"] == 20 * 60
    assert found["last_success"] is None and found["last_error"]
    world.clock.tick(hours=1)
    world.sweep()
    world.drain("deliver")
    found = health(world.ports, "book")
    assert (found["lag_seconds"], found["next_try"], found["taken_today"]) == (0, None, 1)


def test_health_says_why_nothing_is_sent(world: World) -> None:
    assert health(world.ports, "book")["state"] == "active"
    pause_all(world.ports, "admin")
    assert health(world.ports, "book")["state"] == "paused"
    lifecycle.resume_all(world.ports)
    world.work()
    world.target("book", enabled=False)
    assert health(world.ports, "book")["state"] == "disabled"
    world.target("later", state="prepared")
    assert health(world.ports, "later")["state"] == "prepared"


@pytest.mark.unsound
def test_failed_deliveries_are_listed_by_reason_and_retried(world: World) -> None:
    answers(world, DOWN, NO, DOWN)
    crowd(world, *range(8))
    world.drain("deliver")
    failed = deliveries(world.ports, Wanted("book", "failed", "http_500"), None, 2)
    assert len(failed["items"]) == 2
    assert retry.retry(world.ports, "book", "http_422").found == 1
    assert retry.retry(world.ports, "book").found == 2
    world.drain("deliver")
    assert sent(world) == 8 + 3
    assert deliveries(world.ports, Wanted("book", "failed"), None, 25)["items"] == []


@pytest.mark.unsound
def test_many_are_retried_by_a_job(world: World) -> None:
    crowd(world, *range(600))
    world.sender.answers.extend([DOWN] * 5)
    world.drain("deliver")
    done = retry.retry(world.ports, "book")
    assert done.job and done.found == 5
    world.work()
    job = jobs.job(world.ports, done.job)
    assert (job.state, job.result) == ("done", {"target": "book", "retried": 5})


@pytest.mark.parametrize(
    "rate",
    [{"units": 200, "seconds": 10}, {"units": 10, "seconds": 10, "daily": 700_000}],
)
def test_a_rate_may_be_lower_than_what_is_documented_not_higher(
    world: World, rate: dict[str, int]
) -> None:
    lower = {"name": "crm", "kind": "hubspot", "rate": {"units": 10, "seconds": 10}}
    assert put_target(world.ports, "crm", lower)[0].rate == Rate(10, 10)
    with pytest.raises(InvalidError) as refused:
        put_target(world.ports, "crm", lower | {"rate": rate})
    assert refused.value.errors[0].code == "too_high"


def test_calls_at_once_are_capped_and_those_of_the_dead_run_out() -> None:
    pace, limits = Pace(target="t"), Limits(at_once=2)
    for lease in ("a", "b"):
        pace = ask(pace, limits, Asking(lease), START).pace
    assert ask(pace, limits, Asking("c"), START).at
    assert not ask(pace, limits, Asking("c"), START + timedelta(seconds=121)).at


def test_five_that_hang_together_open_the_breaker_once() -> None:
    pace = Pace(target="t")
    for _ in range(8):
        pace = fared(pace, "failed", "timeout", timedelta(0), timedelta(seconds=15), START)
    assert pace.failures == 5
    assert moment(pace.closed_until) - START == timedelta(seconds=10)
    assert is_shut(pace, False, "", START + timedelta(seconds=9))
    assert not is_shut(pace, False, "", START + timedelta(seconds=11))


@pytest.mark.unsound
def test_a_retry_by_hand_probes_at_once(world: World) -> None:
    answers(world, *[DOWN] * 5)
    crowd(world, *range(6))
    world.drain("deliver")
    assert pace_of(world.ports, "book").broken
    retry.retry(world.ports, "book")
    world.drain("deliver")
    assert not pace_of(world.ports, "book").broken


def test_a_backfill_of_real_contacts_is_marked_as_one(world: World) -> None:
    world.source("crm")
    world.tell("crm", "1", full_name="Jan Kot", emails=["jan@kot.pl"])
    world.work()
    backfill.backfill(world.ports, "book")
    world.drain("jobs")
    assert health(world.ports, "book")["backlog"]["backfill"]["count"] == 1
    world.drain("deliver")
