"""Ingest: one event of one record becomes evidence and a version, in one transaction.

read the effect (has this call done it before?) -> read head, then members
-> fold the statement -> settle the contact -> write all on the head's `rev`
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from chalicelib.domain import evidence, times
from chalicelib.domain.deciding import matters
from chalicelib.domain.errors import ConflictError, FieldError
from chalicelib.domain.evidence import Duplicates, Event, Record, Statement
from chalicelib.domain.graph import Contact, Head
from chalicelib.domain.model import Entity
from chalicelib.domain.settle import Step, Why, bounded, settle
from chalicelib.domain.sources import Source
from chalicelib.domain.versions import Cause
from chalicelib.flow.changes import Change, change_writes, changed, insisting
from chalicelib.flow.ports import Ports
from chalicelib.flow.ruling import rules
from chalicelib.store import contacts, keys
from chalicelib.store.ports import Absent, Item, Put, Write

TELLERS_CAP = 4
UNDONE = "undone"


@dataclass(frozen=True)
class Said:
    """One record's event, normalised, at its place in the call that brought it.

    `came` is when the call first came, `by` who said it where that is not its source,
    `duplicates` the policy of its import.
    """

    record_id: str
    external_id: str
    event: Event
    occurred_at: str
    sequence: int
    fields: dict[str, Any]
    received: str
    came: str
    batch: str
    position: int
    repeated: bool = False
    errors: tuple[dict[str, str], ...] = ()
    dropped: tuple[str, ...] = ()
    by: str = ""
    duplicates: Duplicates = ""


class Effect(Entity):
    """What became of one record of a call: kept, so that a repetition answers the same.
    Or what a person's batch did to the graph: there `judgement` is its word.

    `errors` are the faults of the input (fields dropped, or why it was refused), `dropped`
    the names that the source may not tell; `reason` says why it was late. `record` and
    `stamp` name the statement that was kept: undoing the batch takes it back. Of an
    interaction it has the name, the stamp of the `word` that was kept, what led to its record,
    and which others could be meant.
    """

    outcome: str
    contact_id: str | None = None
    reason: str = ""
    errors: tuple[dict[str, str], ...] = ()
    dropped: tuple[str, ...] = ()
    record: str = ""
    stamp: str = ""
    interaction: str = ""
    word: str = ""
    found_by: str = ""
    candidates: tuple[str, ...] = ()
    judgement: str = ""

    @classmethod
    def of_kept(cls, row: Item) -> "Effect":
        """Read an effect back, to answer it again.

        Raises `ConflictError` where the batch was undone before it came to this: it is over.
        """
        effect = cls.of_row(row)
        if effect.outcome == UNDONE:
            raise over()
        return effect


def over() -> ConflictError:
    """The refusal of what comes to a batch after its undo."""
    return ConflictError("This batch was undone before it was finished.", kind=UNDONE)


def as_data(errors: Sequence[FieldError]) -> tuple[dict[str, str], ...]:
    """Faults as they are kept and answered."""
    return tuple(asdict(e) for e in errors)


def ingest(ports: Ports, source: Source, told: Said) -> tuple[Effect, Sequence[Change]]:
    """Store one event; returns what became of it and the changes to kick.

    Raises `BusyError` when other writers were in the way six times, `TooLargeError` where
    the contact would grow past what one can be.
    """
    return insisting(ports, lambda tried: _once(ports, source, told, tried))


def _once(ports: Ports, source: Source, told: Said, tried: int) -> tuple[Effect, Sequence[Change]]:
    if tried or told.repeated:
        done = ports.items.get(keys.effect(told.batch, told.position))
        if done:
            return Effect.of_kept(done), ()
    contact = contacts.load(ports.items, told.record_id)
    known = contact.records[told.record_id] if contact else None
    before = known or newborn(ports, source, told.record_id, told.external_id, told.came)
    statement = _statement(ports, told)
    after = evidence.hear(before, statement)
    if after == before and evidence.is_late(before, statement):
        return _keep_late(ports, told, contact, statement, before)
    if contact and after == before:
        unchanged = _effect(told, "unchanged", contact)
        return _say_again(ports, told, contact, _known(ports, told, statement), unchanged)
    settings = {"trust": source.trust, "source_tags": source.tags}
    settings |= {"duplicates": told.duplicates} if known is None or before.blank else {}
    after = after.model_copy(update=settings)
    again = bool(tried and _known(ports, told, statement))
    return _store(ports, told, contact, before, after, statement, again)


def newborn(ports: Ports, source: Source, record_id: str, external_id: str, came: str) -> Record:
    """A record of a source that had said nothing of it yet when a call `came`."""
    return Record(
        id=record_id,
        source=source.id,
        external_id=external_id,
        first_seen=came,
        salt=ports.chance.token(),
        trust=source.trust,
        source_tags=source.tags,
    )


def _statement(ports: Ports, told: Said) -> Statement:
    statement = Statement(
        stamp=evidence.stamp(told.occurred_at, told.sequence, told.event, told.fields),
        event=told.event,
        fields=told.fields,
        received=told.received,
        batch=told.batch,
        recorded_at=times.text(ports.now()),
        duplicates=told.duplicates,
    )
    bounded(statement)
    return statement


def _known(ports: Ports, told: Said, statement: Statement) -> Statement | None:
    """The very statement, where it was kept before; it may be retracted."""
    row = ports.items.get(keys.statement(told.record_id, statement.stamp))
    return Statement.of_row(row) if row else None


def _why(ports: Ports, told: Said, source: str) -> Why:
    by = told.by or f"source:{source}"
    cause = Cause(type=told.event, by=by, record=told.record_id)
    return rules.why(ports, cause, told.batch)


def _store(
    ports: Ports,
    told: Said,
    contact: Contact | None,
    before: Record,
    after: Record,
    statement: Statement,
    again: bool,
) -> tuple[Effect, Sequence[Change]]:
    """Write all that one event makes; `again` where it was told before and retracted."""
    head = contact.head if contact else Head(id=told.record_id)
    records = (contact.records if contact else {}) | {after.id: after}
    matter = not contact or matters(before, after)
    unmatched = [after.id] if matter else []
    step = settle(head, records, head.judgements, _why(ports, told, after.source), unmatched)
    effect = _effect(told, _outcome(contact, step, after), contact, stamp=statement.stamp)
    changes = _changes(ports, step, unmatched, told=bool(contact))
    writes = contacts.step_writes(step) + [
        contacts.record_write(after, born=not contact),
        contacts.statement_write(after.id, statement, new=not again),
        _effect_write(told, effect),
    ]
    ports.items.write(writes + change_writes(changes))
    return effect, changes


def _changes(ports: Ports, step: Step, unmatched: list[str], *, told: bool) -> Sequence[Change]:
    """A new contact is told of once it is matched; a known one at once."""
    if not step.version:
        return ()
    return changed(ports, step.after.id, step.after.rev, match=unmatched, fan_out=told)


def _outcome(contact: Contact | None, step: Step, after: Record) -> str:
    if not step.version:
        return "unchanged"
    if not after.alive:
        return "deleted"
    return "updated" if contact else "created"


def _keep_late(
    ports: Ports,
    told: Said,
    contact: Contact | None,
    statement: Statement,
    known: Record,
) -> tuple[Effect, Sequence[Change]]:
    """A late statement changes nothing but is kept: undoing a newer batch may need it."""
    assert contact is not None  # only a known record can be ahead of a statement
    newest = max([known.floor, *(t.stamp for t in known.fields.values())])
    tie = evidence.time_of(newest) == told.occurred_at
    effect = _effect(told, "late", contact, "same_time" if tie else "older")
    kept = _known(ports, told, statement)
    if kept and not kept.retracted_by:
        return _say_again(ports, told, contact, kept, effect)
    return _note(ports, told, contact, statement, effect, new=not kept)


def _say_again(
    ports: Ports, told: Said, contact: Contact, known: Statement | None, effect: Effect
) -> tuple[Effect, Sequence[Change]]:
    """What was said before is this batch's word too: who undoes the other one leaves it."""
    if not known or told.batch in known.tellers or len(known.tellers) == TELLERS_CAP:
        ports.items.write([_effect_write(told, effect)])
        return effect, ()
    also = known.model_copy(update={"also": (*known.also, told.batch)})
    return _note(ports, told, contact, also, effect, new=False)


def _note(
    ports: Ports, told: Said, contact: Contact, statement: Statement, effect: Effect, *, new: bool
) -> tuple[Effect, Sequence[Change]]:
    """Keep a statement that changes nothing, on the condition of the contact's head."""
    why = rules.kept(ports, _why(ports, told, contact.records[told.record_id].source), contact.head)
    step = settle(contact.head, contact.records, contact.head.judgements, why)
    kept = contacts.statement_write(told.record_id, statement, new=new)
    effect = effect.model_copy(update={"stamp": statement.stamp})
    ports.items.write([*contacts.step_writes(step), kept, _effect_write(told, effect)])
    return effect, ()


def _effect(
    told: Said, outcome: str, contact: Contact | None, reason: str = "", stamp: str = ""
) -> Effect:
    return Effect(
        outcome=outcome,
        contact_id=contact.head.id if contact else told.record_id,
        reason=reason,
        errors=told.errors,
        dropped=told.dropped,
        record=told.record_id,
        stamp=stamp,
    )


def _effect_write(told: Said, effect: Effect) -> Write:
    return Put(keys.effect(told.batch, told.position), effect.row(), Absent())
