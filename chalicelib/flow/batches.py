"""Batches: every set of changes with one cause has a header, found by who made it and when."""

from dataclasses import dataclass
from typing import Literal

from chalicelib.domain import times
from chalicelib.domain.judgements import Decision
from chalicelib.domain.model import Entity
from chalicelib.domain.splitting import HELD, MOVED, PARTED
from chalicelib.flow.intake.ingest import Effect, over
from chalicelib.flow.ports import Ports
from chalicelib.store import keys
from chalicelib.store.ports import Absent, Equals, Page, Put, Set, Write

Kind = Literal[
    "call",
    "note",
    "create",
    "edit",
    "release",
    "revert",
    "retire",
    "restore",
    "merge",
    "undo",
    "review",
    "split",
    "rules",
    "poll",
]
LAST = "~"
PAGES_CAP = 10
# What a split did is taken back in this order: who was moved first comes home, what it held
# together is let go last.
TURNS = {MOVED: "1#", PARTED: "2#", HELD: "3#"}


class Batch(Entity):
    """What was done at once: by whom (`source:crm`, `key:...`), when, under which name.

    `body` is a digest of a call's body and `received_at` its own time: by them a repetition
    of the call is told from another call under its id; they are empty where `fsck` had to
    write the header anew. `undone_by` names the undo that took it back. `place` is its number
    in the line of its source, where it had to wait: 0 where it had not.
    """

    id: str
    kind: Kind
    by: str
    at: str
    name: str = ""
    received_at: str = ""
    body: str = ""
    undone_by: str = ""
    place: int = 0

    def is_of(self, body: str) -> bool:
        """Whether a call with this body's digest can be the one that the header is of."""
        return self.body in ("", body)


@dataclass(frozen=True)
class Chosen:
    """The batches that are meant: one by its id, or somebody's, by name and time.

    `since` and `upto` are times and belong to it; an empty one leaves that end open.
    """

    id: str = ""
    by: str = ""
    name: str = ""
    since: str = ""
    upto: str = ""

    def holds(self, batch: Batch) -> bool:
        """Whether a batch is meant."""
        if self.id:
            return batch.id == self.id
        in_time = self.since <= batch.at <= (self.upto or LAST)
        return batch.by == self.by and self.name in ("", batch.name) and in_time


def opening(batch: Batch) -> Write:
    """A new batch's header; it is kept for good, so an id is never used twice."""
    listed = {"lane": keys.batches_of(batch.by), "due": f"{batch.at}#{batch.id}"}
    return Put(keys.batch(batch.id), batch.row() | listed, Absent())


def opened(ports: Ports, kind: Kind, by: str, batch_id: str) -> list[Write]:
    """The header of what a person does, unless an earlier transaction of it wrote that.

    A split takes several: each is on the condition that it was not undone meanwhile, else
    `ConflictError`. What a model does is no batch of its own.
    """
    if by.startswith("model:"):
        return []
    header = find(ports, batch_id)
    if header is None:
        return [opening(Batch(id=batch_id, kind=kind, by=by, at=times.text(ports.now())))]
    return [_standing(header)] if kind == "split" else []


def _standing(header: Batch) -> Write:
    if header.undone_by:
        raise over()
    return Set(keys.batch(header.id), {"undone_by": ""}, Equals("undone_by", ""))


def judged(batch_id: str, outcome: str, contact: str, judgement: str) -> Write:
    """That a batch put a judgement in force, or (`restored`, `parted`) took one out of it.

    It needs no condition: it says the same whoever writes it.
    """
    effect = Effect(outcome=outcome, contact_id=contact, judgement=judgement)
    return Put(keys.judged(batch_id, judgement, TURNS.get(outcome, "")), effect.row())


def joined(ports: Ports, kind: Kind, does: str, edge: Decision) -> list[Write]:
    """That an edge which makes one contact is of a person's batch, with the batch's header."""
    if edge.judgement.machine:
        return []
    said = judged(edge.batch, does, edge.effect["winner"], edge.judgement.id)
    return [*opened(ports, kind, edge.judgement.by, edge.batch), said]


def find(ports: Ports, batch_id: str) -> Batch | None:
    """A batch by its id."""
    row = ports.items.get(keys.batch(batch_id))
    return Batch.of_row(row) if row else None


def chosen(
    ports: Ports, wanted: Chosen, after: str | None, limit: int
) -> tuple[list[Batch], str | None]:
    """Some of the batches that are meant, the newest first, and where to go on."""
    if wanted.id:
        one = find(ports, wanted.id)
        return ([one] if one else []), None
    found: list[Batch] = []
    for _ in range(PAGES_CAP):
        page = _page(ports, wanted, after, limit - len(found))
        read = [Batch.of_row(row) for row in page.items]
        found += [b for b in read if wanted.holds(b)]
        after = page.next if all(b.at >= wanted.since for b in read) else None
        if after is None or len(found) == limit:
            break
    return found, after


def _page(ports: Ports, wanted: Chosen, after: str | None, limit: int) -> Page:
    upto = f"{wanted.upto}#{LAST}" if wanted.upto else LAST
    lane = keys.batches_of(wanted.by)
    return ports.items.due("contacts", lane, upto, after=after, limit=limit, newest_first=True)


def effects(ports: Ports, batch_id: str, after: str | None, limit: int) -> Page:
    """Some rows of what a batch did, its header among them, and where to go on."""
    return ports.items.query("contacts", keys.batch(batch_id).pk, after=after, limit=limit)
