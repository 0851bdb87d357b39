"""Links: which of a target's contacts is ours, through merges and their undo.

A link stands on the delivery of the id that it was made for, and every id is a record's: so
it goes with that record. A survivor without a link of its own uses that of the oldest of its
records that has one: a merge never deletes the only copy that a target has, and makes none.
A claim on the remote id keeps two contacts from taking the same one there for theirs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.connectors.connector import Connector, Op, Result, UnavailableError
from chalicelib.domain.deliveries import Delivery, Place
from chalicelib.domain.graph import Head
from chalicelib.domain.sources import Target
from chalicelib.flow.ports import Ports
from chalicelib.store import contacts, keys
from chalicelib.store.ports import Absent, Conflict, Equals, Put


@dataclass(frozen=True)
class Link:
    """Where a contact is at a target; `lent` by one of its records that was a contact once."""

    remote: str = ""
    etag: str = ""
    lent: bool = False

    def after(self, result: Result) -> Place:
        """What the contact's own row shall say once the target did as it was asked."""
        return Place() if self.lent else Place(result.remote, result.etag)


def linked(ports: Ports, target: Target, known: Delivery, head: Head) -> Link:
    """Where the contact is there by now, as far as is known."""
    if known.remote or target.kind == "webhook":
        return Link(known.remote, known.etag)
    lender = next((row for row in _rows(ports, known.target, head) if row.remote), None)
    return Link(lender.remote, lent=True) if lender else Link()


def _rows(ports: Ports, target: str, head: Head) -> Sequence[Delivery]:
    """The deliveries of its records, the oldest first."""
    if len(head.members) < 2:
        return ()
    places = [keys.delivery(target, r) for r in head.members]
    rows = ports.items.get_many(places)
    return [Delivery.of_row(rows[p]) for p in places if p in rows]


def is_kept(ports: Ports, target: Target, link: Link, head: Head) -> bool:
    """Whether a removal has nothing to do there: what it had is lent, or was never known."""
    if target.kind == "webhook":
        return False
    return not link.remote or target.removal == "ignore" or _is_lent(ports, target, link, head)


def _is_lent(ports: Ports, target: Target, link: Link, head: Head) -> bool:
    home = contacts.head_of(ports.items, head.into) if head.into else None
    if home is None or home.status != "active":
        return False
    row = ports.items.get(keys.delivery(target.id, home.id))
    own = Delivery.of_row(row) if row else Delivery(target=target.id, contact=home.id)
    return linked(ports, target, own, home).remote == link.remote


def found_or_new(ports: Ports, target: Target, connector: Connector, op: Op) -> Result:
    """Take what the target has of the contact already, if nobody else's; or make it."""
    try:
        known = next((r for r in connector.find(op) if _claim(ports, target, r, op.id)), "")
    except UnavailableError as error:
        return error.result
    (result,) = connector.push([replace(op, remote=known)])
    if result.remote and not known:
        _claim(ports, target, result.remote, op.id)
    return result


def is_free(ports: Ports, target: Target, remote: str, contact: str) -> bool:
    """Whether the remote id may be this contact's: it is already, or nobody else's."""
    stands = ports.items.get(keys.remote(target.id, remote))
    return stands is None or _may_have(ports, target, remote, contact, stands["contact"])


def _claim(ports: Ports, target: Target, remote: str, contact: str) -> bool:
    """Whether the remote id is this contact's from now on."""
    place = keys.remote(target.id, remote)
    stands = ports.items.get(place)
    if stands and stands["contact"] == contact:
        return True
    if stands and not _may_have(ports, target, remote, contact, stands["contact"]):
        return False
    condition = Equals("contact", stands["contact"]) if stands else Absent()
    try:
        ports.items.write([Put(place, {"contact": contact}, condition)])
    except Conflict:
        return False
    return True


def _may_have(ports: Ports, target: Target, remote: str, contact: str, holder: str) -> bool:
    return contact == holder or not _is_held(ports, target, remote, holder)


def _is_held(ports: Ports, target: Target, remote: str, contact: str) -> bool:
    row = ports.items.get(keys.delivery(target.id, contact))
    holder = Delivery.of_row(row) if row else None
    return holder is not None and holder.present and holder.remote in ("", remote)
