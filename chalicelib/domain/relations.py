"""Relations: who works for whom, which company belongs to which. Pure.

A relation is a value of a record and names another *record*, never a contact. Whose that
record is now is looked up when it is read: so relations follow every merge and undo, of
both ends, and one may name a record that is not known yet.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from chalicelib.domain.versions import Version

WORKS_FOR = "works_for"
CHILD_OF = "child_of"
DEPTH_CAP = 10  # companies below a company, or above it
COMPANIES_CAP = 100


class Name(NamedTuple):
    """How a record is named by its source."""

    source: str
    external_id: str


@dataclass(frozen=True)
class Relation:
    """One relation of a contact: to which record, and which of its own records says so."""

    kind: str
    to: Name
    said_by: Name
    role: str | None
    since: str | None
    until: str | None

    def holds_on(self, day: str) -> bool:
        """Whether it has begun and has not ended (its last day belongs to it)."""
        return (self.since or day) <= day <= (self.until or day)


def relations_of(version: Version) -> list[Relation]:
    """What a contact says of its relations, in the order of its field."""
    told = zip(
        version.values.get("relations", ()), version.winners.get("relations", ()), strict=True
    )
    return [
        Relation(
            kind=given["kind"],
            to=Name(given["source"], given["external_id"]),
            said_by=Name(*version.origins[record]),
            role=given.get("role"),
            since=given.get("since"),
            until=given.get("until"),
        )
        for given, record in told
    ]


@dataclass(frozen=True)
class Place:
    """Where a walk came by: a contact, and those that lead to it, from the first on."""

    contact: Version
    path: tuple[Version, ...] = ()

    @property
    def way(self) -> tuple[Version, ...]:
        """The path, and the contact at its end."""
        return (*self.path, self.contact)


class Walk(NamedTuple):
    """The places, the nearest first; `capped` names the cap (`depth`, `count`) that cut it."""

    places: list[Place]
    capped: str | None


def walk(start: Version, onward: Callable[[Version], Iterable[Version]]) -> Walk:
    """All that can be reached, breadth first, each contact once: a circle ends by itself."""
    places, known, capped = [Place(start)], {start.contact}, None
    for place in places:  # it grows as the walk goes on
        for further in onward(place.contact):
            if further.contact in known:
                continue
            if len(places) == COMPANIES_CAP:
                return Walk(places, "count")
            if len(place.path) == DEPTH_CAP:
                capped = "depth"
                break
            known.add(further.contact)
            places.append(Place(further, place.way))
    return Walk(places, capped)


class End(NamedTuple):
    """A record that others may point to, and the place where its contact stands."""

    rank: int
    record: str
    name: Name
    place: Place


class Stand(NamedTuple):
    """How a contact is related to one of the ends."""

    relation: Relation
    end: End


def ends_of(places: Iterable[Place]) -> dict[Name, End]:
    """The records of the contacts at these places, in their order."""
    named = (
        (record, Name(*name), place)
        for place in places
        for record, name in sorted(place.contact.origins.items())
    )
    return {name: End(n, record, name, place) for n, (record, name, place) in enumerate(named)}


def stands_of(version: Version, kind: str, day: str, ends: Mapping[Name, End]) -> Sequence[Stand]:
    """How a contact is related to any of the ends on that day, by the order of the ends.

    A contact is not related to itself, whatever its records said before they were one.
    """
    told = [r for r in relations_of(version) if r.kind == kind and r.holds_on(day)]
    stands = [Stand(relation, ends[relation.to]) for relation in told if relation.to in ends]
    others = [s for s in stands if s.end.place.contact.contact != version.contact]
    return sorted(others, key=lambda stand: stand.end.rank)


def relation_view(relation: Relation) -> dict[str, Any]:
    """A relation as the outside sees it, without the contact at its other end."""
    return {
        "kind": relation.kind,
        "role": relation.role,
        "since": relation.since,
        "until": relation.until,
        "record": relation.to._asdict(),
        "said_by": relation.said_by._asdict(),
    }
