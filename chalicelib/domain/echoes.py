"""Echoes: what a system says again of what it was sent is not its statement (law 8).

The test is per field, on prints of what it can hold: a field that it is known to have, or was
sent lately, is no news; the rest is, and is taken as a patch. So one system's edit does not
turn another's values into its own. Pure.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from chalicelib.domain.model import canonical, digest

KEPT = 4  # how many of the last prints sent of a field are known again
Prints = Mapping[str, str]
Echoes = Mapping[str, tuple[str, ...]]


class Heard(NamedTuple):
    """What a system says: `news` are the fields that it changed (None: cleared), `has` the
    print of every field that it has.
    """

    news: dict[str, Any]
    has: dict[str, str]


def prints_of(fields: Mapping[str, Any]) -> dict[str, str]:
    """A short digest of each value; none for a field that says nothing."""
    told = {n: v for n, v in fields.items() if v not in (None, [], "")}
    return {name: digest(canonical(value))[:22] for name, value in told.items()}


def sift(told: Mapping[str, Any], has: Prints, echoes: Echoes) -> Heard:
    """Tell news from echoes in what a system says of one contact, field by field."""
    prints = prints_of(told)
    now = {n: p for n, p in has.items() if n not in told} | prints
    news = {
        name: value
        for name, value in told.items()
        if (mark := prints.get(name, "")) != has.get(name, "") and mark not in echoes.get(name, ())
    }
    return Heard(news, now)


def echoing(known: Echoes, sent: Prints) -> dict[str, tuple[str, ...]]:
    """The last prints of each field, with those that are sent now."""
    fresh = {n: (p, *(q for q in known.get(n, ()) if q != p))[:KEPT] for n, p in sent.items()}
    return {**known, **fresh}
