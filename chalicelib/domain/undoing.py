"""Undoing: what becomes of a record and of its contact once statements are taken back. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from chalicelib.domain.evidence import Record, Statement, fold
from chalicelib.domain.golden import elect
from chalicelib.domain.graph import Contact, components, eldest, shared_out, without
from chalicelib.domain.hearing import Heard
from chalicelib.domain.judgements import Judgement
from chalicelib.domain.pins import field_of_slot
from chalicelib.domain.survivorship import Rules
from chalicelib.domain.versions import values_of

EDITED = "contact.edited"
Said = TypeVar("Said", Statement, Heard)


@dataclass(frozen=True)
class Returning:
    """What taking statements back means for a contact.

    `fields` are (before, after) of the golden values that change; `kept` the fields that were
    edited since and stay as they are; `apart` the contacts that come out of it; `held_by` the
    edges of people that still name the record.
    """

    fields: Mapping[str, tuple[Any, Any]]
    kept: Sequence[str]
    apart: Sequence[str]
    held_by: Sequence[str]


def untold(said: Said, batch: str, undo: str) -> Said:
    """A statement, or a word on an interaction, without a batch's word for it: retracted, if
    no other batch said it."""
    left = tuple(b for b in said.tellers if b != batch)
    if not left:
        return said.model_copy(update={"retracted_by": undo})
    return said.model_copy(update={"batch": left[0], "also": left[1:]})


def hanging(contact: Contact, record: str, since: str) -> list[Judgement]:
    """The edges that the machine made on what the record said since then."""
    named = (e for e in contact.head.edges if e.machine and e.concerns(frozenset({record})))
    return [e for e in named if e.at >= since]


def returning(
    contact: Contact,
    record: Record,
    told: Sequence[Statement],
    taken: Collection[str],
    loosened: Sequence[Judgement],
    rules: Rules,
) -> Returning:
    """What changes by taking back the statements of these stamps, and edges with them.

    They may stand still or be retracted: so it is known before and after.
    """
    heard = [s.model_copy(update={"retracted_by": ""}) if s.stamp in taken else s for s in told]
    before = fold(record, heard)
    after = fold(record, (s for s in told if s.stamp not in taken))
    old, _ = _golden(contact, before, (), rules)
    new, apart = _golden(contact, after, loosened, rules)
    changed = sorted(n for n in {*old, *new} if old.get(n) != new.get(n))
    people = (e for e in contact.head.edges if not e.machine)
    return Returning(
        fields={n: (old.get(n), new.get(n)) for n in changed},
        kept=_kept(told, taken),
        apart=apart,
        held_by=[e.id for e in people if e.concerns(frozenset({record.id}))],
    )


def _golden(
    contact: Contact, record: Record, loosened: Sequence[Judgement], rules: Rules
) -> tuple[dict[str, Any], list[str]]:
    """The golden values of what keeps the contact's id, and the ids of what parts from it."""
    records = contact.records | {record.id: record}
    words = without(contact.head.judgements, loosened)
    parts = components(records, [j for j in words if j.verdict == "same"])
    stays = next(p for p in parts if contact.head.id in p)
    elected = elect((records[r] for r in stays), shared_out(words, stays), rules)
    return values_of(elected), sorted(eldest(p, records) for p in parts if p != stays)


def _kept(told: Iterable[Statement], taken: Collection[str]) -> list[str]:
    """The fields of what is taken back that somebody edited since: the later word stays."""
    known = list(told)
    gone = [s for s in known if s.stamp in taken]
    stay = [s for s in known if s.stamp not in taken and not s.retracted_by]
    slots = ((s, slot) for s in gone for slot in s.fields)
    kept = {field_of_slot(slot) for s, slot in slots if any(_over(t, s, slot) for t in stay)}
    return sorted(kept)


def _over(later: Statement, said: Statement, slot: str) -> bool:
    """Whether a statement that came later says something else on what one said."""
    if later.recorded_at < said.recorded_at:
        return False
    if later.event != EDITED and said.event != EDITED:
        return later.stamp > said.stamp and (later.whole or slot in later.fields)
    if later.event == said.event:
        return later.stamp > said.stamp and slot in later.fields
    return later.event == EDITED and field_of_slot(slot) in map(field_of_slot, later.fields)
