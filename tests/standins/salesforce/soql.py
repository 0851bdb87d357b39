"""The forms of SOQL that a poll needs, and no others.

SELECT fields FROM Contact [WHERE conditions] [ORDER BY fields] [LIMIT n]; conditions are
`field op value` or `field IN (...)`, joined by AND or OR (not both without parentheses).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Row = Mapping[str, Any]
Test = Callable[[Row], bool]

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\]|\\.)*')|(?P<word>[\w:.+-]+)|(?P<sign><=|>=|!=|[=<>(),]))"
)
_WHEN = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)")
_FORM = re.compile(
    r"SELECT (?P<select>.+?) FROM Contact(?: WHERE (?P<where>.+?))?"
    r"(?: ORDER BY (?P<order>[\w, ]+?))?(?: LIMIT (?P<limit>\d+))?",
    re.IGNORECASE | re.DOTALL,
)
_SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda held, wanted: held == wanted,
    "!=": lambda held, wanted: held != wanted,
    "<": lambda held, wanted: held is not None and held < wanted,
    "<=": lambda held, wanted: held is not None and held <= wanted,
    ">": lambda held, wanted: held is not None and held > wanted,
    ">=": lambda held, wanted: held is not None and held >= wanted,
}


class Malformed(Exception):
    """It is not of these forms, or names what there is not: the code of the error."""


@dataclass(frozen=True)
class Query:
    """A query that was understood."""

    fields: tuple[str, ...]
    holds: Test
    order: tuple[tuple[str, bool], ...]
    limit: int | None

    def run(self, rows: list[Row]) -> list[Row]:
        """The rows in order; nulls first, as is the default."""
        found = [row for row in rows if self.holds(row)]
        for name, down in reversed(self.order):
            found.sort(key=lambda row: (row[name] is not None, row[name] or ""), reverse=down)
        return found[: self.limit]


def parse(text: str, columns: set[str]) -> Query:
    """Raises `Malformed`."""
    form = _FORM.fullmatch(" ".join(text.split()) if "'" not in text else text.strip())
    if form is None:
        raise Malformed("MALFORMED_QUERY")
    fields = tuple(name.strip() for name in form["select"].split(","))
    reader = _Reader(form["where"] or "", columns)
    holds = reader.whole() if form["where"] else lambda row: True
    order = tuple(_ordering(part, columns) for part in (form["order"] or "").split(",") if part)
    for name in fields:
        _known(name, columns)
    return Query(fields, holds, order, int(form["limit"]) if form["limit"] else None)


class _Reader:
    """The conditions, token by token."""

    def __init__(self, text: str, columns: set[str]) -> None:
        self.columns = columns
        self.tokens = list(_tokens(text.strip()))

    def whole(self) -> Test:
        test = self._joined()
        if self.tokens:
            raise Malformed("MALFORMED_QUERY")
        return test

    def _joined(self) -> Test:
        tests, joints = [self._one()], set()
        while self.tokens and self.tokens[0].upper() in ("AND", "OR"):
            joints.add(self.tokens.pop(0).upper())
            tests.append(self._one())
        if len(joints) > 1:
            raise Malformed("MALFORMED_QUERY")
        fold = any if joints == {"OR"} else all
        return lambda row: fold(test(row) for test in tests)

    def _one(self) -> Test:
        if self._next() == "(":
            test = self._joined()
            self._expect(")")
            return test
        name = self._taken
        _known(name, self.columns)
        sign = self._next()
        if sign.upper() == "IN":
            values = self._values()
            return lambda row: row[name] in values
        if sign not in _SIGNS:
            raise Malformed("MALFORMED_QUERY")
        wanted = _value(self._next())
        return lambda row: _SIGNS[sign](row[name], wanted)

    def _values(self) -> list[Any]:
        self._expect("(")
        values = [_value(self._next())]
        while self._next() == ",":
            values.append(_value(self._next()))
        if self._taken != ")":
            raise Malformed("MALFORMED_QUERY")
        return values

    def _next(self) -> str:
        if not self.tokens:
            raise Malformed("MALFORMED_QUERY")
        self._taken = self.tokens.pop(0)
        return self._taken

    def _expect(self, token: str) -> None:
        if self._next() != token:
            raise Malformed("MALFORMED_QUERY")


def _tokens(text: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise Malformed("MALFORMED_QUERY")
        yield match[0].strip()
        at = match.end()


def _ordering(part: str, columns: set[str]) -> tuple[str, bool]:
    name, _, direction = part.strip().partition(" ")
    if direction.upper() not in ("", "ASC", "DESC"):
        raise Malformed("MALFORMED_QUERY")
    _known(name, columns)
    return name, direction.upper() == "DESC"


def _known(name: str, columns: set[str]) -> None:
    if not re.fullmatch(r"\w+", name):
        raise Malformed("MALFORMED_QUERY")
    if name not in columns:
        raise Malformed("INVALID_FIELD")


def _value(token: str) -> Any:
    if token.startswith("'"):
        return re.sub(r"\\(.)", r"\1", token[1:-1])
    if token.lower() in ("true", "false", "null"):
        return {"true": True, "false": False, "null": None}[token.lower()]
    if _WHEN.fullmatch(token):
        moment = datetime.fromisoformat(token).astimezone(UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}+0000"
    if re.fullmatch(r"\d{4}-\d\d-\d\d", token):
        return token
    raise Malformed("MALFORMED_QUERY")
