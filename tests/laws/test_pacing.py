"""A target that hangs, limits or fails: what it is sent, and that no other one notices.

On a virtual clock, with the deliver queue, its workers and the sweep. `KARTOTEKA_NIGHTLY=1`
plays the full sizes.
"""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from chalicelib.connectors.memory import ACCEPTED
from chalicelib.connectors.ports import Answer
from chalicelib.domain import pacing
from chalicelib.flow import sweep as sweeping
from chalicelib.flow.telling import pacing as telling
from chalicelib.store import limits
from tests.conftest import NIGHTLY
from tests.support.crowd import Crowd
from tests.support.workers import Behave, Workers
from tests.support.world import START

pytestmark = pytest.mark.unsound  # a crowd has no records
HUNG = (15.0, Answer(None, None, "timeout"))
DOWN = (0.1, Answer(503, None, "http_503"))
QUICK = (0.2, ACCEPTED)
WORKERS = 20
SENT = 3_000 if NIGHTLY else 600
OPENED: list[Workers] = []


@pytest.fixture(autouse=True)
def _home() -> Iterator[None]:
    yield
    while OPENED:
        OPENED.pop().end()


def office(behave: Behave, workers: int = WORKERS) -> Workers:
    OPENED.append(Workers(behave, workers))
    return OPENED[-1]


def crowd(workers: Workers, *names: str, **settings: Any) -> Crowd:
    world = workers.world
    given = {"fields": ["full_name"], **settings}
    made = [world.target(name, url=f"http://127.0.0.1:1/{name}", **given) for name in names]
    return Crowd(world, made)


def after(**time: float) -> datetime:
    return START + timedelta(**time)


def waits(hanging: bool) -> list[float]:
    """How long each change takes to the quick target, while the other one hangs or not."""
    office_ = office(lambda target, _: HUNG if hanging and target == "slow" else QUICK)
    people, rng, minutes = crowd(office_, "quick", "slow"), random.Random(5), 20 if NIGHTLY else 2
    told: dict[tuple[str, int], datetime] = {}

    def changes(number: int) -> None:
        name = people.change(number)
        told[name, people.latest[name]] = office_.world.clock()

    moment = START
    while (moment := moment + timedelta(seconds=rng.expovariate(8))) < after(minutes=minutes):
        office_.at(moment, partial(changes, rng.randrange(5_000)))
    end = after(minutes=minutes + 2)
    office_.sweep_each_minute(end)
    office_.run(end)
    arrived = {(c, v): at for at, t, c, v, _ in office_.pushes if t == "quick"}
    calls = sum(t == "slow" for _, t, *_ in office_.pushes)
    print(f"{len(arrived)} changes, {calls} calls of the other, {office_.handled} messages")
    return sorted((arrived[k] - told[k]).total_seconds() for k in arrived)


def p99(found: list[float]) -> float:
    return found[len(found) * 99 // 100] + QUICK[0]


def test_a_target_that_hangs_does_not_slow_another() -> None:
    alone, beside = p99(waits(hanging=False)), p99(waits(hanging=True))
    print(f"p99 {alone:.3f} s, beside one that hangs {beside:.3f} s")
    assert beside < alone * 1.1


def test_without_breaker_and_cap_it_would(monkeypatch: pytest.MonkeyPatch) -> None:
    """That the test before can fail."""
    monkeypatch.setattr(pacing, "BREAKS_AT", 10**6)
    monkeypatch.setattr(telling, "AT_ONCE", 1_000)
    assert p99(waits(hanging=True)) > p99(waits(hanging=False)) * 2


def test_a_day_of_outage_ends_in_one_send_for_each_contact(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "check_item", lambda _: 100)  # a million need not be weighed
    size = 50_000 if NIGHTLY else 500
    down = after(hours=24)
    office_ = office(lambda *_: DOWN if office_.world.clock() < down else QUICK, workers=0)
    people, rng = crowd(office_, "crm"), random.Random(7)
    changes = size * 20
    numbers = [*range(size), *(rng.randrange(size) for _ in range(changes - size))]
    rng.shuffle(numbers)
    for minute in range(24 * 60):
        part = numbers[minute * changes // 1440 : (minute + 1) * changes // 1440]
        for number in part:
            people.change(number)
        office_.run(after(minutes=minute + 1))
        sweeping.undelivered(office_.world.ports)
    tried = len(office_.pushes)
    end = down
    while left(office_) and end < down + timedelta(hours=12):
        end += timedelta(minutes=1)
        office_.run(end)
        sweeping.undelivered(office_.world.ports)
    taken = [(c, v) for _, _, c, v, ok in office_.pushes if ok]
    print(f"{changes} changes of {size}: {len(taken)} sends, {tried} tries while it was down")
    print(f"up to date {(end - down).total_seconds() / 60:.0f} minutes after")
    assert dict(taken) == people.latest and len(taken) == size
    assert tried < 200


def left(office_: Workers) -> bool:
    page = office_.world.items.due("deliveries", "crm", "~", limit=1)
    return bool(page.items)


def test_reordered_deliveries_bring_no_older_version_after_a_newer() -> None:
    """Kicks come late, twice and in any order; calls take up to their deadline, some fail."""
    rng, size = random.Random(11), 10_000 if NIGHTLY else 1_000

    def behave(*_: Any) -> tuple[float, Answer]:
        return rng.choice([0.05, 0.05, 0.5, 15.0]), rng.choice([ACCEPTED] * 4 + [DOWN[1]])

    office_ = office(behave, 30)
    people = crowd(office_, "a", "b", "c")
    end = after(hours=2)
    office_.sweep_each_minute(end + timedelta(hours=30))
    while len(office_.pushes) < size:
        for _ in range(20):
            people.change(rng.randrange(60))
        rng.shuffle(office_.waiting)
        office_.waiting.extend(rng.sample(list(office_.waiting), len(office_.waiting) // 3))
        office_.run(office_.world.clock() + timedelta(seconds=rng.randrange(1, 30)))
    office_.run(office_.world.clock() + timedelta(hours=6))
    seen: Counter[tuple[str, str]] = Counter()
    regressions = 0
    for _, target, contact, version, _ in office_.pushes:
        regressions += version < seen[target, contact]
        seen[target, contact] = max(version, seen[target, contact])
    print(f"{len(office_.pushes)} deliveries, {regressions} regressions")
    assert regressions == 0


@pytest.mark.parametrize("window", [1.0, 10.0])
def test_no_window_holds_more_than_the_rate(window: float) -> None:
    units = int(window * 19)
    office_ = office(lambda *_: (0.3, ACCEPTED))
    rate = {"units": units, "seconds": int(window)}
    people = crowd(office_, "crm", rate=rate)
    for number in range(SENT):
        people.change(number)
    end = after(minutes=12)
    office_.sweep_each_minute(end)
    office_.run(end)
    at = sorted(moment for moment, *_ in office_.pushes)
    fullest = max(
        sum(start <= other < start + timedelta(seconds=window) for other in at[n : n + units + 5])
        for n, start in enumerate(at)
    )
    minutes = (at[-1] - START).total_seconds() / 60
    print(f"{len(at)} sent in {minutes:.1f} minutes, at most {fullest} of {units} in {window} s")
    print(f"{office_.handled} messages handled")
    assert fullest <= units
    assert len(at) == SENT
