"""Index one contact for search: its rows follow its head and latest version."""

from collections.abc import Mapping

from chalicelib.domain.graph import Head
from chalicelib.domain.search_keys import search_rows
from chalicelib.domain.views import contact_view
from chalicelib.flow import index
from chalicelib.flow.changes import insisting
from chalicelib.flow.ports import Ports
from chalicelib.store import contacts, keys


def index_contact(ports: Ports, contact_id: str) -> None:
    """Make the contact's search rows what it is now; an absorbed or retired one has none."""
    insisting(ports, lambda _: _index_contact(ports, contact_id))


def _index_contact(ports: Ports, contact_id: str) -> None:
    listed = index.listing(ports, contact_id, "search")
    index.update(ports, listed, _rows(ports, contact_id))


def _rows(ports: Ports, contact_id: str) -> Mapping[index.Row, str]:
    row = ports.items.get(keys.head(contact_id))
    head = Head.of_row(row) if row else None
    if head is None or head.status != "active":
        return {}
    version = contacts.version(ports.items, contact_id, head.version)
    return dict.fromkeys(search_rows(contact_id, contact_view(version)), "")
