"""Where to read the search index so that no contact that matches is missed.

Of an AND one part is enough, and the one with the fewest expected rows is taken; of an OR
every part is needed; a NOT says nothing about where to look. The rest of the filter is
judged on the contacts that are found.
"""

from typing import NamedTuple

from chalicelib.domain.filtering.expression import AllOf, AnyOf, Expression, Has
from chalicelib.domain.filtering.terms import TERMS
from chalicelib.domain.search_keys import EVERY, SearchKey, keys_of


class Plan(NamedTuple):
    """Keys to read, and how many rows they would give in a base of a million contacts."""

    rows: int
    keys: tuple[SearchKey, ...]


_EVERYONE = Plan(1_000_000, EVERY)


def plan(expression: Expression) -> Plan:
    """The cheapest keys whose rows hold every contact for which the expression holds."""
    match expression:
        case Has(term, value):
            return Plan(_expected(term, value), keys_of(term, value))
        case AllOf(parts):
            return min(map(plan, parts), key=lambda p: p.rows, default=_EVERYONE)
        case AnyOf(parts):
            return _union([plan(part) for part in parts])
    return _EVERYONE


def _union(plans: list[Plan]) -> Plan:
    rows = sum(p.rows for p in plans)
    if rows >= _EVERYONE.rows:
        return _EVERYONE
    return Plan(rows, tuple(dict.fromkeys(key for p in plans for key in p.keys)))


def _expected(term: str, value: str) -> int:
    """A beginning is the rarer the longer it is: a word of one or two letters is in many names."""
    rows = TERMS[term].rows
    if not TERMS[term].prefix:
        return rows
    return {1: _EVERYONE.rows, 2: 10 * rows}.get(len(value), 3 * rows // len(value))
