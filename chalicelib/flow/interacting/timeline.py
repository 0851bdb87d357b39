"""The timeline of a contact: the interactions of its records and its versions, newest first.

Each record's orders, each record's other interactions and the versions are in time order
already; they are merged as they are read, and no further than a page needs. Every entry has
a key, unlike any other's, whose order is theirs: so a cursor is a key, and holds also when
records come or go between two pages.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from heapq import merge
from itertools import chain, dropwhile, pairwise
from typing import Any, NamedTuple

from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.evidence import Record
from chalicelib.domain.graph import Contact
from chalicelib.domain.interactions import KINDS, ORDER, ORDERS, REST, interaction_view
from chalicelib.domain.versions import Version
from chalicelib.flow.changes import insisting
from chalicelib.flow.ports import Ports
from chalicelib.store import contacts, interactions, keys

VERSION = "version"
ENTRIES = (*KINDS, VERSION)
LOOKED_AT_CAP = 500


class Entry(NamedTuple):
    """One line: `key` is its place in time; of a version the `number`."""

    key: str
    kind: str
    view: dict[str, Any]
    number: int = 0


class Mark(NamedTuple):
    """How far a list went: behind which key, and in whose versions behind which number."""

    key: str
    contact: str
    number: int


def timeline(
    ports: Ports, contact_id: str, kinds: Collection[str], after: Sequence[Any] | None, limit: int
) -> dict[str, Any]:
    """A page of the entries of these kinds; an absorbed id leads to the survivor.

    A page can be short where few of the latest entries are of these kinds: `next` goes on.
    """
    contact = insisting(ports, lambda _: contacts.load(ports.items, contact_id))
    if contact is None:
        raise NotFoundError("There is no contact under this id.")
    head = contact.head
    mark = Mark(*after) if after else Mark("~", head.id, head.version + 1)
    if mark.contact != head.id:  # joined or parted since
        mark = Mark(mark.key, head.id, head.version + 1)
    entries = merge(*_streams(ports, contact, kinds, mark, limit), key=_key, reverse=True)
    shown: list[dict[str, Any]] = []
    for looked, entry in enumerate(entries):
        if len(shown) == limit or looked == LOOKED_AT_CAP:
            return {"items": shown, "next": list(mark)}
        if entry.kind in kinds:
            shown.append(entry.view)
        mark = Mark(entry.key, head.id, entry.number or mark.number)
    return {"items": shown, "next": None}


def _key(entry: Entry) -> str:
    return entry.key


def _streams(
    ports: Ports, contact: Contact, kinds: Collection[str], mark: Mark, limit: int
) -> Iterator[Iterator[Entry]]:
    """What is to be merged, each stream from behind the mark."""
    lanes = [ORDERS] if ORDER in kinds else []
    lanes += [REST] if not {ORDER, VERSION}.issuperset(kinds) else []
    for record in contact.records.values():
        for lane in lanes:
            yield _interactions(ports, record, lane, mark, limit)
    if VERSION in kinds:
        yield _versions(ports, mark, limit)


def _interactions(
    ports: Ports, record: Record, lane: str, mark: Mark, limit: int
) -> Iterator[Entry]:
    standing = interactions.standing(ports.items, record.id, lane, lane + mark.key, limit)
    for place, told in standing:
        view = interaction_view(told, (record.source, record.external_id))
        yield Entry(place.removeprefix(lane), told.kind, view)


def _versions(ports: Ports, mark: Mark, limit: int) -> Iterator[Entry]:
    """The versions, each with the fields in which it differs from the one before."""
    told = dropwhile(lambda v: _version_key(v) >= mark.key, _chain(ports, mark, limit))
    for version, before in pairwise(chain(told, [None])):
        assert version is not None  # only the last has none before it
        view = _version_view(version, before)
        yield Entry(_version_key(version), VERSION, view, version.number)


def _chain(ports: Ports, mark: Mark, limit: int) -> Iterator[Version]:
    after: str | None = keys.version(mark.contact, mark.number).sk
    while after:
        page, after = contacts.versions(ports.items, mark.contact, after, limit)
        yield from page


def _version_key(version: Version) -> str:
    return f"{version.recorded_at}#~{version.number:010d}"


def _version_view(version: Version, before: Version | None) -> dict[str, Any]:
    old, new = before.values if before else {}, version.values
    return {
        "kind": VERSION,
        "occurred_at": version.recorded_at,
        "version": version.number,
        "cause": version.cause.row(),
        "batch": version.batch,
        "changed": sorted(n for n in old.keys() | new.keys() if old.get(n) != new.get(n)),
    }


Page = Callable[[Ports, str, Any, int], dict[str, Any]]


def of_kinds(kinds: Collection[str]) -> Page:
    """The timeline of only these kinds, as a list is asked for."""
    return lambda ports, contact, after, limit: timeline(ports, contact, kinds, after, limit)
