"""Search: the filter's plan names parts of the index; every hit is re-checked on its contact.

What a search as of a time is after may have gone since: it reads each partition together
with its twin, in one order, the twin last. A row is put into the twin before it goes, and
never leaves it: so none slips through, and none is met twice.
"""

from dataclasses import dataclass
from typing import Any

from chalicelib.domain import times
from chalicelib.domain.cursors import seal, unseal
from chalicelib.domain.filters import compile_filter
from chalicelib.domain.graph import Head
from chalicelib.domain.search_keys import SearchKey, contact_of, search_rows, twin
from chalicelib.domain.versions import Version
from chalicelib.domain.views import contact_view
from chalicelib.flow.ports import Ports
from chalicelib.flow.reading.moments import versions_at
from chalicelib.store import keys

PAGE = 50
LOOKED_AT_CAP = 1_000


@dataclass(frozen=True)
class Wanted:
    """The filter, as of when (None: now), how many at once, for whom."""

    q: str
    as_of: str | None
    limit: int
    reader: str

    @property
    def scope(self) -> str:
        """Where a cursor of this search may be used."""
        return f"search {self.reader} {self.as_of or ''} {self.q}"


def search(ports: Ports, wanted: Wanted, cursor: str | None) -> dict[str, Any]:
    """A page of the contacts that are (or were) active and match, each once; `next` if more.

    A page can be short where few of many hits match: the cursor goes on from there.
    """
    then = times.moment(wanted.as_of) if wanted.as_of else ports.now()
    compiled, key = compile_filter(wanted.q, then.date()), ports.keys.cursors
    at, after = unseal(key, wanted.scope, cursor) if cursor else (0, None)
    plan, found, looked = compiled.plan(), list[dict[str, Any]](), 0
    while at < len(plan) and len(found) < wanted.limit and looked < LOOKED_AT_CAP:
        size = min(PAGE, wanted.limit - len(found))
        start = after or plan[at].start or None
        hits, after = _hits(ports, plan[at], start, size, wanted.as_of)
        views = _active(ports, [contact_of(sk) for sk in hits], wanted.as_of)
        for sk in hits:
            view = views.get(contact_of(sk))
            if view and compiled.matches(view) and _first(view, plan[: at + 1], sk, wanted.as_of):
                found.append(view)
        looked += len(hits)
        at += after is None
    following = seal(key, wanted.scope, [at, after]) if at < len(plan) else None
    return {"items": found, "next": following}


def _hits(
    ports: Ports, part: SearchKey, after: str | None, size: int, as_of: str | None
) -> tuple[list[str], str | None]:
    """Sort keys of one part of the plan, at most `size`, and behind which one to go on."""
    partitions = (part.partition, twin(part.partition)) if as_of else (part.partition,)
    pages = [
        ports.items.query("index", pk, prefix=part.prefix, after=after, limit=size)
        for pk in partitions
    ]
    hits = sorted({row["sk"] for page in pages for row in page.items})
    read_upto = [page.next for page in pages if page.next] + hits[size - 1 : size]
    following = min(read_upto, default=None)
    return [sk for sk in hits if following is None or sk <= following], following


def _active(ports: Ports, ids: list[str], as_of: str | None) -> dict[str, dict[str, Any]]:
    """Those of the contacts that are or were active."""
    found = versions_at(ports.items, ids, as_of) if as_of else _latest(ports, ids)
    return {c: contact_view(version) for c, version in found.items() if version.status == "active"}


def _latest(ports: Ports, ids: list[str]) -> dict[str, Version]:
    """The contacts as they are now, head first, then version."""
    rows = ports.items.get_many([keys.head(c) for c in dict.fromkeys(ids)])
    heads = [h for h in map(Head.of_row, rows.values()) if h.status == "active"]
    versions = ports.items.get_many([keys.version(h.id, h.version) for h in heads])
    return {v.contact: v for v in map(Version.of_row, versions.values())}


def _first(view: dict[str, Any], parts: list[SearchKey], sk: str, as_of: str | None) -> bool:
    """Whether this is the first of the contact's rows under these parts of the plan.

    Judged by the rows that it should have: so it comes once, on whichever page. As of a
    time, a row of another time is none of them.
    """
    rows = search_rows(view["id"], view)
    if any(part.holds(*row) for part in parts[:-1] for row in rows):
        return False
    mine = [row[1] for row in rows if parts[-1].holds(*row)]
    return sk == min(mine, default="" if as_of else sk)
