"""Foresee: what one target would be told of one contact, were all told now."""

from typing import NamedTuple

from chalicelib.domain.deliveries import Delivery
from chalicelib.domain.graph import Head
from chalicelib.domain.rehearsing import Foreseen, foreseen
from chalicelib.domain.routing import why_not
from chalicelib.domain.sources import Target
from chalicelib.domain.versions import Version
from chalicelib.flow.ports import Ports
from chalicelib.store import contacts, keys


class Sight(NamedTuple):
    """A contact with its delivery, and what is foreseen of them."""

    head: Head
    version: Version
    known: Delivery
    foreseen: Foreseen


def foresee(ports: Ports, target: Target, contact_id: str) -> Sight | None:
    """See `Sight`; None for one that is gone and that the target does not have."""
    row = ports.items.get(keys.head(contact_id))
    if row is None:
        return None
    head = Head.of_row(row)
    version = contacts.version(ports.items, contact_id, head.version)
    told = ports.items.get(keys.delivery(target.id, contact_id))
    known = Delivery.of_row(told) if told else Delivery(target=target.id, contact=contact_id)
    if head.status != "active" and not known.present:
        return None
    why = why_not(target, version, ports.now().date())
    return Sight(head, version, known, foreseen(target, head, version, known, why))
