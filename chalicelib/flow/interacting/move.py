"""Move: an interaction comes to stand, stands elsewhere or goes, in one transaction.

refold what its records bought -> settle their contacts -> write all on the heads' `rev`

A correction may move it to another record; then both contacts are in the transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from chalicelib.domain.evidence import Record, Statement
from chalicelib.domain.graph import Contact
from chalicelib.domain.hearing import Heard, whereabouts_of
from chalicelib.domain.interactions import ORDERS, Interaction, Whereabouts
from chalicelib.domain.purchases import ORDERS_CAP, folded
from chalicelib.domain.settle import Step, settle
from chalicelib.domain.versions import Cause
from chalicelib.flow.changes import Change, change_writes, changed
from chalicelib.flow.ports import Ports
from chalicelib.flow.ruling import rules
from chalicelib.store import contacts, interactions
from chalicelib.store.ports import Conflict, Write


@dataclass(frozen=True)
class Move:
    """From where an interaction stands to where `counts`, the word that counts now, puts it.

    `kept` is the word that is written with it: that one, or one that is taken back. `contact`
    is that of the record where it will stand, `statement` what this record is born with.
    """

    name: str
    before: Whereabouts
    counts: Heard | None
    kept: Heard
    contact: Contact | None = None
    statement: Statement | None = None

    @property
    def told(self) -> Interaction | None:
        """The interaction as it comes to stand; none when it goes."""
        return self.counts.told if self.counts else None

    @property
    def after(self) -> Whereabouts:
        """What is known of it then."""
        return whereabouts_of(self.name, self.counts, self.before.rev + 1)

    @property
    def records(self) -> list[str]:
        """The record on which it will stand, then the one on which it stands."""
        return [r for r in dict.fromkeys((self.after.record, self.before.record)) if r]

    @property
    def of_order(self) -> bool:
        """Whether what was bought may change."""
        return any(w.place.startswith(ORDERS) for w in (self.before, self.after))

    @property
    def newborn(self) -> list[str]:
        """The record that is born with it, if any."""
        return [self.after.record] if self.statement else []


def touched(ports: Ports, move: Move) -> list[Contact]:
    """The contact where it will stand, then the one where it stands, if that is another."""
    here = [move.contact] if move.contact else []
    if not move.before.record or any(move.before.record in c.records for c in here):
        return here
    there = contacts.load(ports.items, move.before.record)
    if there is None or any(there.records.keys() & c.records.keys() for c in here):
        raise Conflict  # the two are being joined at this very moment
    return [*here, there]


def store(
    ports: Ports,
    move: Move,
    moved: Sequence[Contact],
    cause: Cause,
    batch: str,
    also: Sequence[Write],
) -> Sequence[Change]:
    """Write a move of these contacts, and what belongs to it; returns the changes to kick."""
    steps = [_settled(ports, move, contact, cause, batch) for contact in moved]
    changes = tuple(c for step, _ in steps for c in _changes(ports, step, move))
    ports.items.write(
        [w for step, _ in steps for w in contacts.step_writes(step)]
        + [_record_write(r, step, move) for step, records in steps for r in records]
        + _row_writes(move)
        + [*also, *change_writes(changes)]
    )
    return changes


def _settled(
    ports: Ports, move: Move, contact: Contact, cause: Cause, batch: str
) -> tuple[Step, list[Record]]:
    """The contact's next state, and those of its records that are written."""
    here = [contact.records[r] for r in move.records if r in contact.records]
    refolded = [_refolded(ports, r, move) for r in here] if move.of_order else here
    records = contact.records | {r.id: r for r in refolded}
    why = rules.why(ports, cause.model_copy(update={"record": here[0].id}), batch)
    unmatched = [r for r in move.newborn if r in records]
    step = settle(contact.head, records, contact.head.judgements, why, unmatched)
    return step, [r for r in refolded if r != contact.records[r.id] or r.id in unmatched]


def _refolded(ports: Ports, record: Record, move: Move) -> Record:
    """The record with what it bought: the fold of its latest orders, as they shall stand."""
    standing = interactions.standing(ports.items, record.id, ORDERS, None, ORDERS_CAP + 1)
    orders = dict(islice(standing, ORDERS_CAP + 1))
    if move.before.record == record.id:
        orders.pop(move.before.place, None)
    if move.told and move.told.record == record.id and move.after.place.startswith(ORDERS):
        orders[move.after.place] = move.told
    latest = [orders[place] for place in sorted(orders, reverse=True)[:ORDERS_CAP]]
    bought = folded((order.occurred_at, order.content) for order in latest)
    return record.model_copy(update={"bought": bought})


def _changes(ports: Ports, step: Step, move: Move) -> Sequence[Change]:
    """What was bought can be searched for and is told; a new contact once it is matched."""
    if not step.version:
        return ()
    born = [r for r in move.newborn if r in step.after.members]
    known = bool(step.before.rev)
    return changed(ports, step.after.id, step.after.rev, match=born, fan_out=known)


def _record_write(record: Record, step: Step, move: Move) -> Write:
    new = not step.before.rev
    return contacts.record_write(record, born=new and record.id in move.newborn)


def _row_writes(move: Move) -> list[Write]:
    """The row comes, or goes, or both; with what is known of it, and who is born with it."""
    before, after = move.before, move.after
    writes = [
        interactions.whereabouts_write(move.name, after),
        interactions.heard_write(move.name, move.kept),
    ]
    if before.place and (before.record, before.place) != (after.record, after.place):
        writes.append(interactions.removing(before.record, before.place))
    if move.told:
        writes.append(interactions.placing(after.place, move.told))
    if move.contact and move.statement:
        new = not move.contact.head.rev
        writes.append(contacts.statement_write(after.record, move.statement, new=new))
    return writes
