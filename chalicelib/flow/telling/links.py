"""Links: which of a target's contacts is ours, through merges and their undo.

A link stands on the delivery of the id that it was made for, and every id is a record's: so
it goes with that record. A survivor without a link of its own uses that of the oldest of its
records that has one: a merge never deletes the only copy that a target has, and makes none.
A claim on the remote id keeps two contacts from taking the same one there for theirs.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.connectors.connector import Connector, Op, Result, UnavailableError
from chalicelib.domain.deliveries import Delivery, Place, has_now, is_told, stirred
from chalicelib.domain.echoes import echoing
from chalicelib.domain.graph import Head
from chalicelib.domain.parcels import Parcel, print_of
from chalicelib.domain.sources import Target
from chalicelib.flow.changes import insisting
from chalicelib.flow.conflicting.rows import ending
from chalicelib.flow.listing.membership import why_not_now
from chalicelib.flow.ports import Ports
from chalicelib.store import contacts, deliveries, keys
from chalicelib.store.ports import Absent, Conflict, Equals, Put

SOON = "60"  # seconds


@dataclass(frozen=True)
class Link:
    """Where a contact is at a target, by the delivery `row` that holds the link.

    It may be `lent` by one of its records that was a contact once; one that the target told
    of itself (`own`) has a delivery that keeps its place.
    """

    row: Delivery
    lent: bool = False

    @property
    def remote(self) -> str:
        """Its id there; empty where it is not known to be there."""
        return self.row.remote

    @property
    def etag(self) -> str:
        """The version that it had there; what was lent may have another by now."""
        return "" if self.lent else self.row.etag

    @property
    def own(self) -> bool:
        """Whether the place is kept by another delivery than the contact's."""
        return self.lent and self.row.own

    def after(self, result: Result) -> Place:
        """What the contact's own row shall say once the target did as it was asked."""
        return Place() if self.lent else Place(result.remote, result.etag)


def linked(ports: Ports, target: Target, known: Delivery, head: Head) -> Link:
    """Where the contact is there by now, as far as is known."""
    if known.remote or target.kind == "webhook":
        return Link(known)
    lender = next((row for row in _rows(ports, known.target, head) if row.remote), None)
    return Link(lender, lent=True) if lender else Link(known)


def has_it(target: Target, known: Delivery, link: Link, found: Parcel) -> bool:
    """Whether the target was told this last, in a place that is still the contact's."""
    placed = link.remote or target.kind == "webhook" or found.event == "contact.removed"
    return bool(placed) and is_told(known, found)


def lend(ports: Ports, link: Link, found: Parcel, sent: Result | None = None) -> None:
    """Note on the row of a lent link what is sent there, before and once it is: that is what the
    place has, in this version, and echoes.
    """

    def news(row: Delivery) -> dict[str, Any]:
        echoes = {"echoes": echoing(row.echoes, found.sent)}
        if sent is None:
            return echoes
        return echoes | {"has": has_now(row, found), "sent_print": "", "etag": sent.etag}

    _on_lender(ports, link, news)


def with_borrower(
    ports: Ports, known: Delivery, after: Delivery
) -> list[tuple[Delivery, Delivery]]:
    """A delivery as it is and as it will be, and that of the contact to which it lends its place:
    that looks whether what the place has is what it should have.
    """
    home = contacts.head_of(ports.items, known.contact)
    moved = home is not None and home.id != known.contact and not known.own
    lent = deliveries.find(ports.items, known.target, home.id) if home and moved else None
    if lent is None or lent.remote or not after.remote:
        return [(known, after)]
    return [(known, after), (lent, stirred(lent, ports.now(), sent_print=print_of(after.has)))]


def ended(ports: Ports, link: Link) -> None:
    """Note on the row of a lent link that there is nothing there any more."""
    nothing: dict[str, Any] = {"remote": "", "etag": "", "has": {}, "asked": {}, "sent_print": ""}
    _on_lender(ports, link, lambda _: nothing)


def _on_lender(ports: Ports, link: Link, news: Callable[[Delivery], dict[str, Any]]) -> None:
    def attempt(_: int) -> None:
        known = deliveries.known(ports.items, link.row.target, link.row.contact)
        after = known.model_copy(update=news(known) | {"rev": known.rev + 1})
        ports.items.write([deliveries.delivery_write(known, after), *ending(ports, known, after)])

    if link.lent:
        insisting(ports, attempt)


def _rows(ports: Ports, target: str, head: Head) -> Iterable[Delivery]:
    """The deliveries of its records, the oldest first; of one record there is no other."""
    return (
        () if len(head.members) < 2 else deliveries.of_members(ports.items, target, head).values()
    )


def is_kept(ports: Ports, target: Target, link: Link, head: Head) -> bool:
    """Whether a removal has nothing to do there: what it had is lent, or was never known."""
    if target.kind == "webhook":
        return False
    ignored = target.removal == "ignore" and not target.lists
    return not link.remote or ignored or _is_lent(ports, target, link, head)


def _is_lent(ports: Ports, target: Target, link: Link, head: Head) -> bool:
    """Whether the contact that it was merged into uses it; one that may not have it does not."""
    home = contacts.head_of(ports.items, head.into) if head.into else None
    if home is None or home.status != "active":
        return False
    own = deliveries.known(ports.items, target.id, home.id)
    if _why_not(ports, target, own, home):
        return False
    return linked(ports, target, own, home).remote == link.remote


def found_or_new(ports: Ports, target: Target, connector: Connector, op: Op) -> Result:
    """Take what the target has of the contact already, if nobody else's; or make it."""
    try:
        found = connector.find(op)
    except UnavailableError as error:
        return error.result
    known = next((r for r in found if _claim(ports, target, r, op.id)), "")
    if not known and any(_goes_back(ports, target, remote) for remote in found):
        return Result("conflict", "goes_back", retry_after=SOON)
    (result,) = connector.push([replace(op, remote=known)])
    if result.remote and not known:
        _claim(ports, target, result.remote, op.id)
    return result


def is_free(ports: Ports, target: Target, remote: str, contact: str) -> bool:
    """Whether the remote id may be this contact's: it is already, or nobody else's."""
    stands = ports.items.get(keys.remote(target.id, remote))
    return stands is None or _may_have(ports, target, remote, contact, stands["contact"])


def settled(ports: Ports, target: Target, connector: Connector, noted: Delivery) -> Result:
    """What came of what the target had accepted; whom it made is this contact from now on."""
    result = connector.settle(noted.job)
    if result.created:
        _claim(ports, target, result.remote, noted.contact)
    return result


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
    if contact == holder:
        return True
    return not _is_held(ports, target, remote, holder) and not _goes_back(ports, target, remote)


def _goes_back(ports: Ports, target: Target, remote: str) -> bool:
    """Whether it was lent by a contact that is one again, and is about to get it back."""
    stands = ports.items.get(keys.remote(target.id, remote))
    holder = deliveries.find(ports.items, target.id, stands["contact"]) if stands else None
    if holder is None or holder.present or holder.remote != remote:
        return False
    home = insisting(ports, lambda _: contacts.head_of(ports.items, holder.contact))
    if home is None or home.id != holder.contact or home.status != "active":
        return False
    return not _why_not(ports, target, holder, home)


def _why_not(ports: Ports, target: Target, known: Delivery, head: Head) -> str:
    version = contacts.version(ports.items, head.id, head.version)
    return why_not_now(ports, target, known, head, version)


def _is_held(ports: Ports, target: Target, remote: str, contact: str) -> bool:
    holder = deliveries.find(ports.items, target.id, contact)
    if holder is None or holder.remote not in ("", remote):
        return False
    return holder.present or _lends(ports, target, holder)


def _lends(ports: Ports, target: Target, holder: Delivery) -> bool:
    """Whether the contact that it was merged into uses its place."""
    row = ports.items.get(keys.head(holder.contact)) if holder.remote else None
    return row is not None and _is_lent(ports, target, Link(holder), Head.of_row(row))
