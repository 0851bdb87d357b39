"""Deliver: bring one target up to date with one contact.

    lease the row -> read the latest state -> decide -> note the message -> push -> record

The lease comes before the reading, so that what is sent is never older than what another
sender sent before; the version in the body lets the target drop what overtook on the way.
"""

import json
from collections.abc import Callable
from typing import Any

from chalicelib.connectors.ports import Answer, Push
from chalicelib.domain.deliveries import (
    Delivery,
    Parcel,
    begun,
    decide,
    delivered,
    disturbed,
    failed,
    is_told,
    leased,
    nothing_to_send,
    parcel,
    refused,
)
from chalicelib.domain.delivering import Outcome, message_id, outcome_of
from chalicelib.domain.filters import compile_filter
from chalicelib.domain.graph import Head
from chalicelib.domain.signing import sign
from chalicelib.domain.sources import Target
from chalicelib.domain.times import text
from chalicelib.domain.versions import Version
from chalicelib.domain.views import contact_view
from chalicelib.flow import credentials, registry
from chalicelib.flow.changes import insisting
from chalicelib.flow.pausing.rest import awake_since
from chalicelib.flow.ports import Ports
from chalicelib.flow.telling.fan_out import delivery_write, kick_deliveries
from chalicelib.store import contacts, keys
from chalicelib.store.ports import Conflict

NOTHING_SEEN = -1


def deliver(ports: Ports, target_id: str, contact_id: str) -> None:
    """Send what is due at one target for one contact; harmless when nothing is, or it rests."""
    awake = awake_since(ports, target_id)
    held = None if awake is None else _lease(ports, target_id, contact_id, awake)
    if held is None:
        return
    target = registry.find(ports, Target, target_id)
    if target is None or not target.enabled:
        _record(ports, held, lambda row: refused(row, "disabled"))
        return
    head, version = _latest(ports, contact_id)
    found = _parcel(ports, target, head, version, held)
    if found is None or is_told(held, found):
        _record(ports, held, lambda row: nothing_to_send(row, head.rev, ports.now()))
        return
    _send(ports, target, held, head, found)


def _lease(ports: Ports, target_id: str, contact_id: str, awake: str) -> Delivery | None:
    """The row, taken; None where nothing is due or another has it."""
    row = ports.items.get(keys.delivery(target_id, contact_id))
    known = Delivery.of_row(row) if row else None
    now = text(ports.now())
    if known is None or not known.due or known.due > now or known.leased_until > now:
        return None
    taken = leased(known, ports.chance.token(), ports.now(), awake)
    try:
        ports.items.write([delivery_write(known, taken)])
    except Conflict:
        return None
    return taken


def _latest(ports: Ports, contact_id: str) -> tuple[Head, Version]:
    """The contact under this very id, absorbed or not: a delivery is about an id."""
    row = ports.items.get(keys.head(contact_id))
    if row is None:
        raise KeyError(contact_id)
    head = Head.of_row(row)
    return head, contacts.version(ports.items, contact_id, head.version)


def _parcel(
    ports: Ports, target: Target, head: Head, version: Version, held: Delivery
) -> Parcel | None:
    matches = compile_filter(target.filter, ports.now().date()).matches(contact_view(version))
    decision = decide(target, matches, head, held.present)
    if decision in ("wait", "nothing"):
        return None
    return parcel(target, head, version, wanted=decision == "send")


def _send(ports: Ports, target: Target, held: Delivery, head: Head, found: Parcel) -> None:
    noted = begun(held, head.version, found)
    try:
        ports.items.write([delivery_write(held, noted)])
    except Conflict:
        # Marked again meanwhile: give the row back, to be read anew.
        _record(ports, held, lambda row: nothing_to_send(row, NOTHING_SEEN, ports.now()))
        return
    answer = _push(ports, target, noted, found)
    if outcome_of(answer.status) is Outcome.DISABLE:
        # Before the row: once that is due no more, nothing would come back to do it.
        registry.disable_target(ports, target, "gone")
    _record(ports, noted, lambda row: _outcome(ports, row, found, head, answer))


def _push(ports: Ports, target: Target, noted: Delivery, found: Parcel) -> Answer:
    message = {"type": found.event, "timestamp": found.recorded_at, "data": found.data}
    name = message_id(target.id, noted.contact, noted.message_version, noted.message_counter)
    return _send_signed(ports, target, name, message)


def _send_signed(ports: Ports, target: Target, name: str, message: dict[str, Any]) -> Answer:
    """Push a message, signed for this moment with every secret that counts; never unsigned."""
    body = json.dumps(message, ensure_ascii=False).encode()
    at = int(ports.now().timestamp())
    secrets = credentials.valid(ports, "targets", target)
    if not secrets:
        return Answer(None, None, "no_secret")
    signatures = [sign(secret, name, at, body) for secret in secrets]
    headers = {
        "content-type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(signatures),
    }
    return ports.sender.send(Push(target.url, headers, body))


def _outcome(ports: Ports, row: Delivery, found: Parcel, head: Head, answer: Answer) -> Delivery:
    outcome = outcome_of(answer.status)
    if outcome is Outcome.DELIVERED:
        return delivered(row, found, head.version, head.rev, ports.now())
    if outcome is Outcome.DISABLE:
        return refused(row, "gone")
    share = ports.chance.share()
    return failed(row, answer.reason, ports.now(), share, answer.retry_after)


def _record(ports: Ports, held: Delivery, news: Callable[[Delivery], Delivery]) -> None:
    """Write what came of it on the row as it is by now; a lost lease sets it due again."""
    written = insisting(ports, lambda tried: _record_once(ports, held, news, tried))
    if written.due and written.due <= text(ports.now()):
        kick_deliveries(ports, [written])


def _record_once(
    ports: Ports, held: Delivery, news: Callable[[Delivery], Delivery], tried: int
) -> Delivery:
    row = ports.items.get(keys.delivery(held.target, held.contact)) if tried else held.row()
    known = Delivery.of_row(row or held.row())
    if known.rev == held.rev + 1 and not known.lease:
        return known  # only the holder of a lease ends it: written already, the answer was lost
    mine = known.lease == held.lease
    written = news(known) if mine else disturbed(known, ports.now())
    ports.items.write([delivery_write(known, written)])
    return written


def ping(ports: Ports, target_id: str) -> dict[str, Any]:
    """Send a test message that is about nobody; says what came back."""
    target = registry.registered(ports, Target, target_id)
    name = f"{target.id}-ping-{ports.chance.token()}"
    message = {"type": "ping", "timestamp": text(ports.now()), "data": {}}
    answer = _send_signed(ports, target, name, message)
    return {
        "delivered": outcome_of(answer.status) is Outcome.DELIVERED,
        "status": answer.status,
        "reason": answer.reason,
    }
