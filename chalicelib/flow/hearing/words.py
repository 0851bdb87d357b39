"""A partner's words: what the body of one of its contacts says, in our fields and normal form."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from chalicelib.domain.mapping.apply import Mapper
from chalicelib.domain.normalise import FieldRules, normalise
from chalicelib.domain.sources import Source


def words(source: Source, mapper: Mapper, body: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The fields that it tells and may tell; None for what it says is not."""
    allowed = None if source.allowed_fields is None else frozenset(source.allowed_fields)
    rules = FieldRules(source.country, allowed, "drop", source.id)
    given = _nested(mapper.inward(body))
    return normalise(given, whole=False, rules=rules, today=today).fields


def _nested(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields by their canonical names in the form that records have: custom ones in `custom`."""
    custom = {n.partition(".")[2]: v for n, v in fields.items() if n.startswith("custom.")}
    others = {n: v for n, v in fields.items() if not n.startswith("custom.")}
    return others | ({"custom": custom} if custom else {})
