"""Interactions in the store: each a row of its record; under its own id where it stands, and
all words on it.

A row that goes is marked as gone and passed over: nothing leaves this table.

A row is written with the head of its contact, on the head's `rev`, and with its whereabouts,
on their `rev`: so what is read after the head is what a refold must see. The words are
guarded by the whereabouts.
"""

from collections.abc import Iterator

from chalicelib.domain import hearing
from chalicelib.domain.hearing import Heard
from chalicelib.domain.interactions import Interaction, Whereabouts
from chalicelib.store import keys
from chalicelib.store.ports import Absent, Equals, Items, Put, Set, Write

WORDS_READ = 10


def whereabouts(items: Items, name: str) -> Whereabouts:
    """What is known of an interaction, also where nothing was ever told of it."""
    return Whereabouts.of_row(items.get(keys.whereabouts(name)) or {})


def whereabouts_write(name: str, after: Whereabouts) -> Write:
    """What is known of it next, on the condition of the `rev` before."""
    condition = Equals("rev", after.rev - 1) if after.rev > 1 else Absent()
    return Put(keys.whereabouts(name), after.row(), condition)


def heard(items: Items, name: str, stamp: str) -> Heard | None:
    """A word on an interaction, also one that was taken back."""
    row = items.get(keys.heard(name, stamp))
    return Heard.of_row(row) if row else None


def heard_write(name: str, heard: Heard) -> Write:
    """A word; it is written with the whereabouts."""
    return Put(keys.heard(name, heard.stamp), heard.row())


def words(items: Items, name: str, below: str | None = None) -> Iterator[Heard]:
    """All words on an interaction, the newest first; or those that are older than a stamp."""
    pk, more = keys.whereabouts(name).pk, True
    after = keys.heard(name, below).sk if below else None
    while more:
        page = items.query(
            "contacts", pk, prefix=keys.WORDS, after=after, limit=WORDS_READ, newest_first=True
        )
        yield from map(Heard.of_row, page.items)
        after, more = page.next, page.next is not None


def counting(items: Items, name: str, below: str) -> Heard | None:
    """The newest word that stands among those that are older than a stamp."""
    return hearing.counting(words(items, name, below))


def placing(place: str, told: Interaction) -> Write:
    """The row of an interaction."""
    return Put(keys.interaction(told.record, place), told.row())


def removing(record: str, place: str) -> Write:
    """The row goes from where it stands."""
    return Set(keys.interaction(record, place), {"gone": True})


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
