"""Polling: how often a target that is a source too is asked what is new there. Pure.

Polls draw on the same rate and day as pushes, and are to leave them to those.
"""

from datetime import timedelta

from chalicelib.domain.rates import Limits

SHARE = 0.1
"""Of a target's rate and of its day, the part that polls may use."""
DAY = timedelta(days=1)


def rest_after(limits: Limits, units: int) -> timedelta:
    """How long not to poll after a poll that cost so many units."""
    rate = limits.rate
    if rate is None:
        return timedelta(0)
    by_rate = timedelta(seconds=rate.seconds) * units / (rate.units * SHARE)
    by_day = DAY * units / (rate.daily * SHARE) if rate.daily else timedelta(0)
    return max(by_rate, by_day)
