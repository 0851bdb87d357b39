"""What stands, read to be checked: also where it is torn, so that nothing is taken for granted."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from chalicelib.domain.checking import Standing
from chalicelib.domain.evidence import Record
from chalicelib.domain.graph import Head
from chalicelib.domain.interactions import ORDERS
from chalicelib.domain.judgements import Decision
from chalicelib.domain.purchases import ORDERS_CAP, Bought, folded
from chalicelib.domain.versions import Version
from chalicelib.flow.changes import PARKED
from chalicelib.flow.ports import Ports
from chalicelib.flow.ruling import rules
from chalicelib.store import contacts, interactions, keys
from chalicelib.store.ports import Equals, Item, Items, Key, Set, Write


def standing(ports: Ports, head: Head) -> Standing:
    """All that stands of the contact of a head that was just read."""
    items, members = ports.items, head.members
    return Standing(
        head=head,
        pointers=heads(items, [*members, *([head.into] if head.into else [])]),
        records=records(items, members),
        statements={member: contacts.told(items, member) for member in members},
        bought={member: bought(items, member) for member in members},
        versions=versions(items, head.id),
        decisions=decisions(items, [j.id for j in head.judgements]),
        rules=rules.of_head(ports, head.rules),
    )


def heads(items: Items, ids: Iterable[str]) -> dict[str, Head]:
    """The heads and stubs under these ids."""
    found = many(items, {keys.head(i): i for i in ids})
    return {name: Head.of_row(row) for name, row in found.items()}


def homes(items: Items, ids: Iterable[str]) -> dict[str, Head]:
    """The contacts in which these records stand; one that stands in none is left out."""
    under = heads(items, ids)
    led = heads(items, {h.into for h in under.values() if h.into})
    ends = {r: led.get(h.into) if h.into else h for r, h in under.items()}
    return {r: h for r, h in ends.items() if h and r in h.members}


def guards(items: Items, ids: Iterable[str]) -> list[Write]:
    """The heads of the contacts of these records, each with its next `rev`.

    Read before what is to be written with them, where nothing else guards that: so no other
    writer's refold comes between.
    """
    led = {head.id: head.rev for head in homes(items, ids).values()}
    return [Set(keys.head(i), {"rev": rev + 1}, Equals("rev", rev)) for i, rev in led.items()]


def records(items: Items, ids: Iterable[str]) -> dict[str, Record]:
    """The records of these ids."""
    found = many(items, {keys.record(i): i for i in ids})
    return {name: Record.of_row(row) for name, row in found.items()}


def bought(items: Items, record_id: str) -> Bought | None:
    """What the latest orders that stand on a record say that it bought."""
    orders = interactions.standing(items, record_id, ORDERS, None, ORDERS_CAP)
    return folded((o.occurred_at, o.content) for _, o in islice(orders, ORDERS_CAP))


def decisions(items: Items, ids: Iterable[str]) -> dict[str, Decision]:
    """The judgements of these ids, also retracted ones."""
    found = many(items, {keys.judgement(i): i for i in ids})
    return {name: Decision.of_row(row) for name, row in found.items()}


def versions(items: Items, contact_id: str) -> list[Version]:
    """The whole chain of a contact."""
    return [Version.of_row(row) for row in rows(items, Key("versions", contact_id, ""))]


def last_version(items: Items, contact_id: str) -> Version | None:
    """The last version that stands, whatever the head says."""
    found, _ = contacts.versions(items, contact_id, None, 1)
    return found[0] if found else None


def has_change(items: Items, lane: str, contact_id: str, rev: str = "") -> bool:
    """Whether a change of the contact (at that `rev`) waits in a lane, or is parked."""
    pk, prefix = keys.lane_shard(lane, contact_id), f"{contact_id}#{rev}"
    found = (items.query("changes", p, prefix=prefix, limit=1) for p in (pk, PARKED + pk))
    return any(page.items for page in found)


def rows(items: Items, beginning: Key) -> Iterator[Item]:
    """All items of a partition whose sort key begins so."""
    after = None
    while True:
        page = items.query(beginning.table, beginning.pk, prefix=beginning.sk, after=after)
        yield from page.items
        after = page.next
        if after is None:
            return


def many(items: Items, wanted: Mapping[Key, str]) -> dict[str, Item]:
    """Any number of items, each under its name."""
    asked, found = list(wanted), dict[Key, Item]()
    for start in range(0, len(asked), contacts.READS_CAP):
        found |= items.get_many(asked[start : start + contacts.READS_CAP])
    return {wanted[key]: item for key, item in found.items()}
