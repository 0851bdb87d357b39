"""Evidence: statements, and the record that is their fold.

A source tells us, event by event, what it knows of one of its records. Every event has
one stamp (its time, its sequence, its content's hash) and the record is a function of the
set of its statements, whatever their order: the newest whole statement or deletion is the
*floor*, below which nothing counts; above it the newest word on each field counts. Facts
are no words on what is so now: every one that was ever told counts.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from chalicelib.domain.model import Entity, canonical, digest
from chalicelib.domain.purchases import Bought

Event = Literal["contact.upserted", "contact.patched", "contact.deleted", "contact.edited"]
Duplicates = Literal["", "merge", "overwrite", "skip"]


# A consent was given or withdrawn: another fact follows it, nothing takes it back.
FACTS = frozenset({"consents"})
FACTS_CAP = 200  # the latest; and of each kind the last, which decides


class Statement(Entity):
    """One event's word on a record: `fields` in normal form, of a steward's edit words by slot.

    `received` is JSON text of what came and may be kept: a sender's JSON holds what a store
    cannot (fractions, names of any kind), and nobody looks into it but people. `also` are the
    batches that said the very same after `batch` did. `retracted_by` names the undo by which it
    counts no more. `duplicates` is the policy of the import that it came by.
    """

    stamp: str
    event: Event
    fields: dict[str, Any]
    received: str
    batch: str
    recorded_at: str
    also: tuple[str, ...] = ()
    retracted_by: str = ""
    duplicates: Duplicates = ""

    @property
    def tellers(self) -> tuple[str, ...]:
        """The batches that said it."""
        return (self.batch, *self.also)

    @property
    def whole(self) -> bool:
        """Whether it says all there is, so that older words count no more."""
        return self.event in ("contact.upserted", "contact.deleted")


class Told(Entity):
    """A value and the stamp of the statement that told it; None where it was cleared."""

    value: Any
    stamp: str


class Record(Entity):
    """What one source says of one person or company. A node of the graph.

    `trust` and `source_tags` are the source's settings when it last spoke: so a contact
    depends on its records alone. `salt` keys the digests of its values (see `versions`).
    `pins` are the words of stewards on it (see `pins`), which its source cannot touch;
    `bought` sums up the orders that stand on it. `duplicates` is the policy of the import
    that made it, if that had one.
    """

    id: str
    source: str
    external_id: str
    first_seen: str
    salt: str
    trust: int
    source_tags: tuple[str, ...] = ()
    floor: str = ""
    gone: bool = False
    fields: dict[str, Told] = {}
    pins: dict[str, Told] = {}
    bought: Bought | None = None
    duplicates: Duplicates = ""

    @property
    def blank(self) -> bool:
        """Whether all that its source said was retracted: the next word makes it anew."""
        return self.gone and not self.floor and not self.fields

    @property
    def alive(self) -> bool:
        """Not deleted, or told something after the deletion."""
        later = (told for told in self.fields.values() if told.stamp > self.floor)
        return not self.gone or any(told.value is not None for told in later)

    @property
    def age(self) -> tuple[str, str]:
        """Sorts records from the oldest to the youngest, the same way for ever."""
        return (self.first_seen, self.id)

    def values(self) -> dict[str, Any]:
        """The values that count now, in normal form."""
        return {n: t.value for n, t in self.fields.items() if t.value is not None}

    def evidence(self) -> str:
        """A salted digest of all it says: changes with every value, tells none of them."""
        pins = {slot: told.value for slot, told in self.pins.items()}
        return digest(self.salt, canonical([self.alive, self.source_tags, self.values(), pins]))


def stamp(occurred_at: str, sequence: int, event: Event, fields: dict[str, Any]) -> str:
    """The place of a statement in time: sorts by time, then sequence, then content."""
    return f"{occurred_at}#{sequence:016d}#{digest(event, canonical(fields))[:16]}"


def time_of(stamp: str) -> str:
    """When the source says it happened."""
    return stamp.partition("#")[0]


def hear(record: Record, statement: Statement) -> Record:
    """Fold one more statement into a record; the order in which they come is no matter."""
    if statement.event == "contact.edited":
        return _pin(record, statement)
    record = _remember(record, statement)
    if statement.stamp <= record.floor:
        return record
    said = {n: v for n, v in statement.fields.items() if n not in FACTS}
    told = {n: Told(value=v, stamp=statement.stamp) for n, v in said.items()}
    fields = {**told, **{n: t for n, t in record.fields.items() if not _newer(told.get(n), t)}}
    if not statement.whole:
        gone = record.gone and bool(record.floor)
        return record.model_copy(update={"fields": fields, "gone": gone})
    kept = {n: t for n, t in fields.items() if t.stamp >= statement.stamp or n in FACTS}
    gone = statement.event == "contact.deleted"
    return record.model_copy(update={"fields": kept, "floor": statement.stamp, "gone": gone})


def _remember(record: Record, statement: Statement) -> Record:
    """Facts are gathered: no later list, deletion or silence takes one away."""
    news = {n: v for n, v in statement.fields.items() if n in FACTS and v}
    fields = {n: _gathered(record.fields.get(n), v, statement.stamp) for n, v in news.items()}
    return record.model_copy(update={"fields": {**record.fields, **fields}}) if news else record


def _gathered(known: Told | None, news: Iterable[Any], stamp: str) -> Told:
    facts = {canonical(f): f for f in [*(known.value if known else ()), *news]}
    told = sorted(facts, key=lambda mark: (facts[mark].get("occurred_at", ""), mark))
    last = {_kind(facts[mark]): mark for mark in told}
    kept = sorted({*told[-FACTS_CAP:], *last.values()}, key=told.index)
    return Told(value=[facts[m] for m in kept], stamp=max(stamp, known.stamp if known else ""))


def _kind(fact: Mapping[str, Any]) -> tuple[Any, ...]:
    """Facts of one kind differ in time alone: that one was withdrawn, granted, or with proof."""
    told = (fact.get(name) for name in ("purpose", "channel", "status"))
    return (*told, bool(fact.get("proof")))


def fold(record: Record, statements: Iterable[Statement]) -> Record:
    """What the record is by these statements, those left out that were retracted.

    Where none stands it says nothing, as if it were gone; the next one makes it anew.
    """
    standing = [s for s in statements if not s.retracted_by]
    news = {"fields": {}, "pins": {}, "floor": "", "gone": True, "duplicates": made_by(standing)}
    told = record.model_copy(update=news)
    for statement in standing:
        told = hear(told, statement)
    return told


def made_by(standing: Iterable[Statement]) -> Duplicates:
    """The policy of the import that the first of a source's statements came by."""
    said = [s for s in standing if s.event != "contact.edited"]
    return min(said, key=lambda s: (s.recorded_at, s.stamp)).duplicates if said else ""


def _pin(record: Record, statement: Statement) -> Record:
    """A steward's words: the newest on each slot counts, whatever sources say meanwhile."""
    told = {s: Told(value=v, stamp=statement.stamp) for s, v in statement.fields.items()}
    pins = {**told, **{s: t for s, t in record.pins.items() if not _newer(told.get(s), t)}}
    return record.model_copy(update={"pins": pins})


def _newer(told: Told | None, than: Told) -> bool:
    return told is not None and told.stamp > than.stamp


def is_late(record: Record, statement: Statement) -> bool:
    """Whether all it says is older than what the record knows."""
    if statement.stamp <= record.floor:
        return statement.stamp != record.floor
    if statement.whole:
        return False
    known = [record.fields[n].stamp for n in statement.fields if n in record.fields]
    return 0 < len(known) == len(statement.fields) and min(known) > statement.stamp
