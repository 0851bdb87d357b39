"""Pacing: when a target is called next, by its rate, its calls at once, and how it fares. Pure.

One row for each target. Its bucket is one time, `paid`: until when the calls that were made
have used it up. Who comes to an empty bucket is given a place and comes back then; beyond the
horizon there are no places: what would wait longer stays due as it is, and the sweep brings it.
A place is a turn, not a token: who comes late to it loses nothing, and what is missed is not
lost to the others.
"""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from chalicelib.domain import times
from chalicelib.domain.delivering import LEASE
from chalicelib.domain.model import Entity
from chalicelib.domain.rates import SECOND, Limits

HORIZON = timedelta(seconds=60)
"""How far ahead places are given: from one sweep to the next."""
BULK_HORIZON = timedelta(seconds=20)
CALL = LEASE
"""A push that is at work for longer died."""
MISSED = timedelta(seconds=2)
"""For how long nobody called who could have: so some did not come to their places."""
KEPT = 0.2
"""The share of a rate or a day that a backfill leaves to changes as they come."""
BREAKS_AT = 5
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=10)
KINDS = 20
Line = Literal["free_at", "back_at"]
Ending = Literal["taken", "refused", "throttled", "failed"]


class Pace(Entity):
    """How it goes with one target.

    `free_at` is the next place, `back_at` that of those who came to theirs and found no token,
    `paid` the bucket, `closed_until` and `bulk_until` before when nothing, or nothing of a
    backfill, is sent. `failures` and `throttles` are in a row. `calls` are those
    at work, each until when it is given up for dead; `took` is what one takes of late (ms).
    `used` units, `taken` messages and `errors` by kind are the `day`'s.
    """

    target: str
    rev: int = 0
    free_at: str = ""
    back_at: str = ""
    paid: str = ""
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
    return pace.free_at > reach and not (_holds(place, now) or _is_idle(pace, now))


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
    busy = len(pace.at_work(now)) >= (1 if pace.broken else limits.at_once)
    if not busy and _may_go(pace, asking, now):
        return Leave(_going(pace, limits, asking, now))
    line: Line = "back_at" if limits.rate and _holds(asking.place, now) else "free_at"
    start = _next_place(pace, limits, line, now, busy)
    if pace.broken or start > now + (BULK_HORIZON if asking.bulk else HORIZON):
        return Leave(known, times.text(max(start, now + HORIZON)))
    whole = now + timedelta(seconds=_seconds(start - now))
    next_free = start + (
        places_apart(pace, limits, asking.cost) if limits.rate else _turn(pace, limits)
    )
    booked = pace.model_copy(update={line: times.text(next_free)})
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


def _may_go(pace: Pace, asking: Asking, now: datetime) -> bool:
    """Whether there is a token, and it is this one's turn, or nobody's who would come."""
    at = times.text(now)
    if max(pace.paid, pace.closed_until) > at:
        return False
    return pace.free_at <= at or _holds(asking.place, now) or _is_idle(pace, now)


def _next_place(pace: Pace, limits: Limits, line: Line, now: datetime, busy: bool) -> datetime:
    """The next of those who come for the first time, or of those whose turn was taken."""
    places = max(getattr(pace, line), pace.paid, pace.closed_until)
    start = max(now, _moment(places, now))
    return max(start, _behind(pace, limits, now)) if busy else start


def _going(pace: Pace, limits: Limits, asking: Asking, now: datetime) -> Pace:
    calls = pace.at_work(now) | {asking.lease: times.text(now + CALL)}
    news = {"calls": calls, "used": pace.used + asking.cost}
    if limits.rate:
        news |= {"paid": times.text(_paid(pace, limits, asking.cost, now))}
        if pace.free_at <= times.text(now):  # nobody waits for a place: this is the next
            since = max(_moment(pace.free_at, now), now - limits.slack)
            news |= {"free_at": times.text(since + places_apart(pace, limits, asking.cost))}
    return pace.model_copy(update=news)


def _paid(pace: Pace, limits: Limits, units: int, now: datetime) -> datetime:
    """The bucket once so much more was taken from it."""
    rested = now - limits.slack
    return max(_moment(pace.paid, rested), rested) + limits.apart(units)


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
    paid = times.text(_paid(pace, limits, units, now))
    return pace.model_copy(update={"used": pace.used + units, "paid": paid})


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


def places_apart(pace: Pace, limits: Limits, cost: int) -> timedelta:
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
    """Whether it is a delivery's turn, or was."""
    return bool(place) and place <= times.text(now)


def _is_idle(pace: Pace, now: datetime) -> bool:
    """Whether places were missed, so that there are tokens that nobody comes for."""
    return max(pace.paid, pace.closed_until) <= times.text(now - MISSED)


def _moment(written: str, otherwise: datetime) -> datetime:
    return times.moment(written) if written else otherwise


def _tomorrow(now: datetime) -> str:
    return times.text(now + timedelta(days=1))[:10] + "T00:00:00.000000Z"


def _seconds(wait: timedelta) -> int:
    return -(-wait // SECOND)


def _counted(errors: dict[str, int], reason: str) -> dict[str, int]:
    name = reason if reason in errors or len(errors) < KINDS else "other"
    return {**errors, name: errors.get(name, 0) + 1}
