"""Relations as they lead now: from a contact, to a contact, through a group of companies."""

from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.relations import (
    CHILD_OF,
    COMPANIES_CAP,
    WORKS_FOR,
    End,
    Place,
    Relation,
    Stand,
    Walk,
    ends_of,
    relation_view,
    relations_of,
    walk,
)
from chalicelib.domain.verdicts import name_view
from chalicelib.domain.versions import Version
from chalicelib.flow.ports import Ports
from chalicelib.flow.relating.pointing import latest, leading, pointing, standing, today

OUTGOING, INCOMING = "outgoing", "incoming"
PAGE = 100


def relations(ports: Ports, contact_id: str, after: str | None, limit: int) -> dict[str, Any]:
    """A page of a contact's relations: its own first, then who says to be related to it."""
    version = _known(ports, contact_id)
    direction, _, place = (after or f"{OUTGOING} 0").partition(" ")
    shown: list[dict[str, Any]] = []
    if direction == OUTGOING:
        start, told = int(place), relations_of(version)
        shown, place = _outgoing(ports, version, told[start : start + limit]), ""
        if start + limit < len(told):
            return {"items": shown, "next": f"{OUTGOING} {start + limit}"}
    ends = ends_of([Place(version)])
    found, following = pointing(ports, ends, "", place, limit - len(shown), _incoming)
    return {"items": shown + found, "next": following and f"{INCOMING} {following}"}


def _outgoing(ports: Ports, version: Version, told: Sequence[Relation]) -> list[dict[str, Any]]:
    now = leading(ports, told)
    return [_end_view(OUTGOING, relation, version, now.get(relation.to)) for relation in told]


def _incoming(version: Version, kind: str, end: End) -> dict[str, Any] | None:
    about = end.place.contact
    found = (r for r in relations_of(version) if (r.kind, r.to) == (kind, end.name))
    relation = next(found, None) if version.contact != about.contact else None
    return _end_view(INCOMING, relation, about, version) if relation else None


def _end_view(
    direction: str, relation: Relation, version: Version, other: Version | None
) -> dict[str, Any]:
    """A relation of a contact with what is known of the contact at its other end."""
    itself = other is not None and other.contact == version.contact
    return {
        "direction": direction,
        **relation_view(relation),
        "state": "self" if itself else other.status if other else "unknown",
        "contact": name_view(other) if other and not itself else None,
    }


def people(
    ports: Ports, contact_id: str, after: str | None, limit: int, *, deep: bool
) -> dict[str, Any]:
    """A page of who works for a company or, `deep`, for one below it; each person once.

    Each with every place where it stands, the nearest first. `capped` says which cap cut
    the tree of companies, `companies` how many were gone through.
    """
    company = _known(ports, contact_id)
    tree = Walk([Place(company)], None)
    if deep:
        tree = walk(company, lambda version: _children(ports, version))
    found, following = standing(ports, WORKS_FOR, tree.places, after, limit)
    return {
        "items": [_person_view(*standing) for standing in found],
        "next": following,
        "companies": len(tree.places),
        "capped": tree.capped,
    }


def _person_view(version: Version, stands: Sequence[Stand]) -> dict[str, Any]:
    placed = [
        {**relation_view(relation), "path": [name_view(v) for v in end.place.way]}
        for relation, end in stands
    ]
    return {"contact": name_view(version), "stands": placed}


def hierarchy(ports: Ports, contact_id: str, after: str | None, limit: int) -> dict[str, Any]:
    """What a company belongs to, up to the root, and a page of what belongs to it directly."""
    company = _known(ports, contact_id)
    above = walk(company, lambda version: _parents(ports, version))
    found, following = standing(ports, CHILD_OF, [Place(company)], after, limit)
    return {
        "contact": name_view(company),
        "parents": [
            {"contact": name_view(place.contact), "path": [name_view(v) for v in place.way]}
            for place in above.places[1:]
        ],
        "capped": above.capped,
        "items": [
            {"contact": name_view(child), **relation_view(stands[0].relation)}
            for child, stands in found
        ],
        "next": following,
    }


def _children(ports: Ports, company: Version) -> Iterator[Version]:
    after: str | None = ""
    while after is not None:
        found, after = standing(ports, CHILD_OF, [Place(company)], after, PAGE)
        yield from (child for child, _ in found)


def _parents(ports: Ports, company: Version) -> list[Version]:
    day = today(ports)
    told = [r for r in relations_of(company) if r.kind == CHILD_OF and r.holds_on(day)]
    now = leading(ports, told[:COMPANIES_CAP])
    return [parent for parent in now.values() if parent.status == "active"]


def _known(ports: Ports, contact_id: str) -> Version:
    found = latest(ports, [contact_id])
    if contact_id not in found:
        raise NotFoundError("There is no contact under this id.")
    return found[contact_id]
