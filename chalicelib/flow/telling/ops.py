"""Ops: what a connector is asked to do for a parcel."""

from typing import Any

from chalicelib.connectors.catalogue import caps_of
from chalicelib.connectors.connector import Op
from chalicelib.domain.deliveries import Delivery
from chalicelib.domain.delivering import message_id
from chalicelib.domain.mapping.catalogue import mapper_of
from chalicelib.domain.parcels import Parcel
from chalicelib.domain.sources import Target
from chalicelib.flow.telling.links import Link


def op_of(target: Target, noted: Delivery, found: Parcel, link: Link) -> Op:
    """What shall become of the contact's place at the target."""
    return Op(
        kind="upsert" if found.event == "contact.upserted" else "remove",
        id=noted.contact,
        message=message_id(target.id, noted.contact, noted.message_version, noted.message_counter),
        body=_body(target, noted, found, link),
        remote=link.remote,
        etag=link.etag,
        removal=target.removal or caps_of(target.kind).removals[0],
        lookup=tuple(e["address"] for e in found.data.get("emails") or ()),
        lists={name: name in (found.lists or ()) for name in target.lists},
    )


def _body(target: Target, noted: Delivery, found: Parcel, link: Link) -> dict[str, Any]:
    """The system's own form; what it has of us and shall have no more is cleared."""
    mapper = mapper_of(target.kind, target.mapping)
    if mapper is None:
        return {"type": found.event, "timestamp": found.recorded_at, "data": found.data}
    if found.event == "contact.removed":
        return {}
    cleared = frozenset(link.row.has) - found.prints.keys() - link.row.asked.keys()
    body: dict[str, Any] = mapper.outward(_changed(found, link), cleared)
    return body


def _changed(found: Parcel, link: Link) -> dict[str, Any]:
    """What it has already is not sent again: somebody there may have changed it meanwhile."""
    if not link.remote:
        return found.data
    return {n: v for n, v in found.data.items() if found.prints[n] != link.row.has.get(n)}
