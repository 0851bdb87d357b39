"""A partner's words: what the body of one of its contacts says, in our fields and normal form."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain import times
from chalicelib.domain.evidence import FACTS
from chalicelib.domain.mapping.apply import Mapper
from chalicelib.domain.normalise import FieldRules, normalise
from chalicelib.domain.sources import Source


def words(source: Source, mapper: Mapper, body: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """The fields that it tells and may tell; None for what it says is not.

    A consent has no time there: it is a fact of `at`, when its contact changed last.
    """
    allowed = None if source.allowed_fields is None else frozenset(source.allowed_fields)
    rules = FieldRules(source.country, allowed, "drop", source.id)
    told = mapper.inward(body)
    moment = {"occurred_at": times.text(at)}
    facts = {n: [{**moment, **fact} for fact in told[n]] for n in FACTS if told.get(n)}
    given = _nested(told | facts)
    return normalise(given, whole=False, rules=rules, today=at.date()).fields


def untimed(fields: Mapping[str, Any], mapper: Mapper) -> dict[str, Any]:
    """The same as the partner holds it, whenever that was: what is compared.

    What it says of an element and is never told stands apart, as `field!part`.
    """
    timeless = {
        n: [{k: v for k, v in fact.items() if k != "occurred_at"} for fact in fields[n]]
        for n in FACTS
        if fields.get(n)
    }
    held = {**fields, **timeless}
    for name, part in mapper.told_only:
        if told := held.get(name):
            held[name] = [{k: v for k, v in e.items() if k != part} for e in told]
            held[f"{name}!{part}"] = [e[part] for e in told if part in e]
    return held


def field_of_held(name: str) -> str:
    """The field of which something is held apart, or that it is."""
    return name.partition("!")[0]


def _nested(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields by their canonical names in the form that records have: custom ones in `custom`."""
    custom = {n.partition(".")[2]: v for n, v in fields.items() if n.startswith("custom.")}
    others = {n: v for n, v in fields.items() if not n.startswith("custom.")}
    return others | ({"custom": custom} if custom else {})
