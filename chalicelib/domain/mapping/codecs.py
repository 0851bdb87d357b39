"""The closed list of codecs: how a value is written in a system's form, and read back.

Each is a pair of functions on (value, rule); None is what the system cannot hold, or what
says nothing. What `outward` loses (a year, the end of a long text) is lost in both ways, so
that a value that was sent and comes back is the same again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from chalicelib.domain.mapping.rules import Rule

Turn = Callable[[Any, Rule], Any]


@dataclass(frozen=True)
class Codec:
    """Both ways of one codec; `of_list` says that it turns a whole list into one value."""

    outward: Turn
    inward: Turn
    of_list: bool = False


def _text(value: Any, rule: Rule) -> Any:
    if not isinstance(value, str):
        return value if isinstance(value, bool | int | float) else None
    return value[: rule.length].strip() or None if rule.length else value or None


def _joined(value: Any, rule: Rule) -> str | None:
    parts = [str(e) for e in value or [] if rule.separator not in str(e)]
    while rule.length and len(rule.separator.join(parts)) > rule.length:
        parts.pop()
    return rule.separator.join(parts) or None


def _split(value: Any, rule: Rule) -> list[str] | None:
    parts = [part.strip() for part in str(value).split(rule.separator)] if value else []
    return [part for part in parts if part] or None


def _chosen(value: Any, rule: Rule) -> Any:
    return rule.values.get(str(value))


def _unchosen(value: Any, rule: Rule) -> Any:
    return next((ours for ours, theirs in rule.values.items() if theirs == value), None)


def _each_chosen(value: Any, rule: Rule) -> list[Any] | None:
    return [found for e in value or [] if (found := _chosen(e, rule)) is not None] or None


def _each_unchosen(value: Any, rule: Rule) -> list[Any] | None:
    told = value if isinstance(value, list) else []
    return [found for e in told if (found := _unchosen(e, rule)) is not None] or None


def _full_date(value: Any, rule: Rule) -> str | None:
    try:
        return date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError:
        return None


def _noon(value: Any, rule: Rule) -> str | None:
    """So that it is the same day wherever it is read."""
    found = _full_date(value, rule)
    return f"{found}T12:00:00Z" if found else None


def _month_day(value: Any, rule: Rule) -> str | None:
    """`MM/DD` of a date with or without its year."""
    text = str(value)
    return f"{text[-5:-3]}/{text[-2:]}" if len(text) in (7, 10) else None


def _of_month_day(value: Any, rule: Rule) -> str | None:
    month, _, day = str(value or "").partition("/")
    return f"--{month:0>2}-{day:0>2}" if month.isdigit() and day.isdigit() else None


def _date_parts(value: Any, rule: Rule) -> dict[str, int] | None:
    year, month, day = str(value)[:-6].strip("-"), str(value)[-5:-3], str(value)[-2:]
    parts = {"month": int(month), "day": int(day)} if (month + day).isdigit() else None
    return {"year": int(year), **parts} if parts and year.isdigit() else parts


def _of_date_parts(value: Any, rule: Rule) -> str | None:
    if not isinstance(value, Mapping) or not (value.get("month") and value.get("day")):
        return None
    year = f"{value['year']:04}" if value.get("year") else "-"
    return f"{year}-{value['month']:02}-{value['day']:02}"


def _objects(value: Any, rule: Rule) -> list[dict[str, Any]] | None:
    told = (value or [])[: rule.limit]
    turned = ({t: e.get(o) for o, t in rule.parts.items() if e.get(o) is not None} for e in told)
    first = next(iter(rule.parts.values()))
    return [{**e, **rule.with_each} for e in turned if first in e] or None


def _of_objects(value: Any, rule: Rule) -> list[dict[str, Any]] | None:
    told = [e for e in value if isinstance(e, Mapping)] if isinstance(value, list) else []
    turned = ({o: e.get(t) for o, t in rule.parts.items() if e.get(t)} for e in told)
    return [e for e in turned if next(iter(rule.parts)) in e] or None


def _sorted(value: Any, rule: Rule) -> list[str] | None:
    told = {str(e) for e in value} if isinstance(value, list) else set()
    return sorted(told)[: rule.limit] or None


def _same_list(value: Any, rule: Rule) -> list[Any] | None:
    told = value if isinstance(value, list) else []
    return told[: rule.limit] or None


CODECS: Mapping[str, Codec] = {
    "text": Codec(_text, _text),
    "joined": Codec(_joined, _split, of_list=True),
    "choice": Codec(_chosen, _unchosen),
    "choices": Codec(_each_chosen, _each_unchosen, of_list=True),
    "date": Codec(_full_date, _full_date),
    "noon": Codec(_noon, _full_date),
    "month_day": Codec(_month_day, _of_month_day),
    "date_parts": Codec(_date_parts, _of_date_parts),
    "objects": Codec(_objects, _of_objects, of_list=True),
    "list": Codec(_same_list, _same_list, of_list=True),
    "set": Codec(_sorted, _sorted, of_list=True),
}
"""text      as it is, cut to `length`
joined    a list as one text, parted by `separator`; an element that holds it is left out
choice    by the table `values` (ours to theirs); what is not in it is not held
choices   a list by that table
date      a full date, `1984-11-21`
noon      a full date as a moment of it, `1984-11-21T12:00:00Z`
month_day `11/21`, without the year
date_parts  `{"year", "month", "day"}`, the year where it is known
objects   a list of at most `limit` objects, part by part as `parts` says (ours to theirs),
          each `with_each`; what has not the first part is left out
list      a list of at most `limit` values as they are
set       the same where the system keeps no order: sorted"""
