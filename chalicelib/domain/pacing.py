"""Pacing: when a target is called next, by its rate, its calls at once, and how it fares. Pure.

One row for each target. Its bucket is one time, `free_at`: the next place. Who comes to an
empty bucket is given a place and comes back then, so nobody asks twice; beyond the horizon
there are no places: what would wait longer stays due as it is, and the sweep brings it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from chalicelib.domain import times
from chalicelib.domain.delivering import LEASE
from chalicelib.domain.model import Entity

HORIZON = timedelta(seconds=60)
"""How far ahead places are given: from one sweep to the next."""
BULK_HORIZON = timedelta(seconds=20)
CALL = LEASE
"""A push that is at work for longer died."""
SECOND = timedelta(seconds=1)
LATE = timedelta(seconds=1)
"""By how much a kick may miss its place; queues delay by whole seconds, which is as much again."""
AT_ONCE, MOST_AT_ONCE = 8, 20
KEPT = 0.2
"""The share of a rate or a day that a backfill leaves to changes as they come."""
BREAKS_AT = 5
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=10)
KINDS = 20
Ending = Literal["taken", "refused", "throttled", "failed"]


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

        With `slack`, no window holds more than `units`, also where one comes a second late and
        another a second early.
        """
        if self.rate is None:
            return timedelta(0)
        window = timedelta(seconds=self.rate.seconds) + 2 * LATE
        return window * cost / (self.rate.units - self._burst)

    @property
    def slack(self) -> timedelta:
        """How many places may be made up for at once after a rest."""
        return self.apart(1) * max(self._burst - 1, 0)

    @property
    def _burst(self) -> int:
        return self.rate.units // 10 if self.rate else 0


class Pace(Entity):
    """How it goes with one target.

    `free_at` is the next place, `closed_until` and `bulk_until` before when nothing, or
    nothing of a backfill, is sent. `failures` and `throttles` are in a row. `calls` are those
    at work, each until when it is given up for dead; `took` is what one takes of late (ms).
    `used` units, `taken` messages and `errors` by kind are the `day`'s.
    """

    target: str
    rev: int = 0
    free_at: str = ""
    closed_until: str = ""
    bulk_until: str = ""
    failures: int = 0
    throttles: int = 0
    calls: dict[str, str] = {}
    took: int = 200
    day: str = ""
    used: int = 0
    taken: int = 0
    errors: dict[str, int] = {}
    last_success: str = ""
    last_error: str = ""

    @property
    def broken(self) -> bool:
        """Whether it failed so often in a row that one delivery at a time probes it."""
        return self.failures >= BREAKS_AT

    def at_work(self, now: datetime) -> dict[str, str]:
        """The calls that are under way."""
        return {call: until for call, until in self.calls.items() if until > times.text(now)}


class Asking(NamedTuple):
    """A delivery that would be sent: its lease, its cost, whether a backfill's, its place."""

    lease: str
    cost: int = 1
    bulk: bool = False
    place: str = ""


class Leave(NamedTuple):
    """`at` is empty where it may be sent now, else when to come back; `place` is a place then.

    `pace` is what the row becomes.
    """

    pace: Pace
    at: str = ""
    place: str = ""


def is_shut(pace: Pace, bulk: bool, place: str, now: datetime) -> bool:
    """Whether a delivery need not even ask: it stays as it is, until the sweep brings it."""
    at, reach = times.text(now), times.text(now + (BULK_HORIZON if bulk else HORIZON))
    if pace.broken:
        return pace.closed_until > at or bool(pace.at_work(now))
    if pace.closed_until > reach or (bulk and pace.bulk_until > at):
        return True
    return pace.free_at > reach and not _holds(place, now)


def is_unwell(pace: Pace, now: datetime) -> bool:
    """Whether it asked for quiet or fails, so that it is not even read from for now."""
    return pace.closed_until > times.text(now) and bool(pace.failures or pace.throttles)


def ask(known: Pace, limits: Limits, asking: Asking, now: datetime) -> Leave:
    """Whether a delivery may be sent now, or when."""
    pace = today(known, now)
    if _spent(pace, limits, asking):
        until = _tomorrow(now)
        shut = {"bulk_until": until} if asking.bulk else {"closed_until": until}
        return Leave(pace.model_copy(update=shut), until)
    start = _start(pace, asking, now)
    if len(pace.at_work(now)) >= (1 if pace.broken else limits.at_once):
        start = max(start, _behind(pace, limits, now))
    if start <= now:
        return Leave(_going(pace, limits, asking, now))
    if pace.broken or start > now + (BULK_HORIZON if asking.bulk else HORIZON):
        return Leave(known, times.text(max(start, now + HORIZON)))
    whole = now + timedelta(seconds=_seconds(start - now))
    next_free = _after(pace, limits, asking, now) if limits.rate else start + _turn(pace, limits)
    booked = pace.model_copy(update={"free_at": times.text(next_free)})
    return Leave(booked, times.text(whole), times.text(whole))


def today(pace: Pace, now: datetime) -> Pace:
    """The row with the counters of this day."""
    day = times.text(now)[:10]
    fresh = {"day": day, "used": 0, "taken": 0, "errors": {}}
    return pace if pace.day == day else pace.model_copy(update=fresh)


def _spent(pace: Pace, limits: Limits, asking: Asking) -> bool:
    """Whether the day's budget, or the backfills' share of it, is used up."""
    daily = limits.rate.daily if limits.rate else None
    if daily is None:
        return False
    return pace.used + asking.cost > (daily * (1 - KEPT) if asking.bulk else daily)


def _start(pace: Pace, asking: Asking, now: datetime) -> datetime:
    """When there is a token; who holds a place has one."""
    free = now if _holds(asking.place, now) else _moment(pace.free_at, now)
    return max(now, free, _moment(pace.closed_until, now))


def _going(pace: Pace, limits: Limits, asking: Asking, now: datetime) -> Pace:
    calls = pace.at_work(now) | {asking.lease: times.text(now + CALL)}
    news = {"calls": calls, "used": pace.used + asking.cost}
    if limits.rate:
        news |= {"free_at": times.text(_after(pace, limits, asking, now))}
    return pace.model_copy(update=news)


def _after(pace: Pace, limits: Limits, asking: Asking, now: datetime) -> datetime:
    """The next place once this one is taken; who holds one takes none."""
    since = max(_moment(pace.free_at, now - limits.slack), now - limits.slack)
    return since if _holds(asking.place, now) else since + _apart(pace, limits, asking.cost)


def _behind(pace: Pace, limits: Limits, now: datetime) -> datetime:
    """When a call at work will have ended; without a rate all who wait stand in line for that."""
    if limits.rate:
        return now + SECOND
    return max(_moment(pace.free_at, now), now + _turn(pace, limits))


def ended(known: Pace, lease: str, now: datetime) -> Pace:
    """A call is over, whatever came of it."""
    calls = {call: until for call, until in known.at_work(now).items() if call != lease}
    return known.model_copy(update={"calls": calls})


def fared(
    known: Pace, ending: Ending, reason: str, asked: timedelta, took: timedelta, now: datetime
) -> Pace:
    """What a call's end says of the target; `asked` is how long it wants to be left alone."""
    pace, at = today(known, now), times.text(now)
    spent = min(took, CALL) // timedelta(milliseconds=1)
    news: dict[str, object] = {"took": (3 * pace.took + spent) // 4}
    if ending == "taken":
        news |= {"last_success": at, "taken": pace.taken + 1}
    else:
        news |= {"last_error": at, "errors": _counted(pace.errors, reason)}
    return _closing(pace.model_copy(update=news), ending, asked, now)


def throttled(known: Pace, asked: timedelta, now: datetime) -> Pace:
    """It was asked too much by somebody who only reads."""
    pace = today(known, now)
    counted = pace.model_copy(update={"errors": _counted(pace.errors, "http_429")})
    return _closing(counted, "throttled", asked, now)


def drawn(known: Pace, limits: Limits, units: int, now: datetime) -> Pace:
    """So many units went to something else than a push."""
    pace = today(known, now)
    since = max(_moment(pace.free_at, now - limits.slack), now - limits.slack)
    free_at = times.text(since + limits.apart(units))
    return pace.model_copy(update={"used": pace.used + units, "free_at": free_at})


def _closing(pace: Pace, ending: Ending, asked: timedelta, now: datetime) -> Pace:
    """Who was closed meanwhile by another call is not closed for longer by this one's end."""
    news: dict[str, object] = {"failures": 0, "throttles": 0}
    wait = asked
    if ending == "failed":
        more = pace.closed_until <= times.text(now)
        news = {"failures": pace.failures + more}
        wait = max(asked, _wait(pace.failures + more - BREAKS_AT))
    elif ending == "throttled":
        news = {"throttles": pace.throttles + 1}
        wait = asked or _wait(pace.throttles)
    until = times.text(now + wait)
    if wait and until > pace.closed_until:
        news |= {"closed_until": until, "free_at": max(pace.free_at, until)}
    return pace.model_copy(update=news)


def reopened(pace: Pace) -> Pace:
    """A person says that it is mended: it is probed at once."""
    return pace.model_copy(update={"closed_until": "", "free_at": ""} if pace.broken else {})


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
    opens = max(pace.closed_until, pace.free_at, pace.bulk_until if bulk else "", at)
    first = _moment(opens, now) - now
    apart = _apart(pace, limits, cost) / (1 - KEPT if bulk else 1)
    count = max((HORIZON - first) // apart, 0)
    return Round(min(count, most), first, apart)


def _apart(pace: Pace, limits: Limits, cost: int) -> timedelta:
    """How far apart places are: kicks of one second come together, no more than can be at work."""
    return max(limits.apart(cost), _turn(pace, limits), SECOND / limits.at_once)


def _turn(pace: Pace, limits: Limits) -> timedelta:
    """How often one of the calls at work ends, as things go."""
    return timedelta(milliseconds=max(pace.took, 1)) / limits.at_once


def _wait(doubled: int) -> timedelta:
    if doubled < 0:
        return timedelta(0)
    return min(FIRST_WAIT * (1 << min(doubled, 10)), LONGEST_WAIT)


def _holds(place: str, now: datetime) -> bool:
    """Whether a delivery is in its place; who comes too late asks anew."""
    return bool(place) and place <= times.text(now) <= times.text(times.moment(place) + LATE)


def _moment(written: str, otherwise: datetime) -> datetime:
    return times.moment(written) if written else otherwise


def _tomorrow(now: datetime) -> str:
    return times.text(now + timedelta(days=1))[:10] + "T00:00:00.000000Z"


def _seconds(wait: timedelta) -> int:
    return -(-wait // SECOND)


def _counted(errors: dict[str, int], reason: str) -> dict[str, int]:
    name = reason if reason in errors or len(errors) < KINDS else "other"
    return {**errors, name: errors.get(name, 0) + 1}
