"""A contact's history: its versions, what differs between them, whether they are genuine.

All of it stands under exactly one id: a contact that was merged away keeps its own.
"""

from typing import Any

from chalicelib.domain.chains import Fault, Link, chain_faults, end_faults, link_of
from chalicelib.domain.differences import changed, differences
from chalicelib.domain.errors import ConflictError, NotFoundError
from chalicelib.domain.graph import Head
from chalicelib.domain.versions import Version
from chalicelib.domain.views import version_view
from chalicelib.flow.ports import Ports
from chalicelib.store import contacts, keys

CHECKED_CAP = 2_000


def versions(ports: Ports, contact_id: str, after: str | None, limit: int) -> dict[str, Any]:
    """The versions, the newest first, each with what `changed` against the one before."""
    _head(ports, contact_id)
    page, following = contacts.versions(ports.items, contact_id, after, limit)
    before = [*page[1:], *(_before(ports, v) for v in page[-1:])]
    shown = [_shown(older, newer) for older, newer in zip(before, page, strict=True)]
    return {"items": shown, "next": following}


def version(ports: Ports, contact_id: str, number: int) -> dict[str, Any]:
    """One version, with what `changed` against the one before."""
    found = _version(ports, contact_id, number)
    return _shown(_before(ports, found), found)


def values(ports: Ports, contact_id: str, number: int) -> dict[str, Any]:
    """The golden values of an earlier version.

    Raises `ConflictError` for a version in which the contact was no more: merged or retired.
    """
    found = _version(ports, contact_id, number)
    if found.status != "active":
        raise ConflictError("The contact was no more in that version.", kind=found.status)
    return found.values


def difference(ports: Ports, contact_id: str, one: int, other: int) -> dict[str, Any]:
    """What differs between two versions, whichever is the older."""
    before, after = (_version(ports, contact_id, number) for number in (one, other))
    named = {"contact": contact_id, "from": _named(before), "to": _named(after)}
    return named | {"differences": differences(before, after)}


def verify(ports: Ports, contact_id: str, after: list[Any] | None) -> dict[str, Any]:
    """Check the chain, from behind the link `after` on; `next` where it is too long for once.

    The head is read before the versions: those that it names must stand. One above it is a
    fault only where the head that is read after it does not know it either.
    """
    start = last = Link(*after) if after else Link()
    faults: list[Fault] = []
    while last.number - start.number < CHECKED_CAP:
        head = _head(ports, contact_id)
        page, more = contacts.since(ports.items, contact_id, last.number)
        faults += chain_faults(contact_id, last, page)
        last = link_of(page[-1]) if page else last
        if not more and (head.version >= last.number or not page):
            return _verified(contact_id, start, last, [*faults, *end_faults(head, last)], None)
    return _verified(contact_id, start, last, faults, list(last))


def _verified(
    contact_id: str, start: Link, last: Link, faults: list[Fault], following: list[Any] | None
) -> dict[str, Any]:
    return {
        "contact": contact_id,
        "versions": {"after": start.number, "to": last.number},
        "intact": not faults,
        "faults": [fault._asdict() for fault in faults],
        "next": following,
    }


def _head(ports: Ports, contact_id: str) -> Head:
    row = ports.items.get(keys.head(contact_id))
    if row is None:
        raise NotFoundError("There is no contact under this id.")
    return Head.of_row(row)


def _version(ports: Ports, contact_id: str, number: int) -> Version:
    row = ports.items.get(keys.head(contact_id))
    if row is None or not 0 < number <= row["version"]:
        raise NotFoundError("There is no such version.")
    return contacts.version(ports.items, contact_id, number)


def _before(ports: Ports, version: Version) -> Version | None:
    first = version.number == 1
    return None if first else contacts.version(ports.items, version.contact, version.number - 1)


def _shown(before: Version | None, version: Version) -> dict[str, Any]:
    return version_view(version) | {"changed": changed(before, version)}


def _named(version: Version) -> dict[str, Any]:
    return {"version": version.number, "recorded_at": version.recorded_at}
