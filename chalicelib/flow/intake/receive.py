"""Receive: a signed webhook call becomes a batch, and each of its records an effect.

    verify on the raw bytes -> parse -> header of the call, before any effect
    -> for each record: normalise, ingest, its effect in the same transaction -> answer

A call that dies half-way is resumed by its repetition and answers the same. While its source
rests, a call is kept instead, and taken in when the source goes on.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from chalicelib.domain import times
from chalicelib.domain.bodies import check_body, parse_json
from chalicelib.domain.errors import (
    BusyError,
    ConflictError,
    FieldError,
    InvalidError,
    TooLargeError,
)
from chalicelib.domain.evidence import Event
from chalicelib.domain.ids import record_id
from chalicelib.domain.interactions import read_interaction
from chalicelib.domain.messages import Envelope, Import, Message, read_envelope, read_message
from chalicelib.domain.model import digest
from chalicelib.domain.normalise import FieldRules, Normalised, normalise
from chalicelib.domain.signing import Message as Signed
from chalicelib.domain.signing import verify
from chalicelib.domain.sources import Source
from chalicelib.flow import batches, credentials, registry
from chalicelib.flow.batches import Batch
from chalicelib.flow.changes import Change, kick
from chalicelib.flow.intake.ingest import Effect, Said, as_data, ingest
from chalicelib.flow.interacting.record_interaction import Errand, record_interaction
from chalicelib.flow.pausing.line import keep
from chalicelib.flow.ports import Ports
from chalicelib.store import keys
from chalicelib.store.ports import Absent, Conflict, Put

TIME_TO_STOP_MS = 3_000


@dataclass(frozen=True)
class Call:
    """A verified call: which batch it is, since when, whether it came before, of which import.

    `at` is when it first came: by this clock its records are read, also where they had to wait.
    """

    batch: str
    at: str
    received_at: str
    repeated: bool
    of: Import


def receive(
    ports: Ports,
    source_id: str,
    headers: Mapping[str, str],
    body: bytes,
    remaining_ms: Callable[[], int],
) -> dict[str, Any]:
    """Answer one webhook call: `{"results": [...]}`, after everything is durable.

    Raises `UnauthorizedError`, `InvalidError` (nothing stored), `ConflictError` for a known
    id with another body or a source that was not started, `BusyError` when it must be repeated
    to be finished.
    """
    source, signed = _verified(ports, source_id, headers, body)
    check_body(headers.get("content-type"), headers.get("content-encoding"), body)
    envelope = read_envelope(parse_json(body))
    batch = _batch(ports, source, signed, body, envelope.batch)
    kept = keep(ports, batch, source.id, body, len(envelope.records))
    call = None if kept else _header(ports, batch, envelope.batch)
    if call is None:
        waits = Effect(outcome="kept")
        return {"results": [_answer(given, waits, envelope.event) for given in envelope.records]}
    return {"results": take_in(ports, source, call, envelope, remaining_ms)}


def take_in(
    ports: Ports, source: Source, call: Call, envelope: Envelope, remaining_ms: Callable[[], int]
) -> list[dict[str, Any]]:
    """Store each record of a call whose header stands; what became of each."""
    kicks: list[Change] = []
    try:
        return [
            _result(ports, source, call, envelope, n, remaining_ms, kicks)
            for n in range(len(envelope.records))
        ]
    finally:
        kick(ports, kicks)


def _verified(
    ports: Ports, source_id: str, headers: Mapping[str, str], body: bytes
) -> tuple[Source, Signed]:
    """The source and the call's id and time; unknown, disabled and forged look alike."""
    source = registry.find(ports, Source, source_id)
    secrets = credentials.valid(ports, "sources", source) if source and source.enabled else []
    signed = verify(secrets, headers, body, ports.now())
    assert source is not None  # without a secret nothing verifies
    if not source.started:
        raise ConflictError("This source is prepared, not started.", kind="not_started")
    return source, signed


def _batch(ports: Ports, source: Source, signed: Signed, body: bytes, of: Import) -> Batch:
    """What a call is, as it would be written now."""
    return Batch(
        id=digest("call", source.id, signed.id),
        kind="call",
        by=f"source:{source.id}",
        at=times.text(ports.now()),
        name=of.name,
        received_at=times.text(datetime.fromtimestamp(signed.timestamp, UTC)),
        body=digest(body),
    )


def _header(ports: Ports, batch: Batch, of: Import) -> Call | None:
    """Write the call's header before any effect; or find the one that stands.

    None for a call that was kept when it came: it is answered so for good.
    """
    try:
        ports.items.write([batches.opening(batch)])
    except Conflict:
        known = batches.find(ports, batch.id) or batch
        if not known.is_of(batch.body):
            raise ConflictError(
                "This webhook-id was used before, with another body.", kind="id_reused"
            ) from None
        if known.place:
            return None
        return Call(
            batch.id, known.at, known.received_at or batch.received_at, repeated=True, of=of
        )
    return Call(batch.id, batch.at, batch.received_at, repeated=False, of=of)


def _result(
    ports: Ports,
    source: Source,
    call: Call,
    envelope: Envelope,
    position: int,
    remaining_ms: Callable[[], int],
    kicks: list[Change],
) -> dict[str, Any]:
    """What became of one record; a bad record is refused, the others go on."""
    if remaining_ms() < TIME_TO_STOP_MS:
        raise BusyError("Out of time; send the same request again to finish it.")
    given = envelope.records[position]
    try:
        effect, changes = _taken(ports, source, call, envelope, position)
    except InvalidError as refusal:
        return _answer(given, _refuse(ports, call, position, refusal.errors), envelope.event)
    except TooLargeError as refusal:
        fault = FieldError("", refusal.kind, refusal.detail)
        return _answer(given, _refuse(ports, call, position, [fault]), envelope.event)
    kicks.extend(changes)
    return _answer(given, effect, envelope.event)


def _taken(
    ports: Ports, source: Source, call: Call, envelope: Envelope, position: int
) -> tuple[Effect, Sequence[Change]]:
    """Read and store one of the call's records or interactions."""
    event, given, now = envelope.event, envelope.records[position], times.moment(call.at)
    if event == "interaction.recorded" or event == "interaction.deleted":
        word = read_interaction(event, given, source, now, call.at, position)
        errand = Errand(f"source:{source.id}", call.batch, call.at, position, call.repeated)
        return record_interaction(ports, source, word, errand)
    message = read_message(given, source, now)
    normal = _normal(source, event, message, now.date())
    return ingest(ports, source, _told(ports, source, call, event, message, normal, position))


def _normal(source: Source, event: Event, message: Message, today: date) -> Normalised:
    if event == "contact.deleted":
        return Normalised({}, [], [])
    rules = FieldRules(
        country=source.country,
        allowed=None if source.allowed_fields is None else frozenset(source.allowed_fields),
        invalid=source.invalid_field,
        source=source.id,
    )
    whole = event == "contact.upserted"
    return normalise(message.fields, whole=whole, rules=rules, today=today)


def _told(
    ports: Ports,
    source: Source,
    call: Call,
    event: Event,
    message: Message,
    normal: Normalised,
    position: int,
) -> Said:
    receipt = source.clock == "receipt"
    return Said(
        record_id=record_id(ports.keys.ids, source.id, message.external_id),
        external_id=message.external_id,
        event=event,
        occurred_at=call.received_at if receipt else message.occurred_at,
        sequence=position if receipt else message.sequence,
        fields=normal.fields,
        received=json.dumps(_kept(event, message, normal), ensure_ascii=False),
        came=call.at,
        batch=call.batch,
        position=position,
        repeated=call.repeated,
        errors=as_data(normal.errors),
        dropped=tuple(normal.dropped),
        duplicates=call.of.duplicates,
    )


def _kept(event: Event, message: Message, normal: Normalised) -> dict[str, Any]:
    """What of a record may be kept as it came: all but what the source may not tell."""
    if event == "contact.deleted":
        return {}
    told = {n: v for n, v in message.fields.items() if n not in normal.dropped}
    custom = told.get("custom")
    if isinstance(custom, dict):
        allowed = {n: v for n, v in custom.items() if f"custom.{n}" not in normal.dropped}
        told["custom"] = allowed
    return told


def _refuse(ports: Ports, call: Call, position: int, faults: Sequence[FieldError]) -> Effect:
    """Keep that it was refused: a repetition answers the same, whatever is set meanwhile."""
    effect = Effect(outcome="refused", errors=as_data(faults))
    key = keys.effect(call.batch, position)
    try:
        ports.items.write([Put(key, effect.row(), Absent())])
    except Conflict:
        return Effect.of_kept(ports.items.get(key) or effect.row())
    return effect


def _answer(given: Any, effect: Effect, event: str) -> dict[str, Any]:
    """One result, by the sender's own name; the rest only where there is something to say."""
    name = "external_id" if event.startswith("contact.") else "id"
    own = given.get(name) if isinstance(given, dict) else None
    answer: dict[str, Any] = {
        name: own if isinstance(own, str) else None,
        "outcome": effect.outcome,
        "contact_id": effect.contact_id,
        "errors": list(effect.errors),
    }
    said = {
        "reason": effect.reason,
        "dropped": list(effect.dropped),
        "found_by": effect.found_by,
        "candidates": list(effect.candidates),
    }
    return answer | {name: value for name, value in said.items() if value}
