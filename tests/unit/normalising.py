"""What the tests of normalisation share: a day, and one field read on that day."""

from datetime import date
from typing import Any

from chalicelib.domain.normalise import FieldRules, normalise

TODAY = date(2026, 11, 21)


def read_field(field: str, value: Any, country: str = "PL") -> Any:
    """The normal form of a field told alone, or the code of the first error."""
    told = normalise({field: value}, whole=True, rules=FieldRules(country=country), today=TODAY)
    return told.errors[0].code if told.errors else told.fields.get(field)
