"""Pipedrive's form of a person: what of it we read in another order, and what we keep of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.connectors.connector import Told

LISTS = ("emails", "phones")
DIGITS = 9  # telephone numbers that end alike are one, however they are written


def told(person: Mapping[str, Any]) -> Told:
    """How a person is: of addresses and numbers the primary one comes first, as with us.

    Its time is as fine as a second: too coarse to name a version.
    """
    ordered = {name: _primary_first(person[name]) for name in LISTS if person.get(name)}
    at = person.get("update_time")
    moment = datetime.fromisoformat(at) if at else None
    return Told("upsert", str(person["id"]), {**person, **ordered}, occurred_at=moment)


def _primary_first(points: list[Any]) -> list[Any]:
    return sorted(points, key=lambda point: not point.get("primary"))


def labelled(body: Mapping[str, Any], there: Mapping[str, Any]) -> dict[str, Any]:
    """A body whose points keep the labels that they have there: a list is replaced whole.

    The first is the primary one.
    """
    return {**body, **{n: _points(body[n], there.get(n) or []) for n in LISTS if body.get(n)}}


def _points(points: list[Any], there: list[Any]) -> list[dict[str, Any]]:
    labels = {_same(p): {"label": p["label"]} for p in there if p.get("label")}
    return [
        {**labels.get(_same(point), {}), **point, "primary": n == 0}
        for n, point in enumerate(points)
    ]


def _same(point: Mapping[str, Any]) -> str:
    """What makes two points one: the address but for case, the number however it is written."""
    value = str(point.get("value"))
    return value.casefold() if "@" in value else "".join(filter(str.isdigit, value))[-DIGITS:]
