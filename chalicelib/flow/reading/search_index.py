"""Index one contact for search: its rows follow its latest version, what went is kept.

The list's card names the version up to which this was done. So every version is seen, also
one that was overtaken before anybody came to index it; and what went is kept before the card
says so. Whoever indexes a newer version writes another card: two can never both be right.
"""

from chalicelib.domain.search_keys import gone_rows, search_rows
from chalicelib.domain.versions import Version
from chalicelib.domain.views import contact_view
from chalicelib.flow.changes import insisting
from chalicelib.flow.matching import index
from chalicelib.flow.ports import Ports
from chalicelib.store import contacts

KIND = "search"


def index_contact(ports: Ports, contact_id: str) -> None:
    """Make the contact's search rows what it is now; an absorbed or retired one has none."""
    insisting(ports, lambda _: _index_contact(ports, contact_id))


def _index_contact(ports: Ports, contact_id: str) -> None:
    listed = index.listing(ports, contact_id, KIND)
    versions = _unseen(ports, contact_id, int(listed.card or 0))
    if not versions:
        return  # a restore brought back a change, but not its contact
    rows = [rows_of(version) for version in versions]
    index.keep(ports, gone_rows(rows))
    index.update(ports, listed, dict.fromkeys(rows[-1], ""), card=str(versions[-1].number))


def _unseen(ports: Ports, contact_id: str, seen: int) -> list[Version]:
    """The last version that was indexed, and all after it."""
    unseen, more = contacts.since(ports.items, contact_id, max(seen - 1, 0))
    while more:
        page, more = contacts.since(ports.items, contact_id, unseen[-1].number)
        unseen += page
    return unseen


def rows_of(version: Version) -> frozenset[tuple[str, str]]:
    """The rows by which a search shall find a contact as it is in this version."""
    active = version.status == "active"
    return search_rows(version.contact, contact_view(version)) if active else frozenset()
