"""Search: the filter's plan names parts of the index; every hit is re-checked on its head."""

from typing import Any

from chalicelib.domain.cursors import seal, unseal
from chalicelib.domain.filters import Filter, compile_filter
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
    wanted = compile_filter(q)
    scope = f"search {reader} {q}"
    at, after = unseal(ports.keys.cursors, scope, cursor) if cursor else (0, None)
    plan, found, looked = wanted.plan(), list[dict[str, Any]](), 0
    while at < len(plan) and len(found) < limit and looked < LOOKED_AT_CAP:
        size = min(PAGE, limit - len(found))
        page = ports.items.query(
            "index", plan[at].partition, prefix=plan[at].prefix, after=after, limit=size
        )
        ids = list(dict.fromkeys(contact_of(row["sk"]) for row in page.items))
        found += [v for v in _active(ports, ids) if _new(wanted, v, plan[:at])]
        looked += len(page.items)
        at, after = (at, page.next) if page.next else (at + 1, None)
    more = seal(ports.keys.cursors, scope, [at, after]) if at < len(plan) else None
    return {"items": found, "next": more}


def _active(ports: Ports, contact_ids: list[str]) -> list[dict[str, Any]]:
    """The contacts as they are now, head first, then version."""
    rows = ports.items.get_many([keys.head(c) for c in contact_ids])
    heads = {h.id: h for h in map(Head.of_row, rows.values()) if h.status == "active"}
    wanted = [keys.version(h.id, h.version) for h in heads.values()]
    versions = ports.items.get_many(wanted)
    views = {v.contact: contact_view(v) for v in map(Version.of_row, versions.values())}
    return [views[c] for c in contact_ids if c in views]


def _new(wanted: Filter, view: dict[str, Any], before: list[SearchKey]) -> bool:
    """Whether it matches, and was not found under an earlier part of the plan already."""
    return wanted.matches(view) and not _stands_under(view, before)


def _stands_under(view: dict[str, Any], parts: list[SearchKey]) -> bool:
    rows = search_rows(view["id"], view) if parts else ()
    return any(pk == k.partition and sk.startswith(k.prefix) for pk, sk in rows for k in parts)
