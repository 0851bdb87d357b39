"""However kicks come, early, late, twice or never: a target with a rate gets most of it, and
never more.

On a virtual clock: what waits is always more than the target can take.
"""

import random
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

import pytest

from chalicelib.connectors.memory import ACCEPTED
from chalicelib.domain.rates import Limits, Rate
from tests.conftest import NIGHTLY
from tests.support.crowd import Crowd
from tests.support.workers import Arrive, Workers, punctual
from tests.support.world import START

pytestmark = pytest.mark.unsound  # a crowd has no records
URL = "http://127.0.0.1:1/crm"
LEAST = 0.8
RNG = random.Random(17)
OPENED: list[Workers] = []


@pytest.fixture(autouse=True)
def _home() -> Iterator[None]:
    RNG.seed(17)
    yield
    while OPENED:
        OPENED.pop().end()


def at_once(delay: int) -> Sequence[float]:
    """The queue knows no delays but that of a message on its way."""
    return (min(delay, 1),)


def early(delay: int) -> Sequence[float]:
    return (RNG.uniform(0, delay),)


def late(delay: int) -> Sequence[float]:
    return (delay + RNG.uniform(0, 5),)


def lost(delay: int) -> Sequence[float]:
    """One in ten."""
    return () if RNG.random() < 0.1 else (delay,)


def doubled(delay: int) -> Sequence[float]:
    """One in five, some seconds apart."""
    return (delay, delay + RNG.uniform(0, 3)) if RNG.random() < 0.2 else (delay,)


def anyhow(delay: int) -> Sequence[float]:
    ways: list[Callable[[int], Sequence[float]]] = [at_once, early, late, lost, doubled, punctual]
    return RNG.choice(ways)(delay)


WAYS = [punctual, at_once, early, late, lost, doubled, anyhow]
RATES = [Rate(1, 10), Rate(30, 10), Rate(8, 1)]


@pytest.mark.parametrize("arrive", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("rate", RATES, ids=lambda rate: f"{rate.units}in{rate.seconds}")
def test_a_target_gets_its_rate_however_kicks_come(arrive: Arrive, rate: Rate) -> None:
    apart = Limits(rate).apart(1)
    stretch = max(20 * apart, timedelta(minutes=1))
    length = stretch + timedelta(minutes=20 if NIGHTLY else 2)
    at, handled = calls(arrive, rate, length)
    starts = [START + timedelta(seconds=n) for n in range(int((length - stretch).total_seconds()))]
    share = min(count(at, start, stretch) for start in starts) * apart / stretch
    most = max(count(at, start, timedelta(seconds=rate.seconds)) for start in at)
    print(f"{len(at)} sent, {share:.0%} at least, {most} of {rate.units} at most, {handled}")
    assert share >= LEAST
    assert most <= rate.units


def calls(arrive: Arrive, rate: Rate, length: timedelta) -> tuple[list[datetime], int]:
    """When the target was called, while more waited than it could take; messages handled."""
    office = Workers(lambda *_: (RNG.uniform(0.1, 0.5), ACCEPTED), 8, arrive=arrive)
    OPENED.append(office)
    given = {"units": rate.units, "seconds": rate.seconds}
    people = Crowd(office.world, [office.world.target("crm", url=URL, rate=given)])
    for number in range(rate.units * int(length.total_seconds()) // rate.seconds):
        people.change(number)
    office.sweep_each_minute(START + length)
    office.run(START + length)
    return sorted(moment for moment, *_ in office.pushes), office.handled


def count(at: list[datetime], start: datetime, span: timedelta) -> int:
    return bisect_left(at, start + span) - bisect_left(at, start)
