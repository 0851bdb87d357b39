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
from chalicelib.domain.evidence import Event
from chalicelib.domain.sources import Source

InteractionEvent = Literal["interaction.recorded", "interaction.deleted"]
EVENTS = get_args(Event) + get_args(InteractionEvent)
RECORDS_CAP = 100
EXTERNAL_ID_BYTES = 1_024
AHEAD = timedelta(minutes=5)
_SEQUENCE_CAP = 2**53
FRAME = frozenset({"external_id", "occurred_at", "sequence"})


@dataclass(frozen=True)
class Envelope:
    """What a call says happened, and the records it happened to, as they came."""

    event: Event | InteractionEvent
    records: Sequence[Any]


@dataclass(frozen=True)
class Message:
    """One record of a call: whose, when, and the fields as received."""

    external_id: str
    occurred_at: str
    sequence: int
    fields: Mapping[str, Any]


def read_envelope(body: Any) -> Envelope:
    """`{"type", "data"}`; `InvalidError` 422 (413 for more than 100 records)."""
    if not isinstance(body, dict):
        raise _invalid("", "not_an_object", "The body must be an object with type and data.")
    if set(body) - {"type", "data"}:
        raise _invalid("", "unknown_field", "The envelope has only type and data.")
    event: Any = body.get("type")
    if event not in EVENTS:
        raise _invalid("/type", "unknown_type", f"The type must be one of {', '.join(EVENTS)}.")
    data = body.get("data")
    records = data if isinstance(data, list) else [data]
    if not records or not isinstance(data, dict | list):
        raise _invalid("/data", "no_records", "data must be a record or a list of records.")
    if len(records) > RECORDS_CAP:
        raise _invalid("/data", "too_many", f"At most {RECORDS_CAP} records a call.", status=413)
    return Envelope(event, records)


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
    told, code = given.get(name), f"bad_{name}"
    if not isinstance(told, str) or not told or told != told.strip():
        raise _invalid(f"/{name}", code, f"{name} must be a non-empty text.")
    if not told.isprintable() or len(told.encode(errors="replace")) > EXTERNAL_ID_BYTES:
        detail = f"{name} must be printable and at most {EXTERNAL_ID_BYTES} bytes."
        raise _invalid(f"/{name}", code, detail)
    return told


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
