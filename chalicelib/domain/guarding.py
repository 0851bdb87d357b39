"""The blast guard: of how many contacts a target may be told before a person has looked. Pure.

What is pushed is counted in the target's tally, each contact once: in the run that it belongs
to (a backfill, what was rehearsed or released), else in the stretch of time in which it
happens. A removal counts as four, as it is the dearer mistake; that of a merged contact as one.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from chalicelib.domain import times
from chalicelib.domain.deliveries import Delivery
from chalicelib.domain.model import Entity
from chalicelib.domain.parcels import Parcel
from chalicelib.domain.sources import Guard, Stop

REMOVAL = 4
STRETCHES = 12
"""Of how many stretches a window consists: it ends by one of them, not all at once."""
FORGOTTEN = timedelta(days=31)
"""When a run that counted nothing more is over: the last attempt at a push is long past."""


class Count(Entity):
    """`units` pushed, by which the target has so many contacts more than before (`gained`).

    `at` is when the last one was counted, `limit` what a person allowed it to come to
    (0: nobody has looked).
    """

    units: int = 0
    gained: int = 0
    at: str = ""
    limit: int = 0


class Tally(Entity):
    """How many contacts a target `has`, and what it was told lately: by stretch, by run."""

    target: str
    rev: int = 0
    has: int = 0
    lately: dict[str, Count] = {}
    runs: dict[str, Count] = {}


class Counted(NamedTuple):
    """The tally (None: it was counted before) and the delivery once a push is counted."""

    tally: Tally | None
    delivery: Delivery


def counted(
    tally: Tally, guard: Guard, noted: Delivery, found: Parcel, now: datetime
) -> Counted | Stop:
    """A push that begins, counted; or why it may not be sent before a person has looked."""
    lately = _lately(tally, guard, now)
    place = noted.run or _stretch(guard, now)
    known, _, where = noted.counted.partition(" ")
    if known == found.event and (where == noted.run if noted.run else where in lately):
        return Counted(None, noted)
    run = tally.runs.get(noted.run, Count())
    before = [run] if noted.run else list(lately.values())
    units, limit = sum(c.units for c in before) + units_of(found), _limit(guard, tally, before)
    if units > (run.limit or limit):
        return Stop(at=times.text(now), units=units, limit=run.limit or limit, run=noted.run)
    gained = int(found.event == "contact.upserted") - int(noted.enrolled)
    counts = {place: _more((run if noted.run else lately.get(place, Count())), found, gained, now)}
    news = {"runs": _going(tally, now) | counts} if noted.run else {"lately": lately | counts}
    marks = {"counted": f"{found.event} {place}", "enrolled": found.event == "contact.upserted"}
    return Counted(
        tally.model_copy(update={**news, "has": tally.has + gained}),
        noted.model_copy(update=marks),
    )


def units_of(found: Parcel) -> int:
    """As how many pushes one counts."""
    lost = found.event == "contact.removed" and found.data["reason"] != "merged"
    return REMOVAL if lost else 1


def allowed(tally: Tally, run: str, limit: int, now: datetime) -> Tally:
    """The tally once a person looked at what a run will do, and let it come to `limit` units."""
    looked = Count(limit=limit, at=times.text(now))
    return tally.model_copy(update={"runs": _going(tally, now) | {run: looked}})


def _limit(guard: Guard, tally: Tally, before: Iterable[Count]) -> int:
    """By what the target had before any of this."""
    had = tally.has - sum(c.gained for c in before)
    return max(guard.at_least, had * guard.share // 100)


def _more(known: Count, found: Parcel, gained: int, now: datetime) -> Count:
    return known.model_copy(
        update={
            "units": known.units + units_of(found),
            "gained": known.gained + gained,
            "at": times.text(now),
        }
    )


def _lately(tally: Tally, guard: Guard, now: datetime) -> dict[str, Count]:
    """The stretches of which any moment lies in the window that ends now."""
    since = times.text(now - timedelta(minutes=guard.window_minutes) - _length(guard))
    return {at: count for at, count in tally.lately.items() if at > since}


def _going(tally: Tally, now: datetime) -> dict[str, Count]:
    """The runs that may still have something to send."""
    since = times.text(now - FORGOTTEN)
    return {run: count for run, count in tally.runs.items() if count.at > since}


def _stretch(guard: Guard, now: datetime) -> str:
    """The beginning of the stretch in which a moment lies."""
    length = _length(guard).total_seconds()
    return times.text(datetime.fromtimestamp(now.timestamp() // length * length, UTC))


def _length(guard: Guard) -> timedelta:
    return timedelta(minutes=guard.window_minutes) / STRETCHES
