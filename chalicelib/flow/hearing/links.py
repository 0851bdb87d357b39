"""Whose a partner's contact is, and what becomes of that as it speaks.

The link stands on a delivery (`flow/telling/links.py` keeps it for what we send).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from chalicelib.connectors.connector import Told
from chalicelib.domain.conflicts import FieldConflict
from chalicelib.domain.deciding import obstacle, touched
from chalicelib.domain.deliveries import Delivery, stirred
from chalicelib.domain.echoes import echoing
from chalicelib.domain.evidence import FACTS
from chalicelib.domain.graph import Contact
from chalicelib.domain.parcels import print_of
from chalicelib.flow.changes import insisting, kick
from chalicelib.flow.conflicting.rows import conflict_write, ending
from chalicelib.flow.hearing.partners import Partner
from chalicelib.flow.matching.match import Unwanted
from chalicelib.flow.merging.link import both
from chalicelib.flow.merging.tie import Wish, tie
from chalicelib.flow.ports import Ports
from chalicelib.flow.telling.fan_out import kick_deliveries
from chalicelib.flow.telling.links import with_borrower
from chalicelib.store import deliveries, keys
from chalicelib.store.ports import Put, Write

BY = "model:links"  # the machine's word: undone by a person, it is never said again


def holder(ports: Ports, target: str, remote: str) -> Delivery | None:
    """The delivery whose contact stands under this id there; None where it is nobody's."""
    claim = ports.items.get(keys.remote(target, remote))
    found = deliveries.find(ports.items, target, claim["contact"]) if claim else None
    return found if found and found.remote == remote else None


def own(ports: Ports, partner: Partner, record: str, told: Told, has: Mapping[str, str]) -> None:
    """Note that the partner told of this contact itself: there it stands, and has this."""
    news = {
        "remote": told.remote,
        "etag": told.etag,
        "has": dict(has),
        "sent_print": print_of(has),
        "present": True,
        "own": True,
    }
    claim = Put(keys.remote(partner.id, told.remote), {"contact": record})
    _change(ports, partner.id, record, lambda _: news, lambda _: [claim])


class Spoken(NamedTuple):
    """What a partner says of a contact that it has of us: `said` are the prints of its words,
    `has` those of all that it has now; what follows for its fields, and what is to be asked.
    `there` says that one which we let go has come back, unless such stay there anyhow.
    """

    etag: str
    said: Mapping[str, str]
    has: Mapping[str, str]
    flips: Mapping[str, tuple[str, ...]]
    raised: Sequence[FieldConflict]
    there: bool


def heard(ports: Ports, known: Delivery, spoken: Spoken) -> None:
    """Note what it has now, and what is asked about that; the delivery then looks whether it
    should have that.

    What it says in its own form of what it was sent is an echo from now on. Facts that it was
    sent are none any more: what it has of them is known. One that we let go and is there again
    is let go again.
    """
    etag, has = spoken.etag, dict(spoken.has)
    if (etag, has) == (known.etag, known.has):
        return

    def fresh(row: Delivery) -> list[FieldConflict]:
        return [asked for asked in spoken.raised if asked.field not in row.asked]

    def news(row: Delivery) -> dict[str, Any]:
        now = {"etag": etag, "has": has, "sent_print": print_of(has), "flips": dict(spoken.flips)}
        now |= {"asked": row.asked | {asked.field: asked.name for asked in fresh(row)}}
        echoes = echoing(row.echoes, spoken.said if etag == known.etag else {})
        opinions = {n: prints for n, prints in echoes.items() if n not in FACTS}
        return now | {"echoes": opinions, "present": row.present or spoken.there}

    def asks(row: Delivery) -> list[Write]:
        return [conflict_write(asked) for asked in fresh(row)]

    _change(ports, known.target, known.contact, news, asks)


def change(ports: Ports, known: Delivery, news: dict[str, Any]) -> None:
    """Change what is known of a partner's contact, and look again."""
    _change(ports, known.target, known.contact, lambda _: news)


def _change(
    ports: Ports,
    target: str,
    contact: str,
    news: Callable[[Delivery], dict[str, Any]],
    also: Callable[[Delivery], Sequence[Write]] = lambda _: (),
) -> None:
    """Change a delivery, and let it be looked at again, with that which borrows its place."""

    def attempt(_: int) -> list[Delivery]:
        known = deliveries.known(ports.items, target, contact)
        told = with_borrower(ports, known, stirred(known, ports.now(), **news(known)))
        rows = [deliveries.delivery_write(before, after) for before, after in told]
        ended = ending(ports, *told[0])
        ports.items.write([*rows, *ended, *also(known)])
        return [after for _, after in told]

    kick_deliveries(ports, insisting(ports, attempt))


def joined(ports: Ports, partner: Partner, record: str, known: Delivery, remote: str) -> bool:
    """Join the partner's record to the contact that the partner's one was made from.

    Where a person said that they are different, the link ends, and the record is its own.
    """
    try:
        _tie(ports, partner, record, known.contact)
    except Unwanted as unwanted:
        if unwanted.why != "joined":
            parted(ports, known, remote)
            return False
    return True


def _tie(ports: Ports, partner: Partner, record: str, contact: str) -> None:
    def refuse_unwanted(ours: Contact, theirs: Contact) -> None:
        if why := obstacle(ours, theirs):
            raise Unwanted(why)

    insisting(ports, lambda _: both(ports, record, contact))
    edge, mode = ports.chance.token(), partner.source.duplicate_policy
    wish = Wish(
        id=edge,
        merge=edge,
        a=record,
        b=contact,
        by=BY,
        mode=mode,
        batch=edge,
        touch=lambda _ours, _theirs: touched(mode, record),
        check=refuse_unwanted,
    )
    kick(ports, tie(ports, wish).changes)


def parted(ports: Ports, known: Delivery, remote: str) -> None:
    """What stands there is not this contact any more."""
    nothing = {"remote": "", "etag": "", "has": {}, "sent_print": "", "present": False}
    nothing |= {"asked": {}, "flips": {}}

    def news(row: Delivery) -> dict[str, Any]:
        return nothing if row.remote == remote else {}

    _change(ports, known.target, known.contact, news)


def merged(ports: Ports, partner: Partner, known: Delivery, into: str) -> None:
    """Somebody there said that two are one: so they are here, unless a person said otherwise."""
    other = holder(ports, partner.id, into)
    if other is None:
        claim = Put(keys.remote(partner.id, into), {"contact": known.contact})
        moved = {"remote": into, "etag": ""}
        _change(ports, partner.id, known.contact, lambda _: moved, lambda _: [claim])
    elif other.contact != known.contact:
        parted(ports, known, known.remote)
        if partner.source.automatic_merge:
            joined(ports, partner, known.contact, other, into)
