"""Foresee: what one target would be told of one contact, were all told now."""

from typing import NamedTuple

from chalicelib.domain.deliveries import Delivery
from chalicelib.domain.graph import Head
from chalicelib.domain.rehearsing import Foreseen, foreseen
from chalicelib.domain.routing import why_not
from chalicelib.domain.sources import Target
from chalicelib.domain.versions import Version
from chalicelib.flow.listing.membership import lists_of
from chalicelib.flow.ports import Ports
from chalicelib.flow.telling import links
from chalicelib.flow.telling.links import Link
from chalicelib.store import contacts, deliveries, keys


class Sight(NamedTuple):
    """A contact with its delivery (`known`) and its place there, and what is foreseen of them."""

    head: Head
    version: Version
    known: Delivery
    link: Link
    foreseen: Foreseen


def foresee(ports: Ports, target: Target, contact_id: str) -> Sight | None:
    """See `Sight`; None for one that is gone and that the target does not have."""
    known = deliveries.known(ports.items, target.id, contact_id)
    head = _head(ports, known)
    if head is None or (head.status != "active" and not known.present):
        return None
    version = contacts.version(ports.items, head.id, head.version)
    link = links.linked(ports, target, known, head)
    if link.own:  # another delivery tells it there
        return Sight(head, version, known, link, Foreseen("leave"))
    lists = lists_of(ports, target, known, head)
    why = why_not(target, version, ports.now().date(), listed=bool(lists))
    found = foreseen(target, head, version, known, why, lists, link.row)
    return Sight(head, version, known, link, found)


def _head(ports: Ports, known: Delivery) -> Head | None:
    """That of the very id; what the target told of itself is the contact that it belongs to."""
    row = ports.items.get(keys.head(known.contact))
    head = Head.of_row(row) if row else None
    moved = head and head.into and known.own
    return contacts.head_of(ports.items, known.contact) if moved else head
