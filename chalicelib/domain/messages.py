"""The envelope of a webhook call and the frame of each record in it.

The envelope is refused as a whole; a bad record only by itself. What the fields mean is
`normalise`'s; here are only `external_id`, `occurred_at` and `sequence`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from chalicelib.domain import times
from chalicelib.domain.errors import FieldError, InvalidError
from chalicelib.domain.evidence import Duplicates, Event
from chalicelib.domain.judgements import Mode
from chalicelib.domain.normal.codec import InvalidValueError
from chalicelib.domain.normal.references import given_id
from chalicelib.domain.sources import Source
from chalicelib.domain.structure import pointer

InteractionEvent = Literal["interaction.recorded", "interaction.deleted"]
EVENTS = get_args(Event) + get_args(InteractionEvent)
RECORDS_CAP = 100
NAME_CAP = 200
AHEAD = timedelta(minutes=5)
_SEQUENCE_CAP = 2**53
FRAME = frozenset({"external_id", "occurred_at", "sequence"})


@dataclass(frozen=True)
class Import:
    """The import that a call belongs to, and what its records do with duplicates."""

    name: str = ""
    duplicates: Duplicates = ""


@dataclass(frozen=True)
class Envelope:
    """What a call says happened, and the records it happened to, as they came."""

    event: Event | InteractionEvent
    records: Sequence[Any]
    batch: Import = Import()


@dataclass(frozen=True)
class Message:
    """One record of a call: whose, when, and the fields as received."""

    external_id: str
    occurred_at: str
    sequence: int
    fields: Mapping[str, Any]


def read_envelope(body: Any) -> Envelope:
    """`{"type", "data", "batch"?}`; `InvalidError` 422 (413 for more than 100 records)."""
    if not isinstance(body, dict):
        raise _invalid("", "not_an_object", "The body must be an object with type and data.")
    if set(body) - {"type", "data", "batch"}:
        raise _invalid("", "unknown_field", "The envelope has only type, data and batch.")
    event: Any = body.get("type")
    if event not in EVENTS:
        raise _invalid("/type", "unknown_type", f"The type must be one of {', '.join(EVENTS)}.")
    data = body.get("data")
    records = data if isinstance(data, list) else [data]
    if not records or not isinstance(data, dict | list):
        raise _invalid("/data", "no_records", "data must be a record or a list of records.")
    if len(records) > RECORDS_CAP:
        raise _invalid("/data", "too_many", f"At most {RECORDS_CAP} records a call.", status=413)
    return Envelope(event, records, _import(body["batch"]) if "batch" in body else Import())


def _import(given: Any) -> Import:
    """`{"name", "duplicates"?}`: calls of one source with one name are one import."""
    if not isinstance(given, dict):
        raise _invalid("/batch", "not_an_object", "batch must be an object with a name.")
    for unknown in sorted(set(given) - {"name", "duplicates"})[:1]:
        detail = "A batch has only a name and duplicates."
        raise _invalid(pointer("batch", unknown), "unknown_field", detail)
    policy: Any = given.get("duplicates", "")
    if "duplicates" in given and policy not in get_args(Mode):
        detail = f"duplicates must be one of {', '.join(get_args(Mode))}."
        raise _invalid("/batch/duplicates", "unknown_policy", detail)
    return Import(_import_name(given.get("name")), policy)


def _import_name(given: Any) -> str:
    plain = isinstance(given, str) and given == given.strip() and given.isprintable()
    if not plain or not 0 < len(given) <= NAME_CAP:
        detail = f"A batch's name is 1 to {NAME_CAP} printable characters."
        raise _invalid("/batch/name", "bad_name", detail)
    return str(given)


def read_message(given: Any, source: Source, now: datetime) -> Message:
    """The frame of one record; `InvalidError` names what is wrong with it."""
    if not isinstance(given, dict):
        raise _invalid("", "not_an_object", "A record must be an object.")
    own_clock = source.clock == "own"
    return Message(
        external_id=own_id(given, "external_id"),
        occurred_at=time_told(given, "occurred_at", now + AHEAD) if own_clock else "",
        sequence=sequence_told(given),
        fields={n: v for n, v in given.items() if n not in FRAME},
    )


def own_id(given: Mapping[str, Any], name: str) -> str:
    """What a source calls something of its own: `InvalidError` unless it is plain text."""
    try:
        return given_id(given.get(name), name)
    except InvalidValueError as fault:
        raise _invalid(f"/{name}", fault.code, fault.detail) from None


def time_told(given: Mapping[str, Any], name: str, latest: datetime | None) -> str:
    """A time that the source gives, as sortable text; `InvalidError` where it is none."""
    try:
        moment = times.moment(given.get(name, ""))
    except (TypeError, ValueError, OverflowError):
        detail = f"{name} must be an RFC 3339 time with a zone."
        raise _invalid(f"/{name}", "bad_time", detail) from None
    if latest and moment > latest:
        detail = f"{name} is more than five minutes ahead."
        raise _invalid(f"/{name}", "time_ahead", detail)
    return times.text(moment)


def sequence_told(given: Mapping[str, Any]) -> int:
    """The source's own count of its events, 0 where it has none."""
    told = given.get("sequence", 0)
    if isinstance(told, bool) or not isinstance(told, int) or not 0 <= told < _SEQUENCE_CAP:
        raise _invalid("/sequence", "bad_sequence", "sequence must be a whole number from 0.")
    return told


def _invalid(pointer: str, code: str, detail: str, status: int = 422) -> InvalidError:
    return InvalidError(detail, [FieldError(pointer, code, detail)], status=status)
