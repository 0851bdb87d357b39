"""Retract: one statement of a batch that is undone counts no more, in one transaction.

read head, members, statements -> the record is the fold of what stands -> settle
-> head, version, record, statement, what became of it, changes; then the edges that the
machine made on what it said are retracted, and both parts are matched again
"""

from collections.abc import Sequence
from typing import Literal

from chalicelib.domain.deciding import matters
from chalicelib.domain.evidence import Record, Statement, fold
from chalicelib.domain.graph import Contact
from chalicelib.domain.model import Entity
from chalicelib.domain.settle import settle
from chalicelib.domain.undoing import hanging, untold
from chalicelib.domain.versions import Cause
from chalicelib.flow.batches import Batch
from chalicelib.flow.changes import Change, change_writes, changed, insisting, kick
from chalicelib.flow.intake.ingest import Effect
from chalicelib.flow.merging.untie import NOBODY, untie
from chalicelib.flow.ports import Ports
from chalicelib.flow.ruling import rules
from chalicelib.store import contacts
from chalicelib.store.ports import Absent, Conflict, Key, Put, Write


class Undone(Entity):
    """What became of one effect of an undone batch, kept with the undo's job.

    `nothing`: somebody took it back before. `edges` are the machine's, retracted with it.
    """

    state: Literal["undone", "nothing", "refused"]
    contact: str | None = None
    record: str = ""
    stamp: str = ""
    judgement: str = ""
    interaction: str = ""
    word: str = ""
    edges: tuple[str, ...] = ()
    reason: str = ""


def retract(ports: Ports, undo: Batch, batch: Batch, place: Key, effect: Effect) -> Undone:
    """Take an effect's statement back, once; `place` is where the outcome is kept."""
    undone, changes = insisting(ports, lambda _: _retract(ports, undo, batch, place, effect))
    kick(ports, changes)
    for edge in undone.edges:
        kick(ports, untie(ports, edge, undo.by, undo.id, says=NOBODY).changes)
    return undone


def _retract(
    ports: Ports, undo: Batch, batch: Batch, place: Key, effect: Effect
) -> tuple[Undone, Sequence[Change]]:
    row = ports.items.get(place)
    if row:
        return Undone.of_row(row), ()
    contact = contacts.load(ports.items, effect.record)
    if contact is None:
        raise Conflict
    told = contacts.told(ports.items, effect.record)
    said = next((s for s in told if _is_meant(s, batch, effect)), None)
    if said is None:
        nothing = Undone(state="nothing", contact=contact.head.id, record=effect.record)
        ports.items.write([kept(place, nothing)])
        return nothing, ()
    after = untold(said, batch.id, undo.id)
    record = fold(contact.records[effect.record], [after if s is said else s for s in told])
    return _store(ports, undo, batch, place, contact, record, after)


def _is_meant(statement: Statement, batch: Batch, effect: Effect) -> bool:
    named = statement.stamp == effect.stamp and batch.id in statement.tellers
    return named and not statement.retracted_by


def _store(
    ports: Ports,
    undo: Batch,
    batch: Batch,
    place: Key,
    contact: Contact,
    record: Record,
    said: Statement,
) -> tuple[Undone, Sequence[Change]]:
    matter = [record.id] if matters(contact.records[record.id], record) else []
    why = rules.why(ports, Cause(type="undo", by=undo.by, record=record.id), undo.id)
    records = contact.records | {record.id: record}
    since = min(batch.at, said.recorded_at)
    step = settle(contact.head, records, contact.head.judgements, why, matter)
    undone = Undone(
        state="undone",
        contact=contact.head.id,
        record=record.id,
        stamp=said.stamp,
        edges=tuple(e.id for e in hanging(contact, record.id, since)) if matter else (),
    )
    told = changed(ports, step.after.id, step.after.rev, match=matter, fan_out=True)
    changes = told if step.version else ()
    ports.items.write(
        contacts.step_writes(step)
        + [contacts.record_write(record, born=False)]
        + [contacts.statement_write(record.id, said, new=False)]
        + [kept(place, undone)]
        + change_writes(changes)
    )
    return undone, changes


def kept(place: Key, undone: Undone) -> Write:
    """What became of an effect, written once."""
    return Put(place, undone.row(), Absent())


def keep(ports: Ports, place: Key, undone: Undone) -> Undone:
    """Keep what became of an effect whose own transaction does not; what stands is returned."""
    try:
        ports.items.write([kept(place, undone)])
    except Conflict:
        return Undone.of_row(ports.items.get(place) or undone.row())
    return undone
