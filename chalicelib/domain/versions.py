"""Versions: what a contact was, from number 1 on, each sealed to the one before.

A version holds one leaf for each member record: a digest, salted by that record, of the
values it gave and of all it said. The seal is over the leaves, not over the values, so
that erasing one person redacts values and salt and the chain still verifies.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.domain.evidence import Record
from chalicelib.domain.golden import Elected
from chalicelib.domain.model import Entity, canonical, digest


class Cause(Entity):
    """Why a version was made: by which event of which record or which merge, and by whom."""

    type: str
    by: str
    record: str = ""
    merge: str = ""


class Version(Entity):
    """An immutable snapshot of a contact.

    `winners` names the record behind each value (of a list: behind each element), `origins`
    the source and external id of each member, `rules` the survivorship that it was made by.
    """

    contact: str
    number: int
    status: str
    values: dict[str, Any]
    winners: dict[str, Any]
    members: tuple[str, ...]
    leaves: dict[str, str]
    evidence: dict[str, str]
    cause: Cause
    batch: str
    recorded_at: str
    previous: str
    seal: str
    into: str = ""
    rules: str = ""
    origins: dict[str, tuple[str, str]] = {}


def values_of(elected: Mapping[str, Elected]) -> dict[str, Any]:
    """The golden values alone."""
    return {name: e.value for name, e in elected.items() if e.value is not None}


def winners_of(elected: Mapping[str, Elected]) -> dict[str, Any]:
    """Behind each field the record that won it; behind a list a record for each element."""
    told = ((name, e) for name, e in elected.items() if e.value is not None)
    return {n: [r for r, _ in e.shares] if e.shares else e.record for n, e in told}


def leaves_of(
    records: Iterable[Record], values: Mapping[str, Any], winners: Mapping[str, Any]
) -> tuple[dict[str, str], dict[str, str]]:
    """(leaves, evidence): digests for each record, of what it gave and of all it said."""
    evidence = {r.id: r.evidence() for r in records}
    leaves = {r.id: leaf(r.salt, r.id, values, winners, evidence[r.id]) for r in records}
    return leaves, evidence


def leaf(
    salt: str, record: str, values: Mapping[str, Any], winners: Mapping[str, Any], evidence: str
) -> str:
    """Digest of the values that one record gives to a version."""
    return digest(salt, canonical(_given(record, values, winners)), evidence)


def _given(record: str, values: Mapping[str, Any], winners: Mapping[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, winner in winners.items():
        if isinstance(winner, list):
            given[name] = [v for v, w in zip(values[name], winner, strict=True) if w == record]
        elif winner == record:
            given[name] = values[name]
    return {n: v for n, v in given.items() if v != []}


def content_of(
    status: str, members: Iterable[str], leaves: Mapping[str, str], winners: Mapping[str, Any]
) -> str:
    """A digest of what makes two versions the same contact: status, members, leaves.

    And winners: leaves do not tell in which order a list takes the elements of its records.
    """
    parts = (sorted(members), dict(leaves), dict(winners))
    return digest(status, *map(canonical, parts))


def seal_of(version: Version) -> str:
    """The digest that the next version repeats: over all but what erasure may redact."""
    sealed = version.model_dump(mode="json", exclude={"values", "winners", "origins", "seal"})
    return digest(canonical(sealed))
