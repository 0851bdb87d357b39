"""Pins: a steward's word on a record, which no source overrules.

A record keeps them apart from what its source says, one word for each *slot*: a single
field, or one element of a list. So two stewards' edits of one list both hold, and a source's
new elements still come in. A word of a revert holds until a source says something new.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from chalicelib.domain.evidence import FACTS, Record, Told
from chalicelib.domain.fields import identity
from chalicelib.domain.model import canonical, digest
from chalicelib.domain.survivorship import Claim, moment
from chalicelib.domain.voices import Voices

Word = dict[str, Any]


class Pin(NamedTuple):
    """A word in force: whose record it stands on, what it says, since when."""

    record: str
    slot: str
    word: Word
    stamp: str


def slot_of(name: str, element: Any = None) -> str:
    """Where a word on a single field, or on one element of a list, stands."""
    return name if element is None else f"{name}#{digest(canonical(identity(element)))[:16]}"


def field_of_slot(slot: str) -> str:
    """The field that a slot belongs to."""
    return slot.partition("#")[0]


def pinned(value: Any) -> Word:
    """This value and no other; None: no value, whatever the sources say."""
    return {"value": value}


def held(value: Any, against: Iterable[Any]) -> Word:
    """This value until a source says something later that is none of these."""
    return {"value": value, "against": sorted({_print(other) for other in against})}


def added(element: Any) -> Word:
    """The list holds this element, in just this form."""
    return {"add": element}


def dropped(element: Any) -> Word:
    """The list does not hold this element, whoever says so."""
    return {"drop": element}


def ruled(words: Mapping[str, Word], target: str) -> dict[str, Word]:
    """The same words, said by the rule that a target owns the field: no person's."""
    return {slot: {**word, "ruled": target} for slot, word in words.items()}


def by_person(pins: Iterable[Pin]) -> bool:
    """Whether one of the words on a field is a person's that no source overrules."""
    return any("ruled" not in pin.word and "against" not in pin.word for pin in pins)


def released(pins: Iterable[Pin]) -> Word:
    """Nothing, and what these words on other records say is over while they are of one contact."""
    return {"released": {pin.record: pin.stamp for pin in pins}}


def _print(value: Any) -> str:
    return digest(canonical(value))[:16]


def standing(heard: Voices) -> dict[str, list[Pin]]:
    """By field the words in force, the newest on each slot.

    An overwrite renews the words of the record that it lifts, and a person's choice for a
    field ends what was said of it before on other records.
    """
    found = {pin.slot: pin for pin in sorted(audible(heard), key=lambda p: _said_at(p, heard))}
    by_field: dict[str, list[Pin]] = {}
    for slot in sorted(found, key=lambda s: (found[s].stamp, s)):
        by_field.setdefault(field_of_slot(slot), []).append(found[slot])
    return by_field


def audible(heard: Voices) -> list[Pin]:
    """The words that may count: of records that are heard, and not released since."""
    told = list(_told(heard))
    over = {(p.slot, *ended) for p in told for ended in p.word.get("released", {}).items()}
    return [p for p in told if "released" not in p.word and (p.slot, p.record, p.stamp) not in over]


def _told(heard: Voices) -> Iterator[Pin]:
    for record, muted_since in heard.stewards:
        for slot, told in record.pins.items():
            choice = heard.choice(field_of_slot(slot))
            ended = "" if record.id in choice.records else choice.at
            fact = field_of_slot(slot) in FACTS
            if fact or moment(told.stamp) > max(muted_since, ended):
                yield Pin(record.id, slot, told.value, told.stamp)


def _said_at(pin: Pin, heard: Voices) -> tuple[str, str, str]:
    return max(pin.stamp, heard.lifted.get(pin.record, "")), pin.stamp, pin.record


def holds(pin: Pin, claims: Iterable[Claim]) -> bool:
    """Whether no source has said something new since; a pin proper holds for good."""
    if "against" not in pin.word:
        return True
    later = (c for c in claims if moment(c.stamp) > moment(pin.stamp))
    return all(_print(c.value) in pin.word["against"] for c in later)


def pinned_values(record: Record) -> dict[str, Any]:
    """What a record says, its own pins applied: how the matcher sees it."""
    values = record.values()
    told: Mapping[str, Told] = record.pins
    for slot in sorted(told, key=lambda s: told[s].stamp):
        apply(values, slot, told[slot].value)
    return {name: value for name, value in values.items() if value not in (None, [])}


def apply(values: dict[str, Any], slot: str, word: Word) -> None:
    """Change the values of one record, or of one contact, as a word says."""
    name = field_of_slot(slot)
    if "value" in word:
        values[name] = word["value"]
    elif "released" not in word:
        element = word.get("add", word.get("drop"))
        others = [e for e in values.get(name) or [] if identity(e) != identity(element)]
        values[name] = [*others, element] if "add" in word else others
