"""Reading contacts: as they are now, as they were, and the evidence behind them."""

import json
from typing import Any

from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.evidence import time_of
from chalicelib.domain.golden import elect
from chalicelib.domain.graph import Contact
from chalicelib.domain.views import contact_view, etag, provenance_view
from chalicelib.flow.changes import insisting
from chalicelib.flow.ports import Ports
from chalicelib.flow.reading.moments import home_at
from chalicelib.flow.ruling import rules
from chalicelib.store import contacts

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


def contact_at(ports: Ports, contact_id: str, at: str) -> dict[str, Any]:
    """The contact that an id led to at a moment, as it was, with what made it so.

    Without provenance: the evidence that is kept is that of today.
    """
    version = home_at(ports.items, contact_id, at)
    if version is None:
        raise NotFoundError("There was no contact under this id at that time.")
    made = {"recorded_at": version.recorded_at, "cause": version.cause.row()}
    return contact_view(version) | made


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
