"""Health: how it goes with one target, for the person who wonders why nothing arrives."""

from datetime import datetime, timedelta
from typing import Any, Literal

from chalicelib.domain import times
from chalicelib.domain.deliveries import Delivery
from chalicelib.domain.pacing import KEPT, Pace, today
from chalicelib.domain.rates import Limits
from chalicelib.domain.sources import Target
from chalicelib.flow import registry
from chalicelib.flow.hearing import subscriptions
from chalicelib.flow.pausing.rest import everything
from chalicelib.flow.ports import Ports
from chalicelib.flow.telling import pacing
from chalicelib.store import keys
from chalicelib.store.ports import Page

LAST = "~"
Json = dict[str, Any]


def health(ports: Ports, target_id: str) -> Json:
    """See `docs/targets.md`. What is due is counted up to a page of each lane."""
    target = registry.registered(ports, Target, target_id)
    pace, now = today(pacing.pace_of(ports, target.id), ports.now()), ports.now()
    return {
        "target": target.id,
        "state": _state(ports, target),
        "disabled_reason": target.disabled_reason or None,
        **_backlog(ports, target, now),
        "conflicts": _count(ports.items.due("deliveries", keys.conflicts(target.id, "open"), LAST)),
        "last_success": pace.last_success or None,
        "last_error": pace.last_error or None,
        "taken_today": pace.taken,
        "errors_today": pace.errors,
        "breaker": _breaker(pace, now),
        "rate": _rate(pace, pacing.limits_of(target), now),
        "at_work": len(pace.at_work(now)),
        "subscription": subscriptions.read(ports, target.id).state,
    }


def _state(ports: Ports, target: Target) -> str:
    """Where it is in its life, or why it is sent nothing."""
    if not target.enabled:
        return "disabled"
    resting = target.state == "active" and everything(ports).state != "active"
    return "paused" if resting else target.state


def _backlog(ports: Ports, target: Target, now: datetime) -> Json:
    changes, backfill = (
        ports.items.due("deliveries", lane, LAST) for lane in keys.due_lanes(target.id)
    )
    rows = [Delivery.of_row(row) for row in [*changes.items, *backfill.items]]
    oldest = min((row.since or row.due for row in rows), default="")
    lag = max(now - times.moment(oldest), timedelta(0)) if oldest else timedelta(0)
    return {
        "backlog": {"changes": _count(changes), "backfill": _count(backfill)},
        "lag_seconds": int(lag.total_seconds()),
        "next_try": min((row.due for row in rows), default=None),
    }


def _count(page: Page) -> Json:
    return {"count": len(page.items), "more": page.next is not None}


def _breaker(pace: Pace, now: datetime) -> Json:
    closed = pace.closed_until > times.text(now)
    state: Literal["closed", "open", "probing"] = "closed"
    if pace.broken:
        state = "open" if closed else "probing"
    return {
        "state": state,
        "failures": pace.failures,
        "until": pace.closed_until if closed else None,
    }


def _rate(pace: Pace, limits: Limits, now: datetime) -> Json | None:
    """`next_free` is when the next call has a token: now, as a rule."""
    if limits.rate is None:
        return None
    opens = max(pace.paid, pace.free_at, pace.closed_until, times.text(now))
    told: Json = {"units": limits.rate.units, "seconds": limits.rate.seconds, "next_free": opens}
    if limits.rate.daily is not None:
        told |= _daily(pace.used, limits.rate.daily)
    return told


def _daily(used: int, daily: int) -> Json:
    """What is left of today, and of it to a backfill."""
    for_backfill = int(daily * (1 - KEPT))
    left = {"left": max(daily - used, 0), "left_to_backfill": max(for_backfill - used, 0)}
    return {"daily": daily, **left}
