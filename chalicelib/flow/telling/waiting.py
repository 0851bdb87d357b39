"""Waiting: a system that gives an address to one contact only keeps the second one waiting.

refused for its address -> whose is it? -> noted on both rows -> tried again when that one
has changed there, or has gone; and each day, should nobody have said so
"""

from collections.abc import Iterator

from chalicelib.connectors.connector import TAKEN, Result
from chalicelib.domain.deliveries import Delivery, failed
from chalicelib.domain.sources import Target
from chalicelib.flow.changes import insisting
from chalicelib.flow.ports import Ports
from chalicelib.flow.telling.fan_out import kick_deliveries, mark_again
from chalicelib.store import deliveries, keys

A_DAY = "86400"  # seconds
MOST = 50  # who wait for one contact and are told: the others find out by the day


def awaited(ports: Ports, target: Target, noted: Delivery, result: Result) -> str:
    """The contact of ours that has the address there, if that is why it was refused; it will
    wake this one.
    """
    claim = ports.items.get(keys.remote(target.id, result.remote)) if result.reason == TAKEN else {}
    holder = claim["contact"] if claim else ""
    if holder in ("", noted.contact):
        return ""
    insisting(ports, lambda _: _note(ports, target.id, holder, noted.contact))
    return str(holder)


def _note(ports: Ports, target: str, holder: str, waits: str) -> None:
    known = deliveries.find(ports.items, target, holder)
    if known is None or waits in known.awaited_by or len(known.awaited_by) >= MOST:
        return
    waiting = {"awaited_by": (*known.awaited_by, waits), "rev": known.rev + 1}
    waiting |= {"again": known.again or bool(known.lease)}  # a sender at work knows not of it
    ports.items.write([deliveries.delivery_write(known, known.model_copy(update=waiting))])


def waits(ports: Ports, row: Delivery, holder: str) -> Delivery:
    """The row of one that has to wait for the holder."""
    later = failed(row, TAKEN, ports.now(), ports.chance.share(), A_DAY)
    return later.model_copy(update={"taken_by": holder})


def wake(ports: Ports, *holders: Delivery) -> None:
    """Try those again that wait for any of these; before it is noted that they are awake."""
    names = ((holder, waits) for holder in holders for waits in holder.awaited_by)
    kick_deliveries(ports, [due for pair in names for due in _again(ports, *pair)])


def _again(ports: Ports, holder: Delivery, contact: str) -> Iterator[Delivery]:
    def waits(known: Delivery) -> bool:
        return known.taken_by == holder.contact and not known.lease

    return mark_again(ports, holder.target, contact, waits)


def lender_woken(ports: Ports, lender: Delivery) -> None:
    """Note on the row of one that lent its place that those who waited until now are awake."""

    def attempt(_: int) -> None:
        known = deliveries.known(ports.items, lender.target, lender.contact)
        after = woken(lender, known).model_copy(update={"rev": known.rev + 1})
        ports.items.write([deliveries.delivery_write(known, after)])

    if lender.awaited_by:
        insisting(ports, attempt)


def woken(holder: Delivery, row: Delivery) -> Delivery:
    """The holder's row, once those who waited until now are awake."""
    left = tuple(name for name in row.awaited_by if name not in holder.awaited_by)
    return row.model_copy(update={"awaited_by": left})
