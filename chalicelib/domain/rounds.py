"""Rounds: how much of what waits a sweep brings to a target, and when. Pure."""

from datetime import datetime, timedelta
from typing import NamedTuple

from chalicelib.domain import times
from chalicelib.domain.pacing import HORIZON, KEPT, Pace, places_apart
from chalicelib.domain.rates import Limits


class Round(NamedTuple):
    """How many deliveries a sweep shall bring: the first of them when, and how far apart."""

    many: int = 0
    first: timedelta = timedelta(0)
    apart: timedelta = timedelta(0)

    def delays(self) -> list[int]:
        """The wait of each, in whole seconds."""
        return [int((self.first + n * self.apart).total_seconds()) for n in range(self.many)]


def round_of(pace: Pace, limits: Limits, cost: int, bulk: bool, now: datetime, most: int) -> Round:
    """What has a chance until the next sweep: a target is brought no more than it can take."""
    at = times.text(now)
    if pace.broken:
        return Round(int(pace.closed_until <= at and not pace.at_work(now)))
    opens = max(pace.closed_until, pace.paid, pace.bulk_until if bulk else "", at)
    first = times.moment(opens) - now
    apart = places_apart(pace, limits, cost) / (1 - KEPT if bulk else 1)
    count = max((HORIZON - first) // apart, 0)
    return Round(min(count, most), first, apart)
