"""Deliver: bring one target up to date with one contact.

    lease the row -> read the latest state -> decide -> note the message -> push -> record

The lease comes before the reading, so that what is sent is never older than what another
sender sent before; the version in the body lets the target drop what overtook on the way.
"""

from collections.abc import Callable
from math import ceil
from typing import Any

from chalicelib.connectors.connector import Connector, Result
from chalicelib.domain.deliveries import (
    Delivery,
    Place,
    accepted,
    begun,
    declined,
    delivered,
    disturbed,
    failed,
    leased,
    lost,
    nothing_to_send,
    put_off,
    refused,
)
from chalicelib.domain.graph import Head
from chalicelib.domain.pacing import Leave
from chalicelib.domain.parcels import Parcel, decide, parcel, parting
from chalicelib.domain.routing import why_not
from chalicelib.domain.sources import Target
from chalicelib.domain.times import moment, text
from chalicelib.domain.versions import Version
from chalicelib.flow import registry
from chalicelib.flow.changes import insisting
from chalicelib.flow.conflicting.agree import agreed
from chalicelib.flow.conflicting.rows import ending
from chalicelib.flow.guarding.counting import begin
from chalicelib.flow.listing.membership import lists_of, told_writes
from chalicelib.flow.pausing.rest import awake_since
from chalicelib.flow.ports import Ports
from chalicelib.flow.telling import links, pacing, waiting
from chalicelib.flow.telling.accounts import connected
from chalicelib.flow.telling.fan_out import kick_deliveries
from chalicelib.flow.telling.links import Link
from chalicelib.flow.telling.push import Errand, push
from chalicelib.store import contacts, deliveries, keys
from chalicelib.store.ports import Conflict

NOTHING_SEEN = -1


def deliver(ports: Ports, target_id: str, contact_id: str, remaining_ms: Callable[[], int]) -> None:
    """Send what is due at one target for one contact; harmless when nothing is, or it rests."""
    awake = awake_since(ports, target_id)
    held = None if awake is None else _lease(ports, target_id, contact_id, awake)
    if held is None:
        return
    target = registry.find(ports, Target, target_id)
    if target is None or not target.enabled:
        _record(ports, held, lambda row: refused(row, "disabled"))
        return
    head, version = _latest(ports, held)
    link = links.linked(ports, target, held, head)
    found = _parcel(ports, target, head, version, held, link)
    if found and link.row.asked:
        link = agreed(ports, link, found)
        held = held if link.lent else link.row
        found = found.withholding(link.row.asked, link.row.has)
    seen = max(head.rev, held.wanted)
    if found is None or link.own or links.has_it(target, held, link, found):
        _leave(ports, held, seen)
        return
    errand = Errand(target, head, found, link, seen)
    _send(ports, connected(ports, target, remaining_ms), held, errand)


def _leave(ports: Ports, held: Delivery, seen: int) -> None:
    """What it has is right; who waited for what it had there before is tried again."""
    waiting.wake(ports, held)
    _record(ports, held, lambda row: waiting.woken(held, nothing_to_send(row, seen, ports.now())))


def _lease(ports: Ports, target_id: str, contact_id: str, awake: str) -> Delivery | None:
    """The row, taken; None where nothing is due or another has it."""
    known = deliveries.find(ports.items, target_id, contact_id)
    now = text(ports.now())
    if known is None or not known.due or known.leased_until > now:
        return None
    if known.due > now:
        _come_back(ports, known)
        return None
    if pacing.is_shut(ports, known):
        return None
    taken = leased(known, ports.chance.token(), ports.now(), awake)
    try:
        ports.items.write([deliveries.delivery_write(known, taken)])
    except Conflict:
        return None
    return taken


def _latest(ports: Ports, held: Delivery) -> tuple[Head, Version]:
    """The contact under this very id, absorbed or not: a delivery is about an id.

    What the target told of itself is the contact that it belongs to by now.
    """
    row = ports.items.get(keys.head(held.contact))
    head = Head.of_row(row) if row else None
    if head and head.into and held.own:
        head = contacts.head_of(ports.items, head.into)
    if head is None:
        raise KeyError(held.contact)
    return head, contacts.version(ports.items, head.id, head.version)


def _parcel(
    ports: Ports, target: Target, head: Head, version: Version, held: Delivery, link: Link
) -> Parcel | None:
    lists = lists_of(ports, target, held, head)
    why = why_not(target, version, ports.now().date(), listed=bool(lists))
    present = held.present or link.lent  # it is there by one of its records
    if held.left or decide(target, not why, head, present) in ("wait", "nothing"):
        return None
    if why and held.own and head.status == "active":
        return parting(target, version, held.has)  # the target's own: not taken from it
    return parcel(target, head, version, why, link.row.has, lists=lists)


def _send(ports: Ports, connector: Connector, held: Delivery, errand: Errand) -> None:
    target, found = errand.target, errand.found
    leave = pacing.ask(ports, target, held, found.event, errand.link.remote)
    if leave.at:
        _put_off(ports, held, leave)
        return
    noted = begin(ports, target, held, begun(held, errand.head.version, found), found)
    if noted is None:
        # Marked again meanwhile, or the guard holds the target: give the row back.
        pacing.give_back(ports, held)
        _record(ports, held, lambda row: nothing_to_send(row, NOTHING_SEEN, ports.now()))
        return
    result = pacing.watched(ports, noted, lambda: push(ports, connector, noted, errand))
    _note(ports, noted, errand, result)


def _note(ports: Ports, noted: Delivery, errand: Errand, result: Result) -> None:
    """Record what came of it, and wake who waits for it."""
    if result.status == "stop":
        # Before the row: once that is due no more, nothing would come back to do it.
        registry.disable_target(ports, errand.target, "gone")
    holder = waiting.awaited(ports, errand.target, noted, result)
    if result.status in ("done", "gone"):
        waiting.wake(ports, noted, errand.link.row)
        if errand.link.lent:
            waiting.lender_woken(ports, errand.link.row)

    def outcome(row: Delivery) -> Delivery:
        if holder:
            return waiting.waits(ports, row, holder)
        return waiting.woken(noted, _outcome(ports, row, errand, result))

    _record(ports, noted, outcome)


def _put_off(ports: Ports, held: Delivery, leave: Leave) -> None:
    """It was not tried; where it has a place, it is kicked for that time."""
    _record(ports, held, lambda row: put_off(row, leave.at, leave.place))
    _come_back(ports, put_off(held, leave.at, leave.place))


def _come_back(ports: Ports, known: Delivery) -> None:
    """What is put off to a place is kicked for that time; an early kick goes there too."""
    if known.place and known.place == known.due:
        wait = moment(known.place) - ports.now()
        kick_deliveries(ports, [known], max(ceil(wait.total_seconds()), 1))


def _outcome(ports: Ports, row: Delivery, errand: Errand, result: Result) -> Delivery:
    found, number, seen = errand.found, errand.head.version, errand.seen
    now = ports.now()
    match result.status:
        case "done":
            return delivered(row, found, number, seen, now, errand.link.after(result))
        case "pending":
            return accepted(row, result.job, now)
        case "gone" if found.event == "contact.removed":
            return delivered(row, found, number, seen, now, Place())
        case "gone" if errand.link.remote:
            return lost(row, now)
        case "stop":
            return refused(row, "gone")
        case "refused":
            return declined(row, result.reason)
        case "throttled":
            return put_off(row, pacing.when_again(ports, result))
    return failed(row, result.reason, now, ports.chance.share(), result.retry_after)


def _record(ports: Ports, held: Delivery, news: Callable[[Delivery], Delivery]) -> None:
    """Write what came of it on the row as it is by now; a lost lease sets it due again."""
    written = insisting(ports, lambda tried: _record_once(ports, held, news, tried))
    if written.due and written.due <= text(ports.now()):
        kick_deliveries(ports, [written])


def _record_once(
    ports: Ports, held: Delivery, news: Callable[[Delivery], Delivery], tried: int
) -> Delivery:
    known = deliveries.known(ports.items, held.target, held.contact) if tried else held
    if known.rev == held.rev + 1 and not known.lease:
        return known  # only the holder of a lease ends it: written already, the answer was lost
    mine = known.lease == held.lease
    written = news(known) if mine else disturbed(known, ports.now())
    noted = (*ending(ports, known, written), *told_writes(known, written))
    ports.items.write([deliveries.delivery_write(known, written), *noted])
    return written


def ping(ports: Ports, target_id: str, remaining_ms: Callable[[], int]) -> dict[str, Any]:
    """Ask a target whether it is there and lets us in; of nobody. Says what came back."""
    target = registry.registered(ports, Target, target_id)
    connector: Connector = connected(ports, target, remaining_ms)
    result = connector.health(f"{target.id}-ping-{ports.chance.token()}")
    return {"delivered": result.status == "done", "reason": result.reason}
