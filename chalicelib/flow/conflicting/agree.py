"""Agree: a question whose sides say the same by now closes by itself."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.domain.conflicts import unasked
from chalicelib.domain.deliveries import Delivery
from chalicelib.domain.parcels import Parcel
from chalicelib.flow.changes import insisting
from chalicelib.flow.conflicting import rows
from chalicelib.flow.ports import Ports
from chalicelib.flow.telling.links import Link
from chalicelib.store import deliveries


def agreed(ports: Ports, link: Link, found: Parcel) -> Link:
    """The link without the questions on what it has as it should have it.

    One about a field that flips waits for its answer all the same.
    """
    row = link.row
    if found.event == "contact.removed":
        return link
    same = [n for n in row.asked if found.prints.get(n, "") == row.has.get(n, "")]
    if not same:
        return link
    return replace(link, row=insisting(ports, lambda tried: _agreed(ports, link, same, tried)))


def _agreed(ports: Ports, link: Link, fields: Sequence[str], tried: int) -> Delivery:
    row = link.row
    known = deliveries.known(ports.items, row.target, row.contact) if tried else row
    if (known.lease, known.has) != (link.row.lease, link.row.has):
        return link.row  # somebody else is at it, and looks again
    named = {n: known.asked[n] for n in fields if n in known.asked}
    asked = {n: rows.find(ports, known.target, known.contact, c) for n, c in named.items()}
    over = {n: c for n, c in asked.items() if c and c.why != "flipping"}
    if not over:
        return known
    after = unasked(known, over).model_copy(update={"rev": known.rev + 1})
    closed = rows.closing(ports, over.values(), "agreed")
    ports.items.write([deliveries.delivery_write(known, after), *closed])
    return after
