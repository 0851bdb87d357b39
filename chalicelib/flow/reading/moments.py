"""Contacts as they were: the last version that was recorded at or before a moment.

Moments are sortable text (`domain/times.py`); a contact's `recorded_at` rises with its
number, so the version is found by bisection: of many contacts at once, in as many reads as
the longest history has binary digits.
"""

from collections.abc import Iterable, Mapping

from chalicelib.domain.graph import Head
from chalicelib.domain.versions import Version
from chalicelib.store import contacts, keys
from chalicelib.store.ports import Items

BACK = 10


def versions_at(items: Items, contact_ids: Iterable[str], at: str) -> dict[str, Version]:
    """Up to 100 contacts, each under exactly its id, as they were; who was not yet is left out."""
    rows = items.get_many([keys.head(c) for c in dict.fromkeys(contact_ids)])
    spans = {head.id: _span(head, at) for head in map(Head.of_row, rows.values())}
    while halves := {c: (lo + hi + 1) // 2 for c, (lo, hi) in spans.items() if lo < hi}:
        read = _read(items, halves)
        for c, half in halves.items():
            lo, hi = spans[c]
            spans[c] = (half, hi) if read[c].recorded_at <= at else (lo, half - 1)
    return _read(items, {c: number for c, (number, _) in spans.items() if number})


def _span(head: Head, at: str) -> tuple[int, int]:
    """Between which numbers it lies; 0 is before the first."""
    return (head.version, head.version) if head.recorded_at <= at else (0, head.version - 1)


def _read(items: Items, numbers: Mapping[str, int]) -> dict[str, Version]:
    rows = items.get_many([keys.version(c, number) for c, number in numbers.items()])
    return {version.contact: version for version in map(Version.of_row, rows.values())}


def home_at(items: Items, record_id: str, at: str) -> Version | None:
    """The contact that held a record then, as it was; None where the record was not yet.

    A record that is taken along by an older one leaves no version under its own id: so it
    is followed from home to home, as it left each of them for the last time.
    """
    home: str | None = record_id
    found, been = None, set[str]()
    while home and home not in been and (now := versions_at(items, [home], at)):
        found = now[home]
        been.add(home)
        home = None if record_id in found.members else _left_for(items, record_id, found)
    return found


def _left_for(items: Items, record_id: str, since: Version) -> str | None:
    """Where the record went when it last left a contact that lacks it by now.

    Who is parted takes the id of the oldest; members stand in the order of age.
    """
    later = since
    place: str | None = keys.version(since.contact, since.number).sk
    while place:
        page, place = contacts.versions(items, since.contact, place, BACK)
        for version in page:
            if record_id in version.members:
                parted = [m for m in version.members if m not in later.members]
                return later.into or parted[0]
            later = version
    return None
