"""Record an interaction: it comes to stand on its record, in one transaction with its effect.

read the effect (was it done before?) -> what is known of it -> whose it is
-> refold what its record bought -> settle the contact -> write all on the head's `rev`

A correction may move it to another record; then both contacts are in the transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from chalicelib.domain import times
from chalicelib.domain.evidence import Record
from chalicelib.domain.graph import Contact
from chalicelib.domain.ids import keyed
from chalicelib.domain.interactions import (
    ORDERS,
    Interaction,
    Whereabouts,
    Word,
    is_late,
    is_repeated,
    late_because,
    place_of,
)
from chalicelib.domain.purchases import ORDERS_CAP, folded
from chalicelib.domain.settle import Step, bounded, settle
from chalicelib.domain.sources import Source
from chalicelib.domain.versions import Cause
from chalicelib.flow.changes import Change, change_writes, changed, insisting
from chalicelib.flow.intake.ingest import Effect, as_data
from chalicelib.flow.interacting.whose import Home, whose
from chalicelib.flow.ports import Ports
from chalicelib.flow.ruling import rules
from chalicelib.store import contacts, interactions, keys
from chalicelib.store.ports import Absent, Conflict, Put, Write


@dataclass(frozen=True)
class Errand:
    """In whose name and batch a word is taken, and its position in the call that brought it."""

    by: str
    batch: str
    position: int | None = None
    repeated: bool = False


@dataclass(frozen=True)
class Move:
    """What a word does to an interaction: from nowhere, to nowhere, or from place to place.

    `told` is the interaction as it comes to stand, `home` its record; none when it goes.
    """

    name: str
    before: Whereabouts
    after: Whereabouts
    told: Interaction | None = None
    home: Home | None = None

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
        return [self.home.record] if self.home and self.home.statement else []


def record_interaction(
    ports: Ports, source: Source, word: Word, errand: Errand
) -> tuple[Effect, Sequence[Change]]:
    """Store one word on an interaction; returns what became of it and the changes to kick.

    Raises `InvalidError` where nobody is known by its address, `TooLargeError` where it is
    more than can be stored, `BusyError`.
    """
    return insisting(ports, lambda tried: _once(ports, source, word, errand, tried))


def _once(
    ports: Ports, source: Source, word: Word, errand: Errand, tried: int
) -> tuple[Effect, Sequence[Change]]:
    if errand.position is not None and (tried or errand.repeated):
        done = ports.items.get(keys.effect(errand.batch, errand.position))
        if done:
            return Effect.of_row(done), ()
    name = keyed(ports.keys.ids, f"interaction\0{word.source}\0{word.id}")
    known = interactions.whereabouts(ports.items, name)
    if is_late(word, known) or is_repeated(word, known):
        return _heard_before(ports, word, errand, name, known), ()
    if word.event == "interaction.deleted":
        return _store(ports, word, errand, Move(name, known, Whereabouts(stamp=word.stamp)))
    home = whose(ports, source, word, known, errand.batch)
    return _store(ports, word, errand, _placed(ports, word, errand, name, known, home))


def _placed(
    ports: Ports, word: Word, errand: Errand, name: str, known: Whereabouts, home: Home
) -> Move:
    """The interaction comes to stand on the record that was found."""
    told = Interaction(
        id=word.id,
        source=word.source,
        record=home.record,
        occurred_at=word.occurred_at,
        content=word.content,
        found_by=home.found_by,
        candidates=home.candidates,
        batch=errand.batch,
        recorded_at=times.text(ports.now()),
        stamp=word.stamp,
    )
    bounded(told)
    after = Whereabouts(
        stamp=word.stamp,
        record=home.record,
        place=place_of(word, name),
        found_by=home.found_by,
        candidates=home.candidates,
    )
    return Move(name, known, after, told, home)


def _heard_before(
    ports: Ports, word: Word, errand: Errand, name: str, known: Whereabouts
) -> Effect:
    """Nothing new: older than what is known, or the same, of which the newer stamp counts."""
    head = contacts.head_of(ports.items, known.record) if known.record else None
    same = is_repeated(word, known)
    effect = Effect(
        outcome="unchanged" if same else "late",
        contact_id=head.id if head else None,
        reason="" if same else late_because(word, known),
        errors=as_data(word.errors),
        interaction=name,
    )
    writes = _effect_writes(errand, effect)
    if same and not is_late(word, known):
        newer = known.model_copy(update={"stamp": word.stamp})
        writes.append(interactions.whereabouts_write(name, known, newer))
    if writes:
        ports.items.write(writes)
    return effect


def _store(ports: Ports, word: Word, errand: Errand, move: Move) -> tuple[Effect, Sequence[Change]]:
    touched = _touched(ports, move)
    steps = [_settled(ports, word, errand, move, contact) for contact in touched]
    changes = tuple(c for step, _ in steps for c in _changes(ports, step, move))
    effect = _effect(word, move, touched)
    ports.items.write(
        [w for step, _ in steps for w in contacts.step_writes(step)]
        + [_record_write(r, move) for _, records in steps for r in records]
        + _row_writes(move)
        + _effect_writes(errand, effect)
        + change_writes(changes)
    )
    return effect, changes


def _touched(ports: Ports, move: Move) -> list[Contact]:
    """The contact where it will stand, then the one where it stands, if that is another."""
    here = [move.home.contact] if move.home else []
    if not move.before.record or any(move.before.record in c.records for c in here):
        return here
    there = contacts.load(ports.items, move.before.record)
    if there is None or any(there.records.keys() & c.records.keys() for c in here):
        raise Conflict  # the two are being joined at this very moment
    return [*here, there]


def _settled(
    ports: Ports, word: Word, errand: Errand, move: Move, contact: Contact
) -> tuple[Step, list[Record]]:
    """The contact's next state, and those of its records that are written."""
    here = [contact.records[r] for r in move.records if r in contact.records]
    refolded = [_refolded(ports, r, move) for r in here] if move.of_order else here
    records = contact.records | {r.id: r for r in refolded}
    cause = Cause(type=word.event, by=errand.by, record=here[0].id)
    why = rules.why(ports, cause, errand.batch)
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
    return changed(ports, step.after.id, step.after.rev, match=born, fan_out=not born)


def _record_write(record: Record, move: Move) -> Write:
    return contacts.record_write(record, born=record.id in move.newborn)


def _row_writes(move: Move) -> list[Write]:
    """The row comes, or goes, or both; with what is known of it, and who is born with it."""
    before, after, home = move.before, move.after, move.home
    writes = [interactions.whereabouts_write(move.name, before, after)]
    if before.place and (before.record, before.place) != (after.record, after.place):
        writes.append(interactions.removing(before, after.stamp))
    if move.told:
        writes.append(interactions.placing(after.place, move.told))
    if home and home.statement:
        writes.append(contacts.statement_write(home.record, home.statement))
    return writes


def _effect(word: Word, move: Move, touched: Sequence[Contact]) -> Effect:
    came = "updated" if move.before.place else "created"
    return Effect(
        outcome=came if move.told else "deleted",
        contact_id=touched[0].head.id if touched else None,
        errors=as_data(word.errors),
        interaction=move.name,
        found_by=move.after.found_by,
        candidates=move.after.candidates,
    )


def _effect_writes(errand: Errand, effect: Effect) -> list[Write]:
    if errand.position is None:
        return []
    return [Put(keys.effect(errand.batch, errand.position), effect.row(), Absent())]
