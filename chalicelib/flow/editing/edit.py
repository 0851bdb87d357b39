"""Edit: what people enter themselves, and their word on what sources say.

A new contact is a record of the source `hand`. A change pins values on the record whose id
was named, so that it goes with it at every merge and undo.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.domain import edits, times
from chalicelib.domain.edits import Words
from chalicelib.domain.errors import ConflictError, FieldError, InvalidError
from chalicelib.domain.fields import field_of
from chalicelib.domain.graph import Contact
from chalicelib.domain.ids import record_id
from chalicelib.domain.model import canonical, digest
from chalicelib.domain.normalise import FieldRules, normalise
from chalicelib.domain.pins import audible
from chalicelib.domain.sources import HAND
from chalicelib.domain.structure import pointer
from chalicelib.domain.voices import voices
from chalicelib.flow import batches
from chalicelib.flow.batches import Batch
from chalicelib.flow.changes import kick
from chalicelib.flow.editing.pin import Seen, bearer, pin
from chalicelib.flow.intake.ingest import Said, ingest
from chalicelib.flow.ports import Ports
from chalicelib.flow.reading import history, read
from chalicelib.store.ports import Conflict

_RULES = FieldRules(country=HAND.country, invalid="refuse")
Given = Mapping[str, Any]


def create(ports: Ports, given: Given, name: str, by: str) -> read.Shown:
    """A contact made by hand, as its own record; returns it.

    The same `name` with the same content is the same contact, so that a lost answer can be
    asked for again. Raises `InvalidError` (nothing stored), and `ConflictError` where the
    name was used with other content.
    """
    fields = normalise(given, whole=True, rules=_RULES, today=ports.now().date()).fields
    if not fields:
        raise InvalidError("A contact needs at least one field.")
    body, at = digest(canonical(fields)), times.text(ports.now())
    batch = Batch(id=digest("create", by, name), kind="create", by=by, at=at, body=body)
    known = _opened(ports, batch)
    effect, changes = ingest(ports, HAND, _said(ports, fields, name, known))
    kick(ports, changes)
    return read.contact(ports, str(effect.contact_id))


def _opened(ports: Ports, batch: Batch) -> Batch:
    try:
        ports.items.write([batches.opening(batch)])
    except Conflict:
        known = batches.find(ports, batch.id) or batch
        if not known.is_of(batch.body):
            detail = "This key was used before, with other content."
            raise ConflictError(detail, kind="id_reused") from None
        return known
    return batch


def _said(ports: Ports, fields: dict[str, Any], name: str, batch: Batch) -> Said:
    return Said(
        record_id=record_id(ports.keys.ids, HAND.id, name),
        external_id=name,
        event="contact.upserted",
        occurred_at=batch.at,
        sequence=0,
        fields=fields,
        received="{}",
        came=batch.at,
        batch=batch.id,
        position=0,
        repeated=True,  # it may be: the header alone does not tell
        by=batch.by,
    )


def edit(ports: Ports, seen: Seen, given: Given) -> read.Shown:
    """Apply a merge patch (RFC 7396) to a contact: its words are pinned; returns it.

    Raises `InvalidError`, which names each fault, `NotFoundError`, `StaleError`.
    """
    patch = normalise(given, whole=False, rules=_RULES, today=ports.now().date()).fields

    def decide(contact: Contact, golden: Given) -> dict[str, Words]:
        return {bearer(contact, seen.contact): edits.patching(patch, golden)}

    return pin(ports, seen, "edit", decide)


def release(ports: Ports, seen: Seen, field: str) -> read.Shown:
    """Take every pin on a field away: what the sources say counts again. Returns the contact."""

    def decide(contact: Contact, _: Given) -> dict[str, Words]:
        on = bearer(contact, seen.contact)
        heard = voices(contact.records.values(), contact.head.judgements)
        return {on: edits.releasing(field, audible(heard), on)}

    return pin(ports, seen, "release", decide)


def revert(ports: Ports, seen: Seen, number: int, fields: Sequence[str] | None) -> read.Shown:
    """Make a contact's values what they were in a version, in all fields or in some.

    Sources go on from there. Raises `NotFoundError` for an unknown version, `ConflictError`
    for one in which the contact was no more, `InvalidError` for a field that there is not.
    """
    _check_fields(fields or ())
    then = history.values(ports, seen.contact, number)

    def decide(contact: Contact, golden: Given) -> dict[str, Words]:
        names = sorted({*then, *golden}) if fields is None else fields
        words = edits.reverting(then, golden, contact.records.values(), names)
        return {bearer(contact, seen.contact): words}

    return pin(ports, seen, "revert", decide)


def _check_fields(names: Sequence[str]) -> None:
    faults = [
        FieldError(pointer("fields", n), "unknown_field", "A contact has no such field.")
        for n, name in enumerate(names)
        if not field_of(name)
    ]
    if faults:
        raise InvalidError("The fields are not valid.", faults)
