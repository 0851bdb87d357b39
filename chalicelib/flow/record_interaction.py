"""Record an interaction: it comes to stand on its record, in one transaction with its effect.

read the effect (was it done before?) -> what is known of it -> whose it is
-> refold what its record bought -> settle the contact -> write all on the head's `rev`

A correction may move it to another record; then both contacts are in the transaction.
"""

from collections.abc import Iterable, Sequence
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
from chalicelib.domain.settle import Step, Why, bounded, settle
from chalicelib.domain.sources import Source
from chalicelib.domain.versions import Cause
from chalicelib.flow.changes import Change, change_writes, changed, insisting
from chalicelib.flow.ingest import Effect, as_data
from chalicelib.flow.ports import Ports
from chalicelib.flow.whose import Home, whose
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
class Placed:
    """An interaction as it comes to stand, where, and by what name it is known."""

    name: str
    known: Whereabouts | None
    home: Home | None = None
    place: str = ""
    told: Interaction | None = None

    @property
    def stood(self) -> bool:
        """Whether it stands on a record now."""
        return self.known is not None and bool(self.known.place)

    def touches_orders(self) -> bool:
        """Whether what was bought may change."""
        before = self.known.place if self.known else ""
        return before.startswith(ORDERS) or self.place.startswith(ORDERS)


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
    if known and (is_late(word, known) or is_repeated(word, known)):
        return _heard_before(ports, word, errand, name, known), ()
    if word.event == "interaction.deleted":
        return _store(ports, word, errand, Placed(name, known))
    home = whose(ports, source, word, known, errand.batch)
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
    )
    bounded(told)
    return _store(ports, word, errand, Placed(name, known, home, place_of(word, name), told))


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


def _store(
    ports: Ports, word: Word, errand: Errand, placed: Placed
) -> tuple[Effect, Sequence[Change]]:
    touched = _touched(ports, placed)
    steps = [_settled(ports, word, errand, placed, contact) for contact in touched]
    changes = tuple(c for step, _ in steps for c in _changes(ports, step, placed.home))
    effect = _effect(word, placed, touched)
    ports.items.write(
        [w for step, records in steps for w in _contact_writes(step, records, placed.home)]
        + _row_writes(word, placed)
        + _effect_writes(errand, effect)
        + change_writes(changes)
    )
    return effect, changes


def _touched(ports: Ports, placed: Placed) -> list[Contact]:
    """The contact where it will stand, then the one where it stands, if that is another."""
    home, known = placed.home, placed.known
    here = [home.contact] if home else []
    if known is None or not placed.stood or (home and known.record in home.contact.records):
        return here
    there = contacts.load(ports.items, known.record)
    if there is None or there.head.id in [c.head.id for c in here]:
        raise Conflict  # the two are being joined at this very moment
    return [*here, there]


def _settled(
    ports: Ports, word: Word, errand: Errand, placed: Placed, contact: Contact
) -> tuple[Step, list[Record]]:
    """The contact's next state, and those of its records that changed."""
    ends = [placed.told.record if placed.told else "", placed.known.record if placed.known else ""]
    here = [contact.records[r] for r in dict.fromkeys(ends) if r in contact.records]
    refolded = [_refolded(ports, r, placed) for r in here] if placed.touches_orders() else []
    records = contact.records | {r.id: r for r in refolded}
    cause = Cause(type=word.event, by=errand.by, record=here[0].id)
    why = Why(cause, errand.batch, ports.now())
    unmatched = _newborn(placed.home, contact.head.id)
    step = settle(contact.head, records, contact.head.judgements, why, unmatched)
    changed_ = [r for r in records.values() if unmatched or r != contact.records[r.id]]
    return step, changed_


def _refolded(ports: Ports, record: Record, placed: Placed) -> Record:
    """The record with what it bought: the fold of its latest orders, as they shall stand."""
    standing = interactions.standing(ports.items, record.id, ORDERS, None, ORDERS_CAP + 1)
    orders = dict(islice(standing, ORDERS_CAP + 1))
    if placed.known and placed.known.record == record.id:
        orders.pop(placed.known.place, None)
    if placed.told and placed.told.record == record.id and placed.place.startswith(ORDERS):
        orders[placed.place] = placed.told
    latest = [orders[place] for place in sorted(orders, reverse=True)[:ORDERS_CAP]]
    bought = folded((order.occurred_at, order.content) for order in latest)
    return record.model_copy(update={"bought": bought})


def _newborn(home: Home | None, contact_id: str) -> list[str]:
    """The record that is born in this contact, if any: the matcher must see it."""
    return [home.record] if home and home.statement and home.record == contact_id else []


def _changes(ports: Ports, step: Step, home: Home | None) -> Sequence[Change]:
    """What was bought can be searched for and is told; a new contact once it is matched."""
    if not step.version:
        return ()
    born = _newborn(home, step.after.id)
    return changed(ports, step.after.id, step.after.rev, match=born, fan_out=not born)


def _contact_writes(step: Step, records: Iterable[Record], home: Home | None) -> list[Write]:
    born = _newborn(home, step.after.id)
    writes = contacts.step_writes(step)
    writes += [contacts.record_write(r, born=bool(born)) for r in records]
    if born and home and home.statement:
        writes.append(contacts.statement_write(home.record, home.statement))
    return writes


def _row_writes(word: Word, placed: Placed) -> list[Write]:
    """The row comes, or goes, or both; and what is known of it is this word's."""
    home, known = placed.home, placed.known
    now = Whereabouts(stamp=word.stamp)
    if home:
        stands = {"record": home.record, "place": placed.place}
        found = {"found_by": home.found_by, "candidates": home.candidates}
        now = now.model_copy(update=stands | found)
    writes = [interactions.whereabouts_write(placed.name, known, now)]
    if known and placed.stood and (known.record, known.place) != (now.record, now.place):
        writes.append(interactions.removing(known))
    if placed.told:
        writes.append(interactions.placing(placed.place, placed.told))
    return writes


def _effect(word: Word, placed: Placed, touched: Sequence[Contact]) -> Effect:
    home = placed.home
    return Effect(
        outcome="deleted" if home is None else "updated" if placed.stood else "created",
        contact_id=touched[0].head.id if touched else None,
        errors=as_data(word.errors),
        interaction=placed.name,
        found_by=home.found_by if home else "",
        candidates=home.candidates if home else (),
    )


def _effect_writes(errand: Errand, effect: Effect) -> list[Write]:
    if errand.position is None:
        return []
    return [Put(keys.effect(errand.batch, errand.position), effect.row(), Absent())]
