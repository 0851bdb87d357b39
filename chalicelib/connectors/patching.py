"""What a system has and what a mapping says, put together.

A system that takes a list or an object only as a whole would lose what no mapping knows: a
middle name, the label of an e-mail address. So its form is read, and patched.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any

from chalicelib.domain.mapping.paths import MISSING, Theirs

Body = Mapping[str, Any]
_BESIDE = frozenset({"type"})  # a label


def tops(places: Iterable[str]) -> list[str]:
    """The properties of a system's form in which these places are."""
    return sorted({str(Theirs.read(place).steps[0]) for place in places})


def patched(theirs: Body, ours: Body, places: Iterable[str]) -> dict[str, Any]:
    """The properties that `ours` speaks of as they shall stand: theirs, but for these places.

    In a list that is ours as a whole, an element that both have keeps what ours does not say.
    """
    body = deepcopy({name: theirs[name] for name in ours if name in theirs})
    for place in map(Theirs.read, places):
        value = place.get(ours)
        if value is not MISSING:
            place.put(body, _kept(place.get(body), value))
    return body


def _kept(had: Any, value: Any) -> Any:
    if not (isinstance(had, list) and isinstance(value, list)):
        return value
    return [{**_same(had, e), **e} if isinstance(e, Mapping) else e for e in value]


def _same(had: Sequence[Any], element: Body) -> Body:
    """The element of which they say the same, but for letter case and what is said beside."""
    wanted = {n: _plain(v) for n, v in element.items() if n not in _BESIDE}
    others = (e for e in had if isinstance(e, Mapping))
    return next((e for e in others if wanted == {n: _plain(e.get(n)) for n in wanted}), {})


def _plain(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def whole(told: Body, places: Iterable[str]) -> dict[str, Any]:
    """What a system tells, with None at each place of a told property that it leaves out."""
    body = deepcopy(dict(told))
    for place in map(Theirs.read, places):
        if place.steps[0] in told and place.get(body) is MISSING:
            place.put(body, None)
    return body
