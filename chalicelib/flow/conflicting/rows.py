"""Rows: conflicts as they are kept, and how they end with the link that they are about."""

from collections.abc import Iterable
from typing import Any

from chalicelib.domain import times
from chalicelib.domain.conflicts import FieldConflict, State
from chalicelib.domain.deliveries import Delivery
from chalicelib.domain.errors import NotFoundError
from chalicelib.flow.ports import Ports
from chalicelib.store import keys
from chalicelib.store.ports import Absent, Equals, Put, Write


def find(ports: Ports, target: str, contact: str, name: str) -> FieldConflict | None:
    """One conflict, whatever became of it."""
    row = ports.items.get(keys.conflict(target, contact, name))
    return FieldConflict.of_row(row) if row else None


def named(ports: Ports, conflict_id: str) -> FieldConflict:
    """A conflict by its id; `NotFoundError` where there is none."""
    parts = conflict_id.split(".")
    found = find(ports, *parts) if len(parts) == 3 else None
    if found is None:
        raise NotFoundError("There is no conflict under this id.")
    return found


def conflict_write(asked: FieldConflict, **news: Any) -> Write:
    """The row on the condition of its old `rev`; in a lane while it waits, and once answered."""
    after = asked.model_copy(update=news | {"rev": asked.rev + 1})
    listed = {"open": after.asked_at, "answered": after.closed_at}.get(after.state)
    lane = {"lane": keys.conflicts(after.target, after.state), "due": f"{listed}#{after.name}"}
    condition = Equals("rev", asked.rev) if asked.rev else Absent()
    place = keys.conflict(after.target, after.contact, after.name)
    return Put(place, after.row() | (lane if listed else {}), condition)


def ending(ports: Ports, before: Delivery, after: Delivery) -> list[Write]:
    """What ends as a delivery is written: the questions on a link that is no more."""
    gone = [name for field, name in before.asked.items() if field not in after.asked]
    found = [find(ports, before.target, before.contact, name) for name in gone]
    return closing(ports, [c for c in found if c], "ended")


def closing(ports: Ports, asked: Iterable[FieldConflict], state: State) -> list[Write]:
    """Close those of these questions that are open."""
    at = times.text(ports.now())
    return [conflict_write(c, state=state, closed_at=at) for c in asked if c.state == "open"]
