"""Made-up people and companies for the matcher's tests, in the normal form of a record."""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.matching import MODEL, Card, Comparison, compare, features
from infra.matching.shop import Judged, Shop

Values = dict[str, Any]
Pairs = dict[str, tuple[Values, Values]]


def person(given: str | None, family: str | None, **fields: Any) -> Values:
    return {"kind": "person", "given_name": given, "family_name": family, **_lists(fields)}


def named(full_name: str, **fields: Any) -> Values:
    return {"kind": "person", "full_name": full_name, **_lists(fields)}


def company(name: str, **fields: Any) -> Values:
    return {"kind": "company", "organization": name, **_lists(fields)}


def compared(a: Values, b: Values, shared: Mapping[str, int] | None = None) -> Comparison:
    """What the model in the repository thinks of two records."""
    return compare(features(a), features(b), shared or {}, MODEL)


class Town:
    """A store that people come to one by one, as the worker sees them."""

    def __init__(self) -> None:
        self._shop = Shop(MODEL)

    def arrive(self, *people: Values) -> list[Judged]:
        """What was decided about these, in the order of their arrival."""
        return [judged for values in people for judged in self._shop.arrive(self._card(values))]

    def contacts(self) -> int:
        """How many there are by now."""
        return len(self._shop.members)

    def _card(self, values: Values) -> Card:
        name = f"{len(self._shop.home):04d}"
        return Card(name, "crm", name, features(values))


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
MOBILE, OTHER_MOBILE = "+48600700801", "+48511622733"
LANDLINE, OTHER_LANDLINE = "+48223334455", "+48126667788"
