"""Retract: one statement of a batch that is undone counts no more, in one transaction.

read head, members, statements -> the record is the fold of what stands -> settle
-> head, version, record, statement, what became of it, changes; then the edges that the
machine made on what it said are retracted, and both parts are matched again
"""

from chalicelib.domain.deciding import matters
from chalicelib.domain.evidence import Record, Statement, fold
from chalicelib.domain.graph import Contact
from chalicelib.domain.settle import settle
from chalicelib.domain.undoing import hanging, untold
from chalicelib.domain.versions import Cause
from chalicelib.flow.changes import change_writes, changed, kick
from chalicelib.flow.merging.untie import NOBODY, untie
from chalicelib.flow.ports import Ports
from chalicelib.flow.ruling import rules
from chalicelib.flow.undoing.outcome import Outcome, Taking, Undone, keep, kept, once
from chalicelib.store import contacts
from chalicelib.store.ports import Conflict


def retract(ports: Ports, taking: Taking) -> Undone:
    """Take an effect's statement back, once, and what the machine joined by it."""
    undone, undo = once(ports, taking.place, lambda: _retract(ports, taking)), taking.undo
    for edge in undone.edges:
        kick(ports, untie(ports, edge, undo.by, undo.id, says=NOBODY).changes)
    return undone


def _retract(ports: Ports, taking: Taking) -> Outcome:
    effect = taking.effect
    contact = contacts.load(ports.items, effect.record)
    if contact is None:
        raise Conflict
    told = contacts.told(ports.items, effect.record)
    said = next((s for s in told if _is_meant(s, taking)), None)
    if said is None:
        nothing = Undone(state="nothing", contact=contact.head.id, record=effect.record)
        return keep(ports, taking.place, nothing)
    after = untold(said, taking.batch.id, taking.undo.id)
    record = fold(contact.records[effect.record], [after if s is said else s for s in told])
    return _store(ports, taking, contact, record, after)


def _is_meant(statement: Statement, taking: Taking) -> bool:
    named = statement.stamp == taking.effect.stamp and taking.batch.id in statement.tellers
    return named and not statement.retracted_by


def _store(
    ports: Ports, taking: Taking, contact: Contact, record: Record, said: Statement
) -> Outcome:
    matter = [record.id] if matters(contact.records[record.id], record) else []
    cause = Cause(type="undo", by=taking.undo.by, record=record.id)
    records = contact.records | {record.id: record}
    why = rules.why(ports, cause, taking.undo.id)
    step = settle(contact.head, records, contact.head.judgements, why, matter)
    since = min(taking.batch.at, said.recorded_at)
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
        + [kept(taking.place, undone), *change_writes(changes)]
    )
    return undone, changes
