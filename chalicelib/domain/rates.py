"""Rates: what a target can bear, and how far apart its calls must be for that. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

SECOND = timedelta(seconds=1)
LATE = timedelta(seconds=1)
"""By how much later than another a call may come there that began at the same time."""
AT_ONCE, MOST_AT_ONCE = 8, 20


@dataclass(frozen=True)
class Rate:
    """At most so many units in so many seconds, and a day (of UTC)."""

    units: int
    seconds: int
    daily: int | None = None


class Limits(NamedTuple):
    """What a target can bear: its rate, if it has one, and how many calls at once."""

    rate: Rate | None = None
    at_once: int = AT_ONCE

    def apart(self, cost: int) -> timedelta:
        """How far apart calls of this cost are.

        With `slack`, no window holds more than `units`, also where one comes later than another
        that began with it.
        """
        if self.rate is None:
            return timedelta(0)
        units = self.rate.units
        return cost * max((self._window + SECOND) / units, self._window / (units - units // 10))

    @property
    def slack(self) -> timedelta:
        """What may be made up for at once after a rest: a tenth of the rate, or a second's, since
        queues delay by whole seconds, so that those of one second come together.
        """
        if self.rate is None:
            return timedelta(0)
        return self.apart(1) * self.rate.units - self._window - timedelta(milliseconds=1)

    @property
    def _window(self) -> timedelta:
        return timedelta(seconds=self.rate.seconds if self.rate else 0) + LATE
