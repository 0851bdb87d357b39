"""Where a value stands: in a contact (`ours`), or in a system's own form (`theirs`).

ours    given_name, custom.size     a single field
        emails                      a whole list
        emails[0].address           a part of one element; without a part the element itself
        emails[1:].address          that part of the elements from there on
        identifiers[kind=nip].value a part of the first element that says so
        consents[purpose=news,channel=email].status  what these facts come to by now
theirs  properties.email            names of nested objects
        names[0].givenName          an element of a list, here the first
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.consents import standing
from chalicelib.domain.fields import field_of

_OURS = re.compile(
    r"(?P<name>[a-z_]+(?:\.[a-z][a-z0-9_]*)?)"
    r"(?:\[(?:(?P<at>\d)|(?P<start>\d):|(?P<of>[a-z_]+=[\w-]+(?:,[a-z_]+=[\w-]+)*))\]"
    r"(?:\.(?P<part>[a-z_]+))?)?"
)
_THEIRS = re.compile(r"([^.\[\]]+)(?:\[(\d)\])?")
MISSING = object()
ONCE = "0"  # before every moment


class PathError(ValueError):
    """A path that nothing can stand at."""


@dataclass(frozen=True)
class Ours:
    """A place in a contact; of a list `at` one element, from `start` on, or `of` a kind."""

    name: str
    at: int | None = None
    start: int | None = None
    of: tuple[tuple[str, str], ...] = ()
    part: str = ""

    @classmethod
    def read(cls, text: str) -> "Ours":
        """Parse a path; `PathError` where it is none, or names a field that there is not."""
        found = _OURS.fullmatch(text)
        if found is None or not _known(found["name"]):
            raise PathError(text)
        at, start = (int(found[n]) if found[n] else None for n in ("at", "start"))
        pairs = (c.partition("=") for c in (found["of"] or "").split(",") if c)
        of = tuple((name, value) for name, _, value in pairs)
        if found["name"] == "consents" and of and not _is_standing(of, found["part"]):
            raise PathError(text)
        return cls(found["name"], at, start, of, found["part"] or "")

    @property
    def many(self) -> bool:
        """Whether what stands here is a list."""
        whole = self.at is None and not self.of and self.start is None
        return self.start is not None or (whole and _is_list(self.name))

    def get(self, contact: Mapping[str, Any]) -> Any:
        """What stands here; None for nothing."""
        value = contact.get(self.name)
        if self.start is not None:
            return [self._part(e) for e in (value or [])[self.start :]] or None
        if self.of:
            told = [e for e in value or [] if self._is_kind(e)]
            if self.name == "consents":
                return self._standing(told)
            return self._part(next(iter(told), None))
        if self.at is not None:
            return self._part(value[self.at]) if value and len(value) > self.at else None
        return value or None

    def _part(self, element: Any) -> Any:
        return element.get(self.part) if self.part and element else element

    def _is_kind(self, element: Mapping[str, Any]) -> bool:
        return all(element.get(name) == value for name, value in self.of)

    def _standing(self, facts: list[Mapping[str, Any]]) -> str | None:
        """A system's own word has no time before it is taken in: it is the only one then."""
        kind = dict(self.of)
        dated = [{"occurred_at": ONCE, **fact} for fact in facts]
        come_to = standing(dated, kind["purpose"], kind["channel"])
        return None if come_to == "unknown" else come_to

    def put(self, contact: dict[str, Any], value: Any) -> None:
        """Let a value stand here; a gap that it leaves in a list is None."""
        if self.of:
            kind = dict(self.of)
            contact.setdefault(self.name, []).append({**kind, self.part: value})
        elif self.start is not None:
            for n, single in enumerate(value):
                self._set(contact, self.start + n, single)
        elif self.at is not None:
            self._set(contact, self.at, value)
        else:
            contact[self.name] = value

    def _set(self, contact: dict[str, Any], at: int, value: Any) -> None:
        held = contact.setdefault(self.name, [])
        held.extend([None] * (at + 1 - len(held)))
        held[at] = {**(held[at] or {}), self.part: value} if self.part else value


def _is_standing(of: tuple[tuple[str, str], ...], part: str | None) -> bool:
    return {name for name, _ in of} == {"purpose", "channel"} and part == "status"


def _known(name: str) -> bool:
    return field_of(name) is not None


def _is_list(name: str) -> bool:
    found = field_of(name)
    return found is not None and found.many


def closed(contact: Mapping[str, Any]) -> dict[str, Any]:
    """The fields without the gaps that single elements left in lists."""
    shut = {
        n: [e for e in v if e not in (None, {})] if isinstance(v, list) else v
        for n, v in contact.items()
    }
    return {n: v for n, v in shut.items() if v not in (None, [])}


@dataclass(frozen=True)
class Theirs:
    """A place in a system's own form."""

    steps: tuple[str | int, ...]

    @classmethod
    def read(cls, text: str) -> "Theirs":
        """Parse a path; `PathError` where it is none."""
        steps: list[str | int] = []
        for name in text.split("."):
            found = _THEIRS.fullmatch(name)
            if found is None:
                raise PathError(text)
            steps += [found[1]] + ([int(found[2])] if found[2] else [])
        return cls(tuple(steps))

    def get(self, body: Any) -> Any:
        """What stands here; `MISSING` where nothing does, None where nothing is said to."""
        for step in self.steps:
            if isinstance(step, int):
                body = body[step] if isinstance(body, list) and len(body) > step else MISSING
            else:
                body = body.get(step, MISSING) if isinstance(body, Mapping) else MISSING
        return body

    def put(self, body: dict[str, Any], value: Any) -> None:
        """Let a value stand here, under objects and lists as they are needed."""
        place: Any = body
        for step, following in zip(self.steps, self.steps[1:], strict=False):
            place = _entered(place, step, [] if isinstance(following, int) else {})
        _entered(place, self.steps[-1], value, final=True)


def _entered(place: Any, step: str | int, value: Any, *, final: bool = False) -> Any:
    if isinstance(step, int):
        place.extend([{} for _ in range(step + 1 - len(place))])
    elif place.get(step) is None:
        place[step] = value
    if final:
        place[step] = value
    return place[step]


def overlapping(paths: Iterable[Theirs]) -> bool:
    """Whether two of them are one place, or one stands within another."""
    texts = sorted(".".join(map(str, p.steps)) + "." for p in paths)
    return any(b.startswith(a) for a, b in zip(texts, texts[1:], strict=False))
