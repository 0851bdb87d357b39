"""What Tryton's REST says of a party, in the form that a mapping reads.

Rows stand by their type, in their order, without those put away: `contact_mechanisms.email`,
`identifiers.pl_nip`. Numbers are compact (E.164), countries and languages are codes,
categories the names of those that stand for tags.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any

from chalicelib.connectors.connector import Told
from chalicelib.connectors.kinds.tryton_parties import (
    ADDRESS,
    Record,
    Row,
    address,
    compact,
    identifiers_of,
    mechanisms_of,
    tags,
)

_MECHANISM = ("type", "value", "value_compact", "name", "sequence", "active", "_timestamp")
_ADDRESS = ("street", "city", "postal_code", "country.code", "sequence", "active", "_timestamp")
_IDENTIFIER = ("type", "code", "code_compact", "sequence", "active", "_timestamp")
FIELDS = (
    *("name", "active", "replaced_by", "_timestamp"),
    *("lang.code", "categories.name", "categories.parent.name"),
    *(f"contact_mechanisms.{name}" for name in _MECHANISM),
    *(f"addresses.{name}" for name in _ADDRESS),
    *(f"identifiers.{name}" for name in _IDENTIFIER),
)
_ROWS = ("contact_mechanisms", "addresses", "identifiers")
_UNDER = "identifiers."


def told(record: Record, root: str, places: Collection[str]) -> Told:
    """A party as it is; one that is put away is not there, or is another by now."""
    remote, at = str(record["id"]), datetime.fromtimestamp(float(_latest(record)), UTC)
    if record["active"]:
        body = _shown(record, root, places)
        return Told("upsert", remote, body, stamp(record), occurred_at=at)
    if record["replaced_by"]:
        return Told("merge", remote, occurred_at=at, into=str(record["replaced_by"]))
    return Told("delete", remote, occurred_at=at)


def stamp(record: Record) -> str:
    """What no two states of a party share: when it or a row was changed last, and of how many."""
    return f"{_latest(record)}/{len(_rows(record))}"


def _latest(record: Record) -> str:
    """In seconds (UTC): `1795334146.86118`."""
    return str(max((one["_timestamp"] for one in [record, *_rows(record)]), key=float))


def _rows(record: Record) -> list[Row]:
    return [row for name in _ROWS for row in record[name]]


def _shown(record: Record, root: str, places: Iterable[str]) -> dict[str, Any]:
    kinds = {"email", "phone"} | {row["type"] for row in record["contact_mechanisms"]}
    types = (place.removeprefix(_UNDER) for place in places if place.startswith(_UNDER))
    return {
        **record,
        "lang": record["lang"] and record["lang"]["code"],
        "categories": [category["name"] for category in tags(record, root)],
        "contact_mechanisms": {
            kind: [
                {"value": compact(row), "name": row["name"]}
                for row in _standing(mechanisms_of(record, kind))
            ]
            for kind in kinds
        },
        "addresses": [
            {part: address(row)[part] for part in ADDRESS} for row in _standing(record["addresses"])
        ],
        "identifiers": {kind: _identifier(record, kind) for kind in types},
    }


def _identifier(record: Record, kind: str) -> str | None:
    rows = _standing(identifiers_of(record, kind))
    return next((row["code_compact"] for row in rows), None)


def _standing(rows: Iterable[Row]) -> list[Row]:
    """Those not put away, in their order there."""
    standing = (row for row in rows if row["active"])
    return sorted(standing, key=lambda row: (row["sequence"] or 0, row["id"]))
