"""Pin: stewards' words on records of one contact are kept, in one transaction.

read head, then members -> the ETag is that of what the person saw -> words on records
-> settle -> head, version, records, statements, the batch and what it did, changes
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.domain import evidence, times
from chalicelib.domain.deciding import matters
from chalicelib.domain.edits import Words
from chalicelib.domain.errors import ConflictError, NotFoundError, StaleError
from chalicelib.domain.evidence import Statement
from chalicelib.domain.golden import elect
from chalicelib.domain.graph import Contact
from chalicelib.domain.model import digest
from chalicelib.domain.settle import bounded, settle
from chalicelib.domain.versions import Cause, values_of
from chalicelib.domain.views import etag
from chalicelib.flow import batches
from chalicelib.flow.batches import Batch, Kind
from chalicelib.flow.changes import Change, change_writes, changed, insisting, kick
from chalicelib.flow.intake.ingest import Effect
from chalicelib.flow.ports import Ports
from chalicelib.flow.reading import read
from chalicelib.flow.ruling import rules
from chalicelib.store import contacts, keys
from chalicelib.store.ports import Absent, Put, Write

Decide = Callable[[Contact, Mapping[str, Any]], Mapping[str, Words]]


@dataclass(frozen=True)
class Seen:
    """The contact that a person names, as she saw it, and who she is.

    `key` is her name for what she does (`Idempotency-Key`): under it, it is done once.
    """

    contact: str
    etag: str
    by: str
    key: str

    def batch(self, ports: Ports, kind: Kind) -> Batch:
        """The batch of what she does."""
        name = digest(kind, self.by, self.key)
        return Batch(id=name, kind=kind, by=self.by, at=times.text(ports.now()))


def pin(ports: Ports, seen: Seen, kind: Kind, decide: Decide) -> read.Shown:
    """Keep the words that `decide` finds for (contact, golden values); returns the contact.

    Where it finds none, nothing is written. Raises `NotFoundError`, and `StaleError` where
    the contact is not the one that was seen, `ConflictError` where it is retired.
    """
    batch = seen.batch(ports, kind)
    kick(ports, once(ports, batch, lambda: _pin(ports, seen, batch, decide)))
    return read.contact(ports, seen.contact)


def _pin(ports: Ports, seen: Seen, batch: Batch, decide: Decide) -> Sequence[Change]:
    contact = current(ports, seen)
    if contact.head.status == "retired":
        raise ConflictError("The contact is retired; bring it back first.", kind="retired")
    golden = elect(
        contact.records.values(),
        contact.head.judgements,
        rules.of_head(ports, contact.head.rules),
    )
    words = {r: said for r, said in decide(contact, values_of(golden)).items() if said}
    return keep(ports, contact, words, batch) if words else ()


def once(ports: Ports, batch: Batch, attempt: Callable[[], Sequence[Change]]) -> Sequence[Change]:
    """Do it, unless it was done under this batch before and only the answer was lost."""
    return insisting(ports, lambda _: () if batches.find(ports, batch.id) else attempt())


def known(ports: Ports, contact_id: str) -> Contact:
    """The contact that an id leads to."""
    contact = contacts.load(ports.items, contact_id)
    if contact is None:
        raise NotFoundError("There is no contact under this id.")
    return contact


def current(ports: Ports, seen: Seen) -> Contact:
    """The contact now, if it is the one that was seen."""
    contact = known(ports, seen.contact)
    if etag(contact.head) != seen.etag:
        raise StaleError(
            "The contact has changed since; read it again.", current=etag(contact.head)
        )
    return contact


def bearer(contact: Contact, named: str) -> str:
    """The record that bears a word on a contact: the named one, or if a person has put that
    away the oldest that is heard.
    """
    heard = (r for r in contact.head.members if r not in contact.head.retired)
    return named if named not in contact.head.retired else next(heard, named)


def keep(
    ports: Ports,
    contact: Contact,
    words: Mapping[str, Words],
    batch: Batch,
    also: Sequence[Write] = (),
) -> Sequence[Change]:
    """Write words on records of a contact that was just read, with what else belongs to them."""
    at = times.later(ports.now(), _last_said(contact))
    said = {r: _statement(at, batch, words[r]) for r in words}
    after = {r: evidence.hear(contact.records[r], statement) for r, statement in said.items()}
    why = rules.why(ports, Cause(type=batch.kind, by=batch.by, record=min(said)), batch.id)
    matter = [r for r in after if matters(contact.records[r], after[r])]
    step = settle(contact.head, contact.records | after, contact.head.judgements, why, matter)
    changes = changed(ports, step.after.id, step.after.rev, match=matter, fan_out=True)
    ports.items.write(
        contacts.step_writes(step)
        + [contacts.record_write(record, born=False) for record in after.values()]
        + [contacts.statement_write(r, statement) for r, statement in said.items()]
        + [batches.opening(batch), *_effects(contact.head.id, said, batch), *also]
        + change_writes(changes)
    )
    return changes


def _last_said(contact: Contact) -> str:
    """When the contact last changed or a word on it was said: a new one must be newer."""
    said = (t.stamp for r in contact.records.values() for t in r.pins.values())
    return max([contact.head.recorded_at, *map(evidence.time_of, said)])


def _statement(at: str, batch: Batch, words: Words) -> Statement:
    statement = Statement(
        stamp=evidence.stamp(at, 0, "contact.edited", {"batch": batch.id}),
        event="contact.edited",
        fields=words,
        received="{}",
        batch=batch.id,
        recorded_at=at,
    )
    bounded(statement)
    return statement


def _effects(contact: str, said: Mapping[str, Statement], batch: Batch) -> list[Write]:
    done = [
        Effect(outcome="updated", contact_id=contact, record=record, stamp=statement.stamp)
        for record, statement in said.items()
    ]
    return [Put(keys.effect(batch.id, n), e.row(), Absent()) for n, e in enumerate(done)]
