"""Index one contact for search: its rows follow its head and latest version."""

from collections.abc import Mapping

from chalicelib.domain.graph import Head
from chalicelib.domain.search_keys import search_rows
from chalicelib.domain.views import contact_view
from chalicelib.flow import index
from chalicelib.flow.changes import insisting
from chalicelib.flow.ports import Ports
from chalicelib.store import contacts, keys
from chalicelib.store.ports import Conflict

KIND = "search"


def index_contact(ports: Ports, contact_id: str) -> None:
    """Make the contact's search rows what it is now; an absorbed or retired one has none."""
    insisting(ports, lambda _: _index_contact(ports, contact_id))


def _index_contact(ports: Ports, contact_id: str) -> None:
    listed = index.listing(ports, contact_id, KIND)
    head = _head(ports, contact_id)
    written = index.update(ports, listed, rows_of(ports, head))
    if written and _head(ports, contact_id).version != head.version:
        raise Conflict  # it changed while its rows were written: they may be too old


def _head(ports: Ports, contact_id: str) -> Head:
    return Head.of_row(ports.items.get(keys.head(contact_id)) or {"id": contact_id})


def rows_of(ports: Ports, head: Head) -> Mapping[index.Row, str]:
    """The rows by which a search shall find a contact."""
    if head.status != "active" or not head.version:
        return {}
    version = contacts.version(ports.items, head.id, head.version)
    return dict.fromkeys(search_rows(head.id, contact_view(version)), "")
