"""The envelope of a webhook call and the frame of each record in it.

The envelope is refused as a whole; a bad record only by itself. What the fields mean is
`normalise`'s; here are only `external_id`, `occurred_at` and `sequence`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, get_args

from chalicelib.domain import times
from chalicelib.domain.errors import FieldError, InvalidError
from chalicelib.domain.evidence import Event
from chalicelib.domain.normal.codec import InvalidValueError
from chalicelib.domain.normal.references import external_id
from chalicelib.domain.sources import Source

EVENTS = get_args(Event)
RECORDS_CAP = 100
AHEAD = timedelta(minutes=5)
_SEQUENCE_CAP = 2**53
FRAME = frozenset({"external_id", "occurred_at", "sequence"})


@dataclass(frozen=True)
class Envelope:
    """What a call says happened, and the records it happened to, as they came."""

    event: Event
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
        external_id=_external_id(given.get("external_id")),
        occurred_at=_occurred_at(given.get("occurred_at"), now) if own_clock else "",
        sequence=_sequence(given.get("sequence", 0)),
        fields={n: v for n, v in given.items() if n not in FRAME},
    )


def _external_id(given: Any) -> str:
    try:
        return external_id(given)
    except InvalidValueError as fault:
        raise _invalid("/external_id", fault.code, fault.detail) from None


def _occurred_at(given: Any, now: datetime) -> str:
    try:
        moment = times.moment(given)
    except (TypeError, ValueError, OverflowError):
        detail = "occurred_at must be an RFC 3339 time with a zone."
        raise _invalid("/occurred_at", "bad_time", detail) from None
    if moment > now + AHEAD:
        detail = "occurred_at is more than five minutes ahead."
        raise _invalid("/occurred_at", "time_ahead", detail)
    return times.text(moment)


def _sequence(given: Any) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given < _SEQUENCE_CAP:
        raise _invalid("/sequence", "bad_sequence", "sequence must be a whole number from 0.")
    return given


def _invalid(pointer: str, code: str, detail: str, status: int = 422) -> InvalidError:
    return InvalidError(detail, [FieldError(pointer, code, detail)], status=status)
