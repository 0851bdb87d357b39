"""Pacing: a delivery asks its target's row before it is sent, and says after how it went.

    ask: a token, a call's place -> push -> note how it fared

Who finds no token is put off and comes back in its place; who would wait for longer than a
sweep stays as it is: that costs a read. The row is one item, written on its `rev`.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from chalicelib.connectors.catalogue import caps_of
from chalicelib.connectors.connector import Result
from chalicelib.domain import pacing, times
from chalicelib.domain.deliveries import Delivery
from chalicelib.domain.delivering import asked
from chalicelib.domain.errors import BusyError
from chalicelib.domain.pacing import Asking, Ending, Leave, Pace
from chalicelib.domain.rates import AT_ONCE, MOST_AT_ONCE, Limits, Rate
from chalicelib.domain.sources import Target
from chalicelib.flow.changes import insisting
from chalicelib.flow.ports import Ports
from chalicelib.flow.registry import heard_as
from chalicelib.store import keys
from chalicelib.store.ports import Absent, Equals, Put

_ENDINGS: Mapping[str, Ending] = {
    "done": "taken",
    "pending": "taken",
    "throttled": "throttled",
    "failed": "failed",
}


def pace_of(ports: Ports, target_id: str) -> Pace:
    """How it goes with a target."""
    row = ports.items.get(keys.pace(target_id))
    return Pace.of_row(row) if row else Pace(target=target_id)


def paces(ports: Ports, targets: Sequence[str]) -> dict[str, Pace]:
    """How it goes with each of them."""
    places = {name: keys.pace(name) for name in targets}
    found = {
        key: row
        for n in range(0, len(targets), 100)
        for key, row in ports.items.get_many([*places.values()][n : n + 100]).items()
    }
    return {
        name: Pace.of_row(found[key]) if key in found else Pace(target=name)
        for name, key in places.items()
    }


def limits_of(target: Target) -> Limits:
    """What the target can bear: its own settings, else what its kind is documented to."""
    caps, rate = caps_of(target.kind), target.rate or caps_of(target.kind).rate
    if rate and caps.rate and rate.daily is None:
        rate = replace(rate, daily=caps.rate.daily)
    return Limits(rate, 1 if caps.serial else _at_once(rate, usual_cost(target)))


def _at_once(rate: Rate | None, cost: int) -> int:
    """Who bears so many calls a second, bears them at once."""
    a_second = rate.units // rate.seconds // cost if rate else 0
    return max(AT_ONCE, min(a_second, MOST_AT_ONCE))


def is_shut(ports: Ports, known: Delivery) -> bool:
    """Whether the delivery is better left as it is for now."""
    pace = pace_of(ports, known.target)
    return pacing.is_shut(pace, known.bulk, known.place, ports.now())


def ask(ports: Ports, target: Target, held: Delivery, event: str, remote: str) -> Leave:
    """Whether a delivery may be sent now; where it may not, it is due again at `at`.

    `remote` is where the contact stands there, as far as is known.
    """
    cost = _cost(ports, target, held, event, remote)
    asking = Asking(held.lease, cost, held.bulk, held.place)

    def attempt(_: int) -> Leave:
        known = pace_of(ports, target.id)
        leave = pacing.ask(known, limits_of(target), asking, ports.now())
        if leave.pace is not known:
            _store(ports, known, leave.pace)
        return leave

    try:
        return insisting(ports, attempt)
    except BusyError:  # so many ask at once that it is as good as busy
        return Leave(Pace(target=target.id), times.text(ports.now() + timedelta(seconds=1)))


def usual_cost(target: Target) -> int:
    """What a push costs as a rule, in units of its rate."""
    return caps_of(target.kind).costs.get("update", 1)


def _cost(ports: Ports, target: Target, held: Delivery, event: str, remote: str) -> int:
    """In units of its rate: whom it is not known to have is looked for first, and what a
    partner has is looked at.
    """
    caps = caps_of(target.kind)
    if held.job:
        return caps.costs.get("settle", 1)
    if event == "contact.removed":
        return caps.costs.get("remove", 1)
    if not caps.reads:
        return caps.costs.get("update", 1)
    if not remote:
        return caps.costs.get("create", 1) + caps.costs.get("find", 1)
    looked = caps.costs.get("read", 1) if heard_as(ports, target) else 0
    return caps.costs.get("update", 1) + looked


def draw(ports: Ports, target: Target, units: int) -> None:
    """Count what is called beside the pushes against the target's rate and day."""
    limits = limits_of(target)
    if limits.rate and units:
        _note(ports, target.id, lambda pace: pacing.drawn(pace, limits, units, ports.now()))


def is_left_alone(ports: Ports, target_id: str) -> bool:
    """Whether the target is not to be called for now, not even to read."""
    return pacing.is_unwell(pace_of(ports, target_id), ports.now())


def refused(ports: Ports, target_id: str, result: Result) -> None:
    """A read was not answered: where that was too much for the target, it is left alone."""
    if result.status == "throttled":
        wait = asked(result.retry_after, ports.now())
        _note(ports, target_id, lambda pace: pacing.throttled(pace, wait, ports.now()))


def give_back(ports: Ports, held: Delivery) -> None:
    """The call that was allowed is not made."""
    _note(ports, held.target, lambda pace: pacing.ended(pace, held.lease, ports.now()))


def watched(ports: Ports, held: Delivery, push: Callable[[], Result]) -> Result:
    """Push, and note how the target fares."""
    began = ports.now()
    result = push()
    took = ports.now() - began
    ending = _ENDINGS.get(result.status, "refused")

    def fared(pace: Pace) -> Pace:
        now = ports.now()
        busy = result.status in ("throttled", "failed")  # else it is about this contact
        wait = asked(result.retry_after if busy else None, now)
        over = pacing.ended(pace, held.lease, now)
        return pacing.fared(over, ending, result.reason, wait, took, now)

    _note(ports, held.target, fared)
    return result


def when_again(ports: Ports, result: Result) -> str:
    """When a throttled delivery is due again: not before its target is open."""
    wait = max(asked(result.retry_after, ports.now()), pacing.FIRST_WAIT)
    return times.text(ports.now() + wait)


def reopen(ports: Ports, target_id: str) -> None:
    """Probe a target at once that is left alone since it failed."""
    _note(ports, target_id, pacing.reopened)


def _note(ports: Ports, target_id: str, news: Callable[[Pace], Pace]) -> None:
    """Lost where too many note at once: a call's place runs out by itself, counters are about."""

    def attempt(_: int) -> None:
        known = pace_of(ports, target_id)
        changed = news(known)
        if changed != known:
            _store(ports, known, changed)

    with suppress(BusyError):
        insisting(ports, attempt)


def _store(ports: Ports, known: Pace, news: Pace) -> None:
    condition = Equals("rev", known.rev) if known.rev else Absent()
    stored = news.model_copy(update={"rev": known.rev + 1})
    ports.items.write([Put(keys.pace(news.target), stored.row(), condition)])
