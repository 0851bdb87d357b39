"""Made-up people and companies for the matcher's tests, in the normal form of a record."""

from typing import Any

Values = dict[str, Any]


def person(given: str | None, family: str | None, **fields: Any) -> Values:
    return {"kind": "person", "given_name": given, "family_name": family, **_lists(fields)}


def named(full_name: str, **fields: Any) -> Values:
    return {"kind": "person", "full_name": full_name, **_lists(fields)}


def company(name: str, **fields: Any) -> Values:
    return {"kind": "company", "organization": name, **_lists(fields)}


def _lists(fields: dict[str, Any]) -> Values:
    """`email=`, `phone=`, `at=` (street, postcode, town) and `ids=` as lists of the normal form."""
    email, phone = fields.pop("email", None), fields.pop("phone", None)
    at, ids = fields.pop("at", None), fields.pop("ids", {})
    address = at and dict(zip(("street", "postal_code", "city"), at, strict=True))
    return {
        **fields,
        "emails": [{"address": email}] if email else None,
        "phones": [{"number": phone}] if phone else None,
        "addresses": [address] if address else None,
        "identifiers": [{"kind": k, "value": v} for k, v in ids.items()] or None,
    }


HOME = ("ul. Długa 5 m. 3", "90-001", "Łódź")
HOME_AGAIN = ("Dluga 5/3", "90-001", "LODZ")
ELSEWHERE = ("os. Zielone 80", "30-200", "Kraków")
MOBILE, OTHER_MOBILE, LANDLINE = "+48600700801", "+48511622733", "+48223334455"
