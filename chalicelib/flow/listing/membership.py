"""Membership: on which of a target's lists a contact is, through merges and their undo.

A push puts ids on a list, and every id is a record's: so a contact is on what any of its
members is on, and each takes its own along when they part.
"""

from collections.abc import Mapping

from chalicelib.domain.deliveries import Delivery
from chalicelib.domain.graph import Head
from chalicelib.domain.parcels import Lists
from chalicelib.domain.routing import Why, why_not
from chalicelib.domain.sources import Target
from chalicelib.domain.versions import Version
from chalicelib.flow.ports import Ports
from chalicelib.store import deliveries, keys
from chalicelib.store.ports import Put


def lists_of(ports: Ports, target: Target, known: Delivery, head: Head) -> Lists:
    """The names of the lists that the contact is on; None where it never was on any.

    `known` is the delivery in hand: what it says counts, whatever is stored by now.
    """
    if not target.lists:
        return None
    alone = set(head.members) <= {known.contact}
    rows = {} if alone else deliveries.of_members(ports.items, target.id, head)
    said = [r.lists for r in (rows | {known.contact: known}).values() if r.lists is not None]
    return tuple(sorted({name for names in said for name in names})) if said else None


def why_not_now(ports: Ports, target: Target, known: Delivery, head: Head, version: Version) -> Why:
    """Why the target should not have the contact as it is in this version and on these lists."""
    listed = bool(lists_of(ports, target, known, head))
    return why_not(target, version, ports.now().date(), listed=listed)


def told_writes(known: Delivery, news: Delivery) -> list[Put]:
    """The record of what the target was told of lists, to stand with the delivery's own."""
    before: Mapping[str, object] = known.told_lists
    return [
        Put(
            keys.list_told(news.target, name, told.at, news.contact),
            {"contact": news.contact, **told.row()},
        )
        for name, told in news.told_lists.items()
        if told != before.get(name)
    ]
