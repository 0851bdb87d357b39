"""Interactions in the store: each a row of its record, and where it stands under its own id.

A row is written with the head of its contact, on the head's `rev`, and with its whereabouts,
on the stamp of the word before: so what is read after the head is what a refold must see.
"""

from chalicelib.domain.interactions import ORDERS, Interaction, Whereabouts
from chalicelib.store import keys
from chalicelib.store.ports import Absent, Delete, Equals, Items, Page, Put, Write


def whereabouts(items: Items, name: str) -> Whereabouts | None:
    """What is known of an interaction; None where nothing was ever told of it."""
    row = items.get(keys.whereabouts(name))
    return Whereabouts.of_row(row) if row else None


def whereabouts_write(name: str, known: Whereabouts | None, now: Whereabouts) -> Write:
    """The next word on it, on the condition of the one before."""
    condition = Equals("stamp", known.stamp) if known else Absent()
    return Put(keys.whereabouts(name), now.row(), condition)


def placing(place: str, told: Interaction) -> Write:
    """The row of an interaction."""
    return Put(keys.interaction(told.record, place), told.row())


def removing(known: Whereabouts) -> Write:
    """The row goes from where it stands."""
    return Delete(keys.interaction(known.record, known.place))


def page(items: Items, record_id: str, lane: str, after: str | None, limit: int) -> Page:
    """Rows of one record in a lane (`ORDERS` or `REST`), the newest first."""
    pk = keys.interaction(record_id, lane).pk
    return items.query("contacts", pk, prefix=lane, after=after, limit=limit, newest_first=True)


def latest_orders(items: Items, record_id: str, limit: int) -> dict[str, Interaction]:
    """A record's latest orders by their place, the newest first."""
    found: dict[str, Interaction] = {}
    after = None
    while len(found) < limit:
        read = page(items, record_id, ORDERS, after, limit - len(found))
        found |= {row["sk"]: Interaction.of_row(row) for row in read.items}
        after = read.next
        if after is None:
            break
    return found
