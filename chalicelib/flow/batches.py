"""Batches: every set of changes with one cause has a header, found by who made it and when."""

from typing import Literal

from chalicelib.domain.model import Entity
from chalicelib.flow.ports import Ports
from chalicelib.store import keys
from chalicelib.store.ports import Absent, Put, Write

Kind = Literal["call", "create", "edit", "release", "revert", "retire", "restore", "rules", "undo"]


class Batch(Entity):
    """What was done at once: by whom (`source:crm`, `key:...`), when, under which name.

    `body` is a digest of a call's body and `received_at` its own time: by them a repetition
    of the call is told from another call under its id.
    """

    id: str
    kind: Kind
    by: str
    at: str
    name: str = ""
    received_at: str = ""
    body: str = ""


def opening(batch: Batch) -> Write:
    """A new batch's header; it is kept for good, so an id is never used twice."""
    listed = {"lane": keys.batches_of(batch.by), "due": f"{batch.at}#{batch.id}"}
    return Put(keys.batch(batch.id), batch.row() | listed, Absent())


def find(ports: Ports, batch_id: str) -> Batch | None:
    """A batch by its id."""
    row = ports.items.get(keys.batch(batch_id))
    return Batch.of_row(row) if row else None
