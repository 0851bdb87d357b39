"""The inbox: what partners and we changed both, listed and shown with both values.

The index may still list what was answered a moment ago, so each row is read again.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.domain.conflicts import FieldConflict
from chalicelib.domain.routing import projection
from chalicelib.domain.sources import Target
from chalicelib.domain.views import provenance_view
from chalicelib.flow import registry
from chalicelib.flow.changes import insisting
from chalicelib.flow.conflicting import rows
from chalicelib.flow.conflicting.here import Here, here
from chalicelib.flow.ports import Ports
from chalicelib.store import contacts, keys

LAST = "~"
Json = dict[str, Any]
_WHY = {
    "both_changed": "It was changed there and here, since the target last had ours.",
    "flipping": "It went there and back more than three times within ten minutes.",
}


def conflicts(ports: Ports, target: str, state: str, after: str | None, limit: int) -> Json:
    """A page of the conflicts, the oldest first; without a target, target by target."""
    named = [registry.registered(ports, Target, target)] if target else []
    targets = {t.id: t for t in named or registry.listed(ports, Target)}
    found: list[FieldConflict] = []
    at, _, place = (after or "").partition(" ")
    for name in [name for name in targets if name >= at]:
        if len(found) == limit:
            return {"items": _listed(ports, targets, found), "next": f"{name} "}
        lane, behind = keys.conflicts(name, state), place if name == at else ""
        page = ports.items.due(
            "deliveries", lane, LAST, after=behind or None, limit=limit - len(found)
        )
        found += _still(ports, map(FieldConflict.of_row, page.items), state)
        if page.next:
            return {"items": _listed(ports, targets, found), "next": f"{name} {page.next}"}
    return {"items": _listed(ports, targets, found), "next": None}


def _still(ports: Ports, listed: Iterable[FieldConflict], state: str) -> list[FieldConflict]:
    """Those that are in this state, in their order."""
    places = [keys.conflict(c.target, c.contact, c.name) for c in listed]
    known = ports.items.get_many(places) if places else {}
    read = [FieldConflict.of_row(known[place]) for place in places if place in known]
    return [conflict for conflict in read if conflict.state == state]


def _listed(ports: Ports, targets: Mapping[str, Target], found: list[FieldConflict]) -> list[Json]:
    ids = [c.contact for c in found]
    homes = insisting(ports, lambda _: contacts.latest_of_many(ports.items, ids))
    shown = {}
    for asked in found:
        head, version = homes[asked.contact]
        value = projection(targets[asked.target], version).get(asked.field)
        shown[asked.id] = _view(asked, head.id, value)
    return list(shown.values())


def show(ports: Ports, conflict_id: str) -> tuple[Json, str]:
    """One whole, with who said what stands here; and its ETag."""
    asked = rows.named(ports, conflict_id)
    target = registry.registered(ports, Target, asked.target)
    stands = insisting(ports, lambda _: here(ports, target, asked.contact))
    value = stands.shown.get(asked.field) if stands else None
    view = _view(asked, stands.contact.head.id if stands else asked.contact, value)
    if stands and asked.state == "open":
        view["ours"] |= _said(stands, asked.field)
    return view, view["etag"]


def _said(stands: Here, field: str) -> Json:
    """Who said what stands here, when, and by which rule it does."""
    won = stands.golden.get(field)
    if won is None:
        return {"source": None, "record": None, "occurred_at": stands.said_at(field)}
    told = provenance_view({field: won}, stands.contact.records)[field]
    named = {"source": told["source"], "record": won.record, "rule": told["rule"]}
    return named | {"occurred_at": stands.said_at(field)}


def _view(asked: FieldConflict, home: str, ours: Any) -> Json:
    """A conflict as the outside sees it; `ours` is what stands here now."""
    waits = asked.state == "open"
    return {
        "id": asked.id,
        "etag": asked.etag(ours),
        "target": asked.target,
        "contact_id": home,
        "field": asked.field,
        "state": asked.state,
        "why": asked.why,
        "explanation": _WHY[asked.why],
        "since": asked.asked_at,
        "theirs": {"value": asked.theirs, "occurred_at": asked.theirs_at},
        "ours": {"value": ours if waits else asked.ours},
        "answer": None if waits else _answer(asked),
    }


def _answer(asked: FieldConflict) -> Json:
    """How it was closed; one that the sides agreed on, or that ended, took neither."""
    return {
        "take": asked.take or None,
        "by": asked.by or None,
        "at": asked.closed_at,
        "by_rule": asked.by == f"source:{asked.target}",
        "remembered": asked.remembered,
        "batch": asked.batch or None,
    }
