"""Retire: a contact is put away by a person, and can be brought back.

A `retired` judgement names its records: they say nothing from then on, whatever their
sources tell, so the targets are told to remove it. What joins it later is heard.
"""

from collections.abc import Collection, Sequence

from chalicelib.domain import times
from chalicelib.domain.errors import ConflictError
from chalicelib.domain.graph import Contact, united, without
from chalicelib.domain.judgements import Decision, Judgement
from chalicelib.domain.settle import Step, settle
from chalicelib.domain.versions import Cause
from chalicelib.flow import batches
from chalicelib.flow.batches import Batch
from chalicelib.flow.changes import Change, change_writes, changed, insisting, kick
from chalicelib.flow.editing.pin import Seen, current, known, once
from chalicelib.flow.merging.link import neighbours
from chalicelib.flow.ports import Ports
from chalicelib.flow.reading import read
from chalicelib.flow.ruling import rules
from chalicelib.store import contacts
from chalicelib.store.ports import Write


def retire(ports: Ports, seen: Seen) -> read.Shown:
    """Put the contact away; returns it.

    Raises `NotFoundError`, `StaleError`, and `ConflictError` where it is retired already.
    """
    batch = seen.batch(ports, "retire")
    kick(ports, once(ports, batch, lambda: _retire(ports, seen, batch)))
    return read.contact(ports, seen.contact)


def put_away(ports: Ports, seen: Seen, undo: Batch) -> None:
    """Retire as part of an undo, whose batch stands; raises as `retire`."""
    kick(ports, insisting(ports, lambda _: _retire(ports, seen, undo)))


def bring_back(ports: Ports, contact_id: str, undo: Batch) -> None:
    """Restore as part of an undo, whose batch stands; raises as `restore`."""
    kick(ports, insisting(ports, lambda _: _restore(ports, known(ports, contact_id), undo)))


def _retire(ports: Ports, seen: Seen, batch: Batch) -> Sequence[Change]:
    contact = current(ports, seen)
    if contact.head.status == "retired":
        raise ConflictError("The contact is retired already.", kind="retired")
    word = _word(ports, contact.head.members, batch)
    return _write(ports, batch, [(contact, [*contact.head.judgements, word])], new=[word])


def _word(ports: Ports, records: Sequence[str], batch: Batch) -> Judgement:
    return Judgement(
        id=ports.chance.token(),
        verdict="retired",
        a=tuple(records),
        b=(),
        by=batch.by,
        at=times.text(ports.now()),
    )


def restore(ports: Ports, seen: Seen) -> read.Shown:
    """Bring the contact back; what its sources told meanwhile counts again. Returns it.

    Raises `NotFoundError`, `StaleError`, and `ConflictError` where nobody put it away.
    """
    batch = seen.batch(ports, "restore")
    kick(ports, once(ports, batch, lambda: _restore(ports, current(ports, seen), batch)))
    return read.contact(ports, seen.contact)


def _restore(ports: Ports, contact: Contact, batch: Batch) -> Sequence[Change]:
    ended = [j for j in contact.head.judgements if j.verdict == "retired"]
    if not ended:
        raise ConflictError("Nobody retired this contact.", kind="not_retired")
    stay = sorted({r for j in ended for r in j.a} - set(contact.records))
    words = [_word(ports, stay, batch)] if stay else []
    others = [
        (c, [*without(c.head.judgements, ended), *(w for w in words if _names(w, c))])
        for c in neighbours(ports, ended, contact)
    ]
    back = (contact, without(contact.head.judgements, ended))
    return _write(ports, batch, [back, *others], new=words, ended=ended, again=contact.records)


def _names(word: Judgement, contact: Contact) -> bool:
    return word.concerns(frozenset(contact.records))


def _write(
    ports: Ports,
    batch: Batch,
    becoming: Sequence[tuple[Contact, Sequence[Judgement]]],
    new: Sequence[Judgement],
    ended: Sequence[Judgement] = (),
    again: Collection[str] = (),
) -> Sequence[Change]:
    why = rules.why(ports, Cause(type=batch.kind, by=batch.by), batch.id)
    steps = [
        settle(c.head, c.records, united(words), why, [r for r in c.records if r in again])
        for c, words in becoming
    ]
    changes = [c for step in steps for c in _changes(ports, step, again)]
    retracted = {"retracted_at": batch.at, "retracted_by": batch.by, "undo": {"batch": batch.id}}
    gone = [d for j in ended if (d := contacts.decision(ports.items, j.id))]
    ports.items.write(
        [w for step in steps for w in contacts.step_writes(step)]
        + [contacts.decision_write(Decision(judgement=j, batch=batch.id)) for j in new]
        + [contacts.decision_write(d.model_copy(update=retracted), new=False) for d in gone]
        + _opened(batch, becoming[0][0].head.id, *(ended or new))
        + change_writes(changes)
    )
    return changes


def _changes(ports: Ports, step: Step, again: Collection[str]) -> Sequence[Change]:
    """Who is brought back is matched again, also where no value of the contact shows it."""
    match = [r for r in step.after.members if r in again]
    told = bool(step.version)
    wanted = match if match or told else None
    return changed(ports, step.after.id, step.after.rev, match=wanted, fan_out=told)


def _opened(batch: Batch, contact: str, word: Judgement, *_: Judgement) -> list[Write]:
    """The batch's header and what it did; an undo's stands since it was begun."""
    if batch.kind == "undo":
        return []
    outcome = "restored" if batch.kind == "restore" else "retired"
    return [batches.opening(batch), batches.judged(batch.id, outcome, contact, word.id)]
