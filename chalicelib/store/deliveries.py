"""Deliveries in the store: a row for each target and contact, in its target's lane while due."""

from chalicelib.domain.deliveries import Delivery
from chalicelib.domain.graph import Head
from chalicelib.store import keys
from chalicelib.store.ports import Absent, Equals, Items, Put, Write


def find(items: Items, target: str, contact: str) -> Delivery | None:
    """What a target has of a contact; None where that was never of interest."""
    row = items.get(keys.delivery(target, contact))
    return Delivery.of_row(row) if row else None


def known(items: Items, target: str, contact: str) -> Delivery:
    """The same; a row that is not stored yet where there is none."""
    return find(items, target, contact) or Delivery(target=target, contact=contact)


def of_members(items: Items, target: str, head: Head) -> dict[str, Delivery]:
    """Those of a contact's members, by id, the oldest member first."""
    places = {member: keys.delivery(target, member) for member in head.members}
    rows = items.get_many(list(places.values()))
    return {m: Delivery.of_row(rows[key]) for m, key in places.items() if key in rows}


def delivery_write(before: Delivery, after: Delivery) -> Write:
    """The row on the condition of its old `rev`; in its target's lane while it is due."""
    lane = {"lane": keys.due_lanes(after.target)[after.bulk]} if after.due else {"due": None}
    condition = Equals("rev", before.rev) if before.rev else Absent()
    row = {n: v for n, v in (after.row() | lane).items() if v is not None}
    return Put(keys.delivery(after.target, after.contact), row, condition)
