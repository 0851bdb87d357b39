"""Search: the filter's plan names parts of the index; every hit is re-checked on its head."""

from typing import Any

from chalicelib.domain.cursors import seal, unseal
from chalicelib.domain.filters import compile_filter
from chalicelib.domain.graph import Head
from chalicelib.domain.search_keys import SearchKey, contact_of, search_rows
from chalicelib.domain.versions import Version
from chalicelib.domain.views import contact_view
from chalicelib.flow.ports import Ports
from chalicelib.store import keys

PAGE = 50
LOOKED_AT_CAP = 1_000


def search(ports: Ports, q: str, limit: int, cursor: str | None, reader: str) -> dict[str, Any]:
    """A page of the active contacts that match, each once; `next` where there is more.

    A page can be short where few of many hits match: the cursor goes on from there.
    """
    wanted = compile_filter(q, ports.now().date())
    scope = f"search {reader} {q}"
    at, after = unseal(ports.keys.cursors, scope, cursor) if cursor else (0, None)
    plan, found, looked = wanted.plan(), list[dict[str, Any]](), 0
    while at < len(plan) and len(found) < limit and looked < LOOKED_AT_CAP:
        size = min(PAGE, limit - len(found))
        part, start = plan[at], after or plan[at].start or None
        page = ports.items.query(
            "index", part.partition, prefix=part.prefix, after=start, limit=size
        )
        views = _active(ports, [contact_of(row["sk"]) for row in page.items])
        for row in page.items:
            view = views.get(contact_of(row["sk"]))
            if view and wanted.matches(view) and _first(view, plan[: at + 1], row["sk"]):
                found.append(view)
        looked += len(page.items)
        at, after = (at, page.next) if page.next else (at + 1, None)
    more = seal(ports.keys.cursors, scope, [at, after]) if at < len(plan) else None
    return {"items": found, "next": more}


def _active(ports: Ports, contact_ids: list[str]) -> dict[str, dict[str, Any]]:
    """The contacts as they are now, head first, then version."""
    rows = ports.items.get_many([keys.head(c) for c in dict.fromkeys(contact_ids)])
    heads = [h for h in map(Head.of_row, rows.values()) if h.status == "active"]
    versions = ports.items.get_many([keys.version(h.id, h.version) for h in heads])
    return {v.contact: contact_view(v) for v in map(Version.of_row, versions.values())}


def _first(view: dict[str, Any], parts: list[SearchKey], sk: str) -> bool:
    """Whether this is the first of the contact's rows under these parts of the plan.

    Judged by the rows that it should have: so it comes once, on whichever page.
    """
    rows = search_rows(view["id"], view)
    if any(part.holds(*row) for part in parts[:-1] for row in rows):
        return False
    mine = [row[1] for row in rows if parts[-1].holds(*row)]
    return not mine or sk == min(mine)
