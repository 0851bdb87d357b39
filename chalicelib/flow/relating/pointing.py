"""Who points to a contact, and to whom a contact points: the index and the heads read.

What a contact says of itself stands in its version. Who says something of it is found in
the index (the rows of the term `related`), and each hit is judged by its version.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from chalicelib.domain.errors import ConflictError
from chalicelib.domain.ids import record_id
from chalicelib.domain.relations import End, Name, Place, Relation, Stand, ends_of, stands_of
from chalicelib.domain.search_keys import contact_of, kind_of, related_to
from chalicelib.domain.versions import Version
from chalicelib.flow.changes import insisting
from chalicelib.flow.ports import Ports
from chalicelib.store import contacts
from chalicelib.store.ports import Item

T = TypeVar("T")
Standing = tuple[Version, Sequence[Stand]]
QUERIES_CAP = 50  # for a page, which is short where they find little


def standing(
    ports: Ports, kind: str, places: Sequence[Place], after: str | None, limit: int
) -> tuple[list[Standing], str | None]:
    """A page of who is related to these places today, each once: where it stands first."""
    day, ends = today(ports), ends_of(places)

    def first(version: Version, kind: str, end: End) -> Standing | None:
        stands = stands_of(version, kind, day, ends)
        return (version, stands) if stands and stands[0].end is end else None

    return pointing(ports, ends, kind, after, limit, first)


def pointing(
    ports: Ports,
    ends: Mapping[Name, End],
    kind: str,
    after: str | None,
    limit: int,
    show: Callable[[Version, str, End], T | None],
) -> tuple[list[T], str | None]:
    """A page of what `show` makes of who points to these ends, and behind what to go on."""
    order, found = list(ends.values()), list[T]()
    at, within = _resumed(order, after)
    for _ in range(QUERIES_CAP):
        if at == len(order) or len(found) == limit:
            break
        part, size = related_to("/".join(order[at].name), kind), limit - len(found)
        page = ports.items.query(
            "index", part.partition, prefix=part.prefix, after=within, limit=size
        )
        hits = _hits(ports, page.items)
        found += [s for v, of in hits if (s := show(v, of, order[at])) is not None]
        at, within = (at, page.next) if page.next else (at + 1, None)
    return found, f"{order[at].record} {within or ''}" if at < len(order) else None


def _resumed(ends: Sequence[End], after: str | None) -> tuple[int, str | None]:
    record, _, within = (after or "").partition(" ")
    if not record:
        return 0, None
    for at, end in enumerate(ends):
        if end.record == record:
            return at, within or None
    raise ConflictError("What is listed has changed meanwhile: begin the list again.")


def _hits(ports: Ports, rows: Sequence[Item]) -> Iterator[tuple[Version, str]]:
    """The active contacts that have these rows, and which kind of relation each row is of."""
    now = latest(ports, [contact_of(row["sk"]) for row in rows])
    for row in rows:
        version = now.get(contact_of(row["sk"]))
        if version and version.contact == contact_of(row["sk"]) and version.status == "active":
            yield version, kind_of(row["sk"])


def leading(ports: Ports, told: Sequence[Relation]) -> dict[Name, Version]:
    """Whose the records are now that these relations name; unknown ones are left out."""
    ids = {r.to: record_id(ports.keys.ids, *r.to) for r in told}
    now = latest(ports, list(ids.values()))
    return {name: now[record] for name, record in ids.items() if record in now}


def latest(ports: Ports, record_ids: Sequence[str]) -> dict[str, Version]:
    """By record the contact that it belongs to now; unknown ones are left out."""
    found = insisting(ports, lambda _: contacts.latest_of_many(ports.items, record_ids))
    return {record: version for record, (_, version) in found.items()}


def today(ports: Ports) -> str:
    """The day on which a relation holds, or does not."""
    return ports.now().date().isoformat()
