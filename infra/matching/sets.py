"""Labelled sets as records of ours: CSV columns to fields, fields to the matcher's cards.

Dates are taken as they stand in the calendar's order, also those that the product's own
reader refuses (before 1875, the year 9185): two of the sets are made of such.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from chalicelib.domain.matching import Card, features
from chalicelib.domain.normalise import FieldRules, normalise

_MONTHS = [
    "stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca",
    "lipca", "sierpnia", "września", "października", "listopada", "grudnia",
]  # fmt: skip
_YEAR_FIRST = re.compile(r"(\d{4})[-/.]?(\d\d)[-/.]?(\d\d)")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_IN_WORDS = re.compile(r"(\d{1,2}) (\w+) (\d{4})")
_RULES, _TODAY = FieldRules(), date(2026, 11, 1)
_PLAIN = {
    "given_name": "given_name",
    "family_name": "family_name",
    "full_name": "full_name",
    "organization": "company",
}


def iso_date(text: str) -> str:
    """`24-12-1958`, `4 lipca 1956`, `19530920` as `1958-12-24`; empty for anything else."""
    written = text.strip().lower()
    if found := _YEAR_FIRST.fullmatch(written):
        year, month, day = found.groups()
    elif found := _DAY_FIRST.fullmatch(written):
        day, month, year = found.groups()
    elif (found := _IN_WORDS.fullmatch(written)) and found[2] in _MONTHS:
        day, month, year = found[1], str(_MONTHS.index(found[2]) + 1), found[3]
    else:
        return ""
    return f"{year}-{int(month):02}-{int(day):02}"


def values_of(row: Mapping[str, str]) -> dict[str, Any]:
    """A row's values in the product's normal form."""
    told: dict[str, Any] = {field: row.get(column) for field, column in _PLAIN.items()}
    told["job_title"] = row.get("job_title") or row.get("occupation")
    told["emails"] = [row["email"]] if row.get("email") else []
    told["phones"] = [row[c] for c in ("phone", "phone2") if row.get(c)]
    told["addresses"] = _addresses(row)
    told["identifiers"] = _identifiers(row)
    given = {name: value for name, value in told.items() if value}
    fields = dict(normalise(given, whole=True, rules=_RULES, today=_TODAY).fields)
    born = iso_date(row.get("birth_date") or "")
    return fields | ({"birth_date": born} if born else {})


def _addresses(row: Mapping[str, str]) -> list[dict[str, Any]]:
    parts = {
        "street": row.get("street"),
        "city": row.get("city") or row.get("birth_place"),
        "postal_code": row.get("postcode"),
        "region": row.get("state"),
    }
    told = {name: part for name, part in parts.items() if part}
    return [told] if told else []


def _identifiers(row: Mapping[str, str]) -> list[dict[str, str]]:
    kinds = {"nip": row.get("nip"), "national": row.get("national_id")}
    return [{"kind": kind, "value": value} for kind, value in kinds.items() if value]


def card_of(row: Mapping[str, str], number: int) -> Card:
    """A row as the matcher sees it; `number` is its turn to arrive."""
    return Card(row["id"], row.get("source", ""), f"{number:09d}", features(values_of(row)))
