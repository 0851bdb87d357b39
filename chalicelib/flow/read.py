"""Reading contacts: as they are now, as they were, and the evidence behind them."""

import json
from typing import Any

from chalicelib.domain.errors import ConflictError, NotFoundError
from chalicelib.domain.evidence import time_of
from chalicelib.domain.golden import elect
from chalicelib.domain.graph import Contact
from chalicelib.domain.versions import Version
from chalicelib.domain.views import contact_view, etag, provenance_view, version_view
from chalicelib.flow import rules
from chalicelib.flow.changes import insisting
from chalicelib.flow.ports import Ports
from chalicelib.store import contacts, keys

Shown = tuple[dict[str, Any], str]
"""A contact as it is answered, and its ETag."""


def contact(ports: Ports, contact_id: str) -> Shown:
    """The golden contact that an id leads to, with provenance; and its ETag."""
    found = _found(ports, contact_id)
    version = contacts.version(ports.items, found.head.id, found.head.version)
    settled_by = rules.of_head(ports, found.head.rules)
    elected = elect(found.records.values(), found.head.judgements, settled_by)
    provenance = {"provenance": provenance_view(elected, found.records)}
    return contact_view(version) | provenance, etag(found.head)


def _found(ports: Ports, contact_id: str) -> Contact:
    found = insisting(ports, lambda _: contacts.load(ports.items, contact_id))
    if found is None:
        raise NotFoundError("There is no contact under this id.")
    return found


def versions(ports: Ports, contact_id: str, after: str | None, limit: int) -> dict[str, Any]:
    """The history under exactly this id, the newest first: a merged-away contact keeps its own."""
    if ports.items.get(keys.head(contact_id)) is None:
        raise NotFoundError("There is no contact under this id.")
    page, following = contacts.versions(ports.items, contact_id, after, limit)
    return {"items": [version_view(v) for v in page], "next": following}


def version(ports: Ports, contact_id: str, number: int) -> dict[str, Any]:
    """One version under exactly this id."""
    return version_view(_version(ports, contact_id, number))


def values(ports: Ports, contact_id: str, number: int) -> dict[str, Any]:
    """The golden values of an earlier version under exactly this id.

    Raises `ConflictError` for a version in which the contact was no more: merged or retired.
    """
    found = _version(ports, contact_id, number)
    if found.status != "active":
        raise ConflictError("The contact was no more in that version.", kind=found.status)
    return found.values


def _version(ports: Ports, contact_id: str, number: int) -> Version:
    row = ports.items.get(keys.head(contact_id))
    if row is None or not 0 < number <= row["version"]:
        raise NotFoundError("There is no such version.")
    return contacts.version(ports.items, contact_id, number)


def records(ports: Ports, contact_id: str) -> dict[str, Any]:
    """The evidence: what each source says, in normal form and as it was received."""
    found = _found(ports, contact_id)
    shown = [_record(ports, found, member) for member in found.head.members]
    return {"items": shown, "next": None}


def _record(ports: Ports, found: Contact, record_id: str) -> dict[str, Any]:
    record = found.records[record_id]
    stamps = sorted({t.stamp for t in record.fields.values()} | {record.floor} - {""})
    statements = contacts.statements(ports.items, record_id, stamps)
    return {
        "id": record.id,
        "source": record.source,
        "external_id": record.external_id,
        "first_seen": record.first_seen,
        "occurred_at": time_of(stamps[-1]) if stamps else None,
        "deleted": not record.alive,
        "fields": record.values(),
        "received": [
            {"occurred_at": time_of(s.stamp), "fields": json.loads(s.received)} for s in statements
        ],
    }
