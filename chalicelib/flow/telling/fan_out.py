"""Fan out: one change of a contact marks the deliveries of the targets it concerns.

    change row -> head, version -> targets (read after the change) -> mark -> delete the row

Marks are stored before the row goes; a row that is worked off twice marks nothing twice.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from chalicelib.domain.deliveries import Delivery, marked
from chalicelib.domain.graph import Head
from chalicelib.domain.parcels import decide
from chalicelib.domain.routing import why_not
from chalicelib.domain.sources import Target
from chalicelib.domain.versions import Version
from chalicelib.flow import registry
from chalicelib.flow.changes import Change, insisting
from chalicelib.flow.listing.membership import lists_of
from chalicelib.flow.ports import Ports
from chalicelib.store import contacts, deliveries, keys
from chalicelib.store.ports import Delete, Key

DELIVER = "deliver"


def fan_out(ports: Ports, pk: str, sk: str) -> None:
    """Work off one change of the fan-out lane; harmless when it was done before."""
    row = ports.items.get(Key("changes", pk, sk))
    if row is None:
        return
    change = Change.of_row(row)
    started = [target for target in registry.listed(ports, Target) if target.started]
    told = tell(ports, change.contact, started)
    ports.items.write([Delete(change.key)])
    kick_deliveries(ports, [d for d in told if d.due != d.place])  # that one comes anyway


def tell(
    ports: Ports,
    contact_id: str,
    targets: Iterable[Target],
    *,
    force: bool = False,
    afresh: bool = False,
    run: str = "",
) -> Sequence[Delivery]:
    """Mark one contact's deliveries at these targets.

    `force` marks what was marked for this `rev` before, `afresh` sends it even if the target
    has it; `run` names the job that wants it: then changes as they come go first.
    """
    row = ports.items.get(keys.head(contact_id))
    if row is None:
        return ()
    head = Head.of_row(row)
    version = contacts.version(ports.items, contact_id, head.version)
    how = _How(force, afresh, run)
    found = [
        marked
        for target in targets
        for marked in (
            _mark(ports, target, head, version, how),
            *(_mark_own(ports, target, record, run) for record in _told_by(target, version)),
        )
    ]
    return [d for d in found if d]


class _How(NamedTuple):
    force: bool
    afresh: bool
    run: str


def _told_by(target: Target, version: Version) -> list[str]:
    """The records of a contact that the target told of itself, under another id than its own."""
    told = version.origins.items()
    return [r for r, (source, _) in told if source == target.id and r != version.contact]


def _mark_own(ports: Ports, target: Target, record: str, run: str) -> Delivery | None:
    """What the target told of itself is kept up to date wherever it belongs by now."""

    def attempt(_: int) -> Delivery | None:
        known = deliveries.find(ports.items, target.id, record)
        if known is None or not known.own:
            return None
        wanted = marked(known, known.wanted + 1, ports.now(), run=run)
        ports.items.write([deliveries.delivery_write(known, wanted)])
        return wanted

    return insisting(ports, attempt)


def _mark(ports: Ports, target: Target, head: Head, version: Version, how: _How) -> Delivery | None:
    return insisting(ports, lambda _: _mark_once(ports, target, head, version, how))


def _mark_once(
    ports: Ports, target: Target, head: Head, version: Version, how: _How
) -> Delivery | None:
    known = deliveries.known(ports.items, target.id, head.id)
    listed = bool(lists_of(ports, target, known, head))
    admitted = not why_not(target, version, ports.now().date(), listed=listed)
    decision = decide(target, admitted, head, known.present)
    # A sender at work may be about to make the contact present: it has to look again.
    idle = (known.left or decision in ("wait", "nothing")) and not known.due
    idle = idle and not _is_there(ports, target, known, head)
    if idle or (known.wanted >= head.rev and not how.force):
        return None
    wanted = marked(known, head.rev, ports.now(), afresh=how.afresh, run=how.run)
    ports.items.write([deliveries.delivery_write(known, wanted)])
    return wanted


def _is_there(ports: Ports, target: Target, known: Delivery, head: Head) -> bool:
    """Whether it has a place there by one of its records, which is told of the contact by now."""
    if known.left or target.kind == "webhook" or len(head.members) < 2:
        return False
    return any(row.remote for row in deliveries.of_members(ports.items, target.id, head).values())


def mark_again(
    ports: Ports, target: str, contact: str, needs: Callable[[Delivery], bool]
) -> Iterator[Delivery]:
    """Mark a delivery once more where it (still) needs that; it, or none."""

    def attempt(_: int) -> Delivery | None:
        known = deliveries.known(ports.items, target, contact)
        if not needs(known):
            return None
        again = marked(known, known.wanted, ports.now())
        ports.items.write([deliveries.delivery_write(known, again)])
        return again

    again = insisting(ports, attempt)
    if again:
        yield again


def kick_deliveries(ports: Ports, due: Iterable[Delivery], delay: int = 0) -> None:
    """Ask the senders to look in so many seconds; the sweep finds what a lost kick left."""
    messages = [json.dumps({"target": d.target, "contact": d.contact}) for d in due]
    if messages:
        ports.queues.send(DELIVER, messages, delay)
