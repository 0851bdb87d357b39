"""Interactions: what passed between us and a contact, as sources tell it, in normal form.

An interaction belongs to one record and moves with it at every merge and undo. It is known
by its source and the source's id for it; the newest word on it counts, in whatever order
words arrive. Reading is strict: what it is, when and of whom must be readable, another part
that is not is dropped and named.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain.errors import FieldError, InvalidError
from chalicelib.domain.fields import CUSTOM_PREFIX, Field, Shape, field_of
from chalicelib.domain.messages import (
    AHEAD,
    InteractionEvent,
    own_id,
    sequence_told,
    time_told,
)
from chalicelib.domain.model import Entity, canonical, digest
from chalicelib.domain.normal.amounts import money, quantity
from chalicelib.domain.normal.codec import Context
from chalicelib.domain.normal.emails import email
from chalicelib.domain.normal.phones import phone
from chalicelib.domain.normal.text import choice, line, lines
from chalicelib.domain.normalise import MOST_ERRORS, Reader, flattened, pointer_to
from chalicelib.domain.sources import Source
from chalicelib.domain.structure import check_structure

ORDER, MEETING = "order", "meeting"
ORDERS, REST = "O#", "I#"
KINDS = (
    *("call", MEETING, "mail", "letter", "voicemail", "chat"),
    *(ORDER, "ticket", "deal", "form", "note"),
)
ADDRESSES = ("contact_id", "source", "external_id", "email", "phone")
_FRAME = frozenset({"id", "occurred_at", "updated_at", "sequence", "create"})
_UNKNOWN = "There is no such part. Custom ones are named a-z, 0-9 and _ in the object custom."
_NO_ADDRESS = "Say whose it is: by contact_id, external_id, email or phone."


def _exact(value: Any, _: Context) -> str:
    """A record's own id as its source writes it: nothing of it is made alike."""
    return own_id({"external_id": value}, "external_id")


_ITEM = Shape({"sku": line(100), "name": line(200), "quantity": quantity, "amount": money})
_FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        Field("kind", "Kind", choice(*KINDS)),
        Field("direction", "Direction", choice("in", "out")),
        Field("subject", "Subject", line(300)),
        Field("text", "Text", lines(5000)),
        Field("reference", "Reference", line(1000)),
        Field("amount", "Amount", money),
        Field("items", "Items", _ITEM, many=True, limit=100, repeats=True),
        Field("contact_id", "Contact", line(200)),
        Field("source", "Source of the record", line(100)),
        Field("external_id", "Id of the record", _exact),
        Field("email", "E-mail address", email),
        Field("phone", "Telephone number", phone),
    )
}


class Interaction(Entity):
    """One thing that passed, as it stands on its record's timeline; times in UTC.

    `content` is what was told of it in normal form, custom fields as `custom.<name>`.
    `found_by` is what led to the record, `candidates` the other records that it could have
    led to as well. One that is `gone` was taken back, or stands elsewhere now.
    """

    id: str
    source: str
    record: str
    occurred_at: str
    content: dict[str, Any]
    found_by: str
    candidates: tuple[str, ...] = ()
    recorded_at: str
    gone: bool = False

    @property
    def kind(self) -> str:
        """One of `KINDS`."""
        return str(self.content["kind"])


class Whereabouts(Entity):
    """What is known of an interaction under its id, also once it was taken back.

    `stamp` is that of the newest word on it that stands, empty where there is none; `record`
    and `place` say where it stands, and are empty where it does not. `rev` rises with every
    word that is kept or taken back.
    """

    stamp: str = ""
    record: str = ""
    place: str = ""
    found_by: str = ""
    candidates: tuple[str, ...] = ()
    rev: int = 0


@dataclass(frozen=True)
class Word:
    """One event's word on an interaction: `content` and `address` in normal form.

    `address` holds those of `ADDRESSES` that were given; `create` allows that a record is
    born where they lead to none. `errors` name the parts that were dropped.
    """

    event: InteractionEvent
    source: str
    id: str
    stamp: str
    occurred_at: str
    content: dict[str, Any]
    address: dict[str, str]
    create: bool
    errors: tuple[FieldError, ...]


def read_interaction(
    event: InteractionEvent,
    given: Any,
    source: Source,
    now: datetime,
    received_at: str,
    position: int,
) -> Word:
    """Read what a source sent; `InvalidError` names what refuses it as a whole.

    Without `updated_at`, or where our receipt is the source's clock, words are ordered by
    `received_at` and by their `position` in the call.
    """
    if not isinstance(given, Mapping):
        raise _refused(FieldError("", "not_an_object", "An interaction must be an object."))
    name, deleted = own_id(given, "id"), event == "interaction.deleted"
    moment, sequence = received_at, position
    if source.clock == "own" and given.get("updated_at") is not None:
        moment, sequence = time_told(given, "updated_at", now + AHEAD), sequence_told(given)
    read, errors = ({}, []) if deleted else _read(given, source, now)
    address = {n: read.pop(n) for n in ADDRESSES if n in read}
    occurred_at = "" if deleted else _occurred_at(given, read["kind"], now)
    create = not deleted and _create(given)
    said = digest(event, canonical([occurred_at, read, address]))[:16]
    stamp = f"{moment}#{sequence:016d}#{said}"
    return Word(event, source.id, name, stamp, occurred_at, read, address, create, tuple(errors))


def _read(
    given: Mapping[str, Any], source: Source, now: datetime
) -> tuple[dict[str, Any], list[FieldError]]:
    """The parts in normal form, and what had to be dropped."""
    check_structure(given)
    told = flattened({n: v for n, v in given.items() if n not in _FRAME}, whole=True)
    unknown = [FieldError(pointer_to(n), "unknown_field", _UNKNOWN) for n in told if not _field(n)]
    if unknown:
        raise _refused(*unknown)
    reader = Reader(Context(source.country, now.date()), _field)
    read = reader.fields(told)
    kindless = [e for e in reader.errors if e.pointer == "/kind"]
    if "kind" not in read:
        raise _refused(*kindless or [FieldError("/kind", "required", "The kind is missing.")])
    if reader.errors and source.invalid_field == "refuse":
        raise _refused(*reader.errors)
    if not {"contact_id", "external_id", "email", "phone"} & read.keys():
        raise _refused(FieldError("", "no_address", _NO_ADDRESS), *reader.errors)
    return read, reader.errors[:MOST_ERRORS]


def _field(name: str) -> Field | None:
    return field_of(name) if name.startswith(CUSTOM_PREFIX) else _FIELDS.get(name)


def _occurred_at(given: Mapping[str, Any], kind: str, now: datetime) -> str:
    """A meeting may lie ahead; all else has happened."""
    return time_told(given, "occurred_at", None if kind == MEETING else now + AHEAD)


def _create(given: Mapping[str, Any]) -> bool:
    told = given.get("create", False)
    if not isinstance(told, bool):
        raise _refused(FieldError("/create", "not_a_boolean", "Write true or false."))
    return told


def _refused(*errors: FieldError) -> InvalidError:
    return InvalidError("The interaction cannot be read.", list(errors)[:MOST_ERRORS])


def is_late(word: Word, known: Whereabouts) -> bool:
    """Whether a word as new, or a newer one, stands on the same interaction."""
    return word.stamp <= known.stamp


def is_repeated(word: Word, known: Whereabouts) -> bool:
    """Whether the newest word that stands said the same."""
    return word.stamp.rpartition("#")[2] == known.stamp.rpartition("#")[2]


def late_because(word: Word, known: Whereabouts) -> str:
    """`same_time` where only the content decided, as nobody can say which came first."""
    tie = word.stamp.rpartition("#")[0] == known.stamp.rpartition("#")[0]
    return "same_time" if tie else "older"


def parts_of(told: Interaction, origin: tuple[str, str]) -> dict[str, Any]:
    """What was told of it, of whom included, without what is empty."""
    view = interaction_view(told, origin)
    named = {"id", "source", "found_by", "candidates", "recorded_at"}
    return {n: v for n, v in view.items() if n not in named and v}


def interaction_view(told: Interaction, origin: tuple[str, str]) -> dict[str, Any]:
    """An entry of a timeline; `origin` is the source and external id of its record."""
    content = told.content
    plain = ("direction", "subject", "text", "reference", "amount")
    custom = {n.removeprefix(CUSTOM_PREFIX): v for n, v in content.items() if "." in n}
    return {
        "kind": told.kind,
        "occurred_at": told.occurred_at,
        "id": told.id,
        "source": told.source,
        **{name: content.get(name) for name in plain},
        "items": content.get("items", []),
        "custom": custom,
        "record": {"source": origin[0], "external_id": origin[1]},
        "found_by": told.found_by,
        "candidates": list(told.candidates),
        "recorded_at": told.recorded_at,
    }
