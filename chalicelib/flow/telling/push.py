"""Push: the calls that bring one target up to date with one contact, and what came of them."""

from dataclasses import dataclass

from chalicelib.connectors.connector import Connector, Result
from chalicelib.domain.deliveries import Delivery
from chalicelib.domain.graph import Head
from chalicelib.domain.parcels import Parcel
from chalicelib.domain.sources import Target
from chalicelib.flow.ports import Ports
from chalicelib.flow.telling import links
from chalicelib.flow.telling.links import Link
from chalicelib.flow.telling.looking import changed_there
from chalicelib.flow.telling.ops import op_of


@dataclass(frozen=True)
class Errand:
    """What a target is to be told of a contact, in the place that the link leads to.

    `seen` is the `rev` up to which the parcel knows of the contact's changes.
    """

    target: Target
    head: Head
    found: Parcel
    link: Link
    seen: int


def push(ports: Ports, connector: Connector, noted: Delivery, errand: Errand) -> Result:
    """Ask after what the target has accepted before; else push, if there is anything to do.

    Says what came of it, once it stands on the row of whoever lent the link.
    """
    target, found, link = errand.target, errand.found, errand.link
    if noted.job:
        return _with_lender(ports, errand, links.settled(ports, target, connector, noted))
    if found.event == "contact.removed" and links.is_kept(ports, target, link, errand.head):
        return Result("done", remote=link.remote, etag=link.etag)
    op = op_of(target, noted, found, link)
    if op.kind == "upsert" and not op.remote:
        return links.found_or_new(ports, target, connector, op)
    stop = changed_there(ports, target, link, connector, op) if op.kind == "upsert" else None
    if stop:
        return stop
    links.lend(ports, link, found)
    (result,) = connector.push([op])
    return _with_lender(ports, errand, result)


def _with_lender(ports: Ports, errand: Errand, result: Result) -> Result:
    """The same, once a lent link knows what it means for its place."""
    left = errand.found.event == "contact.removed" and not result.remote
    if result.status == "gone" or (result.status == "done" and left):
        links.ended(ports, errand.link)
    elif result.status == "done":
        links.lend(ports, errand.link, errand.found, result)
    return result
