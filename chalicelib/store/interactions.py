"""Interactions in the store: each a row of its record, and where it stands under its own id.

A row that goes is marked as gone and passed over: nothing leaves this table.

A row is written with the head of its contact, on the head's `rev`, and with its whereabouts,
on the stamp of the word before: so what is read after the head is what a refold must see.
"""

from collections.abc import Iterator

from chalicelib.domain.interactions import Interaction, Whereabouts
from chalicelib.store import keys
from chalicelib.store.ports import Absent, Equals, Items, Put, Set, Write


def whereabouts(items: Items, name: str) -> Whereabouts:
    """What is known of an interaction, also where nothing was ever told of it."""
    return Whereabouts.of_row(items.get(keys.whereabouts(name)) or {})


def whereabouts_write(name: str, before: Whereabouts, after: Whereabouts) -> Write:
    """What the next word on it makes known, on the condition of the word before."""
    condition = Equals("stamp", before.stamp) if before.stamp else Absent()
    return Put(keys.whereabouts(name), after.row(), condition)


def placing(place: str, told: Interaction) -> Write:
    """The row of an interaction."""
    return Put(keys.interaction(told.record, place), told.row())


def removing(before: Whereabouts, stamp: str) -> Write:
    """The row goes from where it stands, by the word of that stamp."""
    return Set(keys.interaction(before.record, before.place), {"gone": True, "stamp": stamp})


Place = str


def standing(
    items: Items, record_id: str, lane: str, after: Place | None, limit: int
) -> Iterator[tuple[Place, Interaction]]:
    """What stands on one record in a lane (`ORDERS` or `REST`), the newest first.

    From behind a place, read `limit` rows at once as they are asked for.
    """
    pk, more = keys.interaction(record_id, lane).pk, True
    while more:
        page = items.query("contacts", pk, prefix=lane, after=after, limit=limit, newest_first=True)
        rows = (row for row in page.items if not row.get("gone"))
        yield from ((row["sk"], Interaction.of_row(row)) for row in rows)
        after, more = page.next, page.next is not None
