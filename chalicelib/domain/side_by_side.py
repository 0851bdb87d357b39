"""Two contacts field by field: what each has, and what one contact of both would have. Pure."""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.evidence import Record
from chalicelib.domain.golden import Elected, elect
from chalicelib.domain.graph import Contact, united
from chalicelib.domain.survivorship import Rules


def side_by_side(ours: Contact, theirs: Contact, rules: Rules) -> list[dict[str, Any]]:
    """A line for each field that either has; `merged` is the value after a merge in mode `merge`.

    It says by which of the rules and of which source that value is.
    """
    records = ours.records | theirs.records
    sides = [elect(c.records.values(), c.head.judgements, rules) for c in (ours, theirs)]
    merged = elect(records.values(), united(ours.head.judgements + theirs.head.judgements), rules)
    return [_line(name, [s.get(name) for s in sides], merged[name], records) for name in merged]


def _line(
    name: str, sides: list[Elected | None], merged: Elected, records: Mapping[str, Record]
) -> dict[str, Any]:
    ours, theirs = (side.value if side else None for side in sides)
    source = records[merged.record].source
    return {
        "field": name,
        "values": [ours, theirs],
        "equal": bool(ours == theirs),
        "merged": {"value": merged.value, "rule": merged.rule, "source": source},
    }
