"""HubSpot's search: groups are OR, filters of a group AND; the index lags behind the records."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

from .store import Contact, stamp

FARTHEST = 10_000


class Index:
    """The contacts as they were `lag` ago; it is searched in place of them."""

    def __init__(self, now: Callable[[], datetime], lag: timedelta) -> None:
        self.now, self.lag = now, lag
        self._seen: dict[str, Contact] = {}
        self._coming: deque[tuple[datetime, str, Contact | None]] = deque()

    def note(self, id: str, contact: Contact | None) -> None:
        """It was changed, or (None) is no more."""
        self._coming.append((self.now() + self.lag, id, deepcopy(contact)))

    def search(self, groups: list[dict[str, Any]], text: str, sorts: list[Any]) -> list[Contact]:
        """All that fit, in order."""
        while self._coming and self._coming[0][0] <= self.now():
            _, id, contact = self._coming.popleft()
            self._seen.pop(id, None)
            if contact is not None and contact.archived is None:
                self._seen[id] = contact
        return ordered((c for c in self._seen.values() if matches(c, groups, text)), sorts)


def matches(contact: Contact, groups: list[dict[str, Any]], text: str) -> bool:
    """Whether one group fits whole, and the words occur."""
    fits = not groups or any(all(_holds(contact, f) for f in g["filters"]) for g in groups)
    values = " ".join(contact.properties.values()).lower()
    return fits and all(word in values for word in text.lower().split())


def ordered(found: Iterable[Contact], sorts: list[Any]) -> list[Contact]:
    """By the one sort there may be; else as they were made."""
    if not sorts:
        return sorted(found, key=lambda contact: (contact.created, int(contact.id)))
    sort = sorts[0] if isinstance(sorts[0], dict) else {"propertyName": sorts[0]}
    name = sort["propertyName"]
    down = sort.get("direction") == "DESCENDING"
    return sorted(found, key=lambda contact: contact.value(name) or "", reverse=down)


def _holds(contact: Contact, filter: Mapping[str, Any]) -> bool:
    name, value = filter["propertyName"], contact.value(filter["propertyName"])
    if filter["operator"] in ("HAS_PROPERTY", "NOT_HAS_PROPERTY"):
        return (value is None) is (filter["operator"] == "NOT_HAS_PROPERTY")
    if value is None:
        return filter["operator"] in ("NEQ", "NOT_IN", "NOT_CONTAINS_TOKEN")
    return _TESTS[filter["operator"]](value.lower(), _Wanted(name, filter))


class _Wanted:
    """The values of a filter; times may be given in milliseconds, lists in lower case."""

    def __init__(self, name: str, filter: Mapping[str, Any]) -> None:
        dated = name in ("createdate", "lastmodifieddate")
        self.low = self._read(filter.get("value", ""), dated)
        self.high = self._read(filter.get("highValue", ""), dated)
        self.all = [self._read(value, dated) for value in filter.get("values", [])]

    @staticmethod
    def _read(value: str, dated: bool) -> str:
        if not (dated and value.isdigit()):
            return value.lower()
        return stamp(datetime.fromtimestamp(int(value) / 1000, UTC)).lower()


_TESTS: dict[str, Callable[[str, _Wanted], bool]] = {
    "EQ": lambda value, wanted: value == wanted.low,
    "NEQ": lambda value, wanted: value != wanted.low,
    "LT": lambda value, wanted: value < wanted.low,
    "LTE": lambda value, wanted: value <= wanted.low,
    "GT": lambda value, wanted: value > wanted.low,
    "GTE": lambda value, wanted: value >= wanted.low,
    "BETWEEN": lambda value, wanted: wanted.low <= value <= wanted.high,
    "IN": lambda value, wanted: value in wanted.all,
    "NOT_IN": lambda value, wanted: value not in wanted.all,
    "CONTAINS_TOKEN": lambda value, wanted: wanted.low.strip("*") in value,
    "NOT_CONTAINS_TOKEN": lambda value, wanted: wanted.low.strip("*") not in value,
}
