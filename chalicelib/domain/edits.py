"""Edits by people, as words on slots: what a patch, a revert and a release say. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.domain.errors import FieldError, InvalidError
from chalicelib.domain.evidence import FACTS, Record
from chalicelib.domain.fields import FIELDS, identity
from chalicelib.domain.pins import (
    Pin,
    Word,
    added,
    dropped,
    field_of_slot,
    held,
    pinned,
    released,
    slot_of,
)
from chalicelib.domain.structure import pointer

Words = dict[str, Word]
Values = Mapping[str, Any]


def patching(patch: Values, golden: Values) -> Words:
    """What a merge patch (normal form, None clears) says of the golden values it was made on.

    A single field is pinned; of a list only the difference, element by element. Raises
    `InvalidError` where it would take a fact away.
    """
    words: Words = {}
    for name, value in patch.items():
        words |= _listing(name, value or [], golden) if _many(name) else {name: pinned(value)}
    _refuse_lost_facts(words)
    return words


def _many(name: str) -> bool:
    return name in FIELDS and FIELDS[name].many


def _listing(name: str, wanted: Iterable[Any], golden: Values) -> Words:
    """The words that make one list of another."""
    known = {identity(e): e for e in golden.get(name) or []}
    kept = {identity(e): e for e in wanted}
    adds = [e for mark, e in kept.items() if known.get(mark) != e]
    drops = [e for mark, e in known.items() if mark not in kept]
    words = {slot_of(name, e): added(e) for e in adds}
    return words | {slot_of(name, e): dropped(e) for e in drops}


def _refuse_lost_facts(words: Words) -> None:
    gone = {field_of_slot(slot) for slot, word in words.items() if "drop" in word} & FACTS
    if gone:
        raise _lost_facts(sorted(gone))


def _lost_facts(names: Iterable[str]) -> InvalidError:
    detail = "A consent is a fact: add that it was withdrawn, it cannot be taken away."
    faults = [FieldError(pointer(name), "fact", detail) for name in names]
    return InvalidError("The change takes facts away.", faults)


def reverting(
    then: Values, golden: Values, records: Iterable[Record], fields: Iterable[str]
) -> Words:
    """What makes the golden values, in these fields, what they were `then`; facts stay.

    A single value holds until a source says something that none of the records says now.
    """
    told = list(records)
    words: Words = {}
    for name in fields:
        if then.get(name) == golden.get(name) or name in FACTS:
            continue
        if _many(name):
            words |= _listing(name, then.get(name) or [], golden)
        else:
            against = [v for r in told if (v := r.values().get(name)) is not None]
            words[name] = held(then.get(name), against)
    return words


def releasing(name: str, pins: Iterable[Pin], bearer: str) -> Words:
    """What takes every pin on a field away, said on one record: it goes where that goes.

    Raises `InvalidError` for facts.
    """
    if name in FACTS:
        raise _lost_facts([name])
    slots: dict[str, list[Pin]] = {}
    for pin in pins:
        if field_of_slot(pin.slot) == name:
            slots.setdefault(pin.slot, []).append(pin)
    return {s: released(p for p in said if p.record != bearer) for s, said in slots.items()}
