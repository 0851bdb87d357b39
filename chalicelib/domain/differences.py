"""What differs between two versions of one contact, field by field."""

from collections.abc import Callable, Hashable
from typing import Any

from chalicelib.domain.fields import FIELDS, identity
from chalicelib.domain.model import canonical
from chalicelib.domain.versions import Version
from chalicelib.domain.views import contact_view


def changed(before: Version | None, after: Version) -> list[str]:
    """The names of what differs; against nothing, of all that is held."""
    return [difference["field"] for difference in differences(before, after)]


def differences(before: Version | None, after: Version) -> list[dict[str, Any]]:
    """`{"field", "before", "after"}` of each field, `status`, `merged_into` and `records`.

    What is not held is null, or an empty list; of lists also `added` and `removed`, by
    what makes two elements the same: another order or label alone adds and removes nothing.
    """
    old, new = _held(before) if before else {}, _held(after)
    names = [*FIELDS, *sorted((old | new).keys() - FIELDS.keys())]
    pairs = [(n, old.get(n), new.get(n)) for n in names]
    return [_difference(*pair) for pair in pairs if canonical(pair[1]) != canonical(pair[2])]


def _held(version: Version) -> dict[str, Any]:
    frame = {
        "status": version.status,
        "merged_into": version.into or None,
        "records": contact_view(version)["records"] or None,
    }
    return version.values | frame


def _difference(name: str, before: Any, after: Any) -> dict[str, Any]:
    if not isinstance(before or after, list):
        return {"field": name, "before": before, "after": after}
    old, new, mark = before or [], after or [], identity if name in FIELDS else canonical
    return {
        "field": name,
        "before": old,
        "after": new,
        "added": _without(new, old, mark),
        "removed": _without(old, new, mark),
    }


def _without(these: list[Any], those: list[Any], mark: Callable[[Any], Hashable]) -> list[Any]:
    known = {mark(element) for element in those}
    return [element for element in these if mark(element) not in known]
