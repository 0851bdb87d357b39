"""A mapping: how the columns of a CSV file become the fields of a record (`docs/load.md`).

It has the shape of the record itself; at each leaf stands where the value comes from: the
name of a column, `{"column": ..., "default": ..., "split": ...}`, or `{"constant": ...}`.
Anything else is a `MappingError` that names the key, such as `fields.emails[1]`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalicelib.domain.fields import FIELDS, Shape

Row = Mapping[str, str]


class MappingError(Exception):
    """The mapping is wrong, or does not fit the file; the text names the key."""


@dataclass(frozen=True)
class Column:
    """A cell of the row, trimmed; `default` where it is empty; cut at `split` into a list."""

    where: str
    name: str
    default: Any = None
    split: str = ""

    def value(self, row: Row) -> Any:
        """The value, or None where there is none."""
        cell = row[self.name].strip()
        if not cell:
            return self.default
        return _filled(p.strip() for p in cell.split(self.split)) if self.split else cell


@dataclass(frozen=True)
class Constant:
    """The same value in every record."""

    constant: Any

    def value(self, row: Row) -> Any:
        """The value."""
        return self.constant


@dataclass(frozen=True)
class Many:
    """A list; elements without a value are left out."""

    elements: tuple["Node", ...]

    def value(self, row: Row) -> Any:
        """The list, or None where it would be empty."""
        return _filled(e.value(row) for e in self.elements) or None


@dataclass(frozen=True)
class Parts:
    """An object; it is left out where none of its columns has a value."""

    parts: Mapping[str, "Node"]

    def value(self, row: Row) -> Any:
        """The object, or None."""
        values = {name: node.value(row) for name, node in self.parts.items()}
        found = [values[n] for n, p in self.parts.items() if not isinstance(p, Constant)]
        if found and not _filled(found):
            return None
        return {name: value for name, value in values.items() if value is not None}


Node = Column | Constant | Many | Parts


@dataclass(frozen=True)
class CsvMapping:
    """The whole of it: what identifies a record, when it was so, and its fields."""

    delimiter: str
    external_id: Node
    occurred_at: Node
    fields: Mapping[str, Node]

    def record(self, row: Row) -> dict[str, Any]:
        """The record that a row makes, ready to be sent; empty cells are absent fields."""
        nodes = {"external_id": self.external_id, "occurred_at": self.occurred_at, **self.fields}
        values = {name: node.value(row) for name, node in nodes.items()}
        return {name: value for name, value in values.items() if value is not None}

    def check_header(self, header: list[str]) -> None:
        """Raise MappingError where the file lacks a column, or names one twice."""
        if twice := sorted({name for name in header if header.count(name) > 1}):
            raise MappingError(f"the file names a column twice: {', '.join(twice)}")
        for node in (self.external_id, self.occurred_at, *self.fields.values()):
            for column in _columns(node):
                if column.name not in header:
                    raise MappingError(f"{column.where}: the file has no column {column.name!r}")


def read(path: Path) -> CsvMapping:
    """The mapping in a JSON file."""
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise MappingError(f"not JSON: {error}") from error
    return parse(written)


def parse(written: Any) -> CsvMapping:
    """The mapping as written; raises MappingError."""
    keys = _object(written, "the mapping")
    _only(keys, {"delimiter", "external_id", "occurred_at", "fields"}, "")
    for name in ("external_id", "occurred_at", "fields"):
        if name not in keys:
            raise MappingError(f"{name}: missing")
    delimiter = keys.get("delimiter", ",")
    if not (isinstance(delimiter, str) and len(delimiter) == 1):
        raise MappingError("delimiter: must be one character")
    fields = _object(keys["fields"], "fields")
    _only(fields, {*FIELDS, "custom"}, "fields.")
    return CsvMapping(
        delimiter,
        _leaf(keys["external_id"], "external_id"),
        _leaf(keys["occurred_at"], "occurred_at"),
        {name: _node(node, f"fields.{name}", _parts(name)) for name, node in fields.items()},
    )


def _parts(name: str) -> set[str] | None:
    """The names that an object in this field may use; None: any."""
    form = FIELDS[name].form if name in FIELDS else None
    return set(form.parts) if isinstance(form, Shape) else None


def _node(written: Any, where: str, known: set[str] | None) -> Node:
    if isinstance(written, list):
        return Many(tuple(_node(e, f"{where}[{n}]", known) for n, e in enumerate(written)))
    if isinstance(written, dict) and not {"column", "constant"} & written.keys():
        _only(written, written.keys() if known is None else known, f"{where}.")
        return Parts({name: _node(p, f"{where}.{name}", None) for name, p in written.items()})
    return _leaf(written, where)


def _leaf(written: Any, where: str) -> Column | Constant:
    if isinstance(written, str):
        return Column(where, written)
    keys = _object(written, where)
    if "constant" in keys:
        _only(keys, {"constant"}, f"{where}.")
        return Constant(keys["constant"])
    _only(keys, {"column", "default", "split"}, f"{where}.")
    for name, value in (("column", keys.get("column")), ("split", keys.get("split", ""))):
        if not isinstance(value, str):
            raise MappingError(f"{where}.{name}: must be a string")
    return Column(where, keys["column"], keys.get("default"), keys.get("split", ""))


def _object(written: Any, where: str) -> dict[str, Any]:
    if not isinstance(written, dict):
        raise MappingError(f"{where}: must be an object")
    return written


def _only(keys: Mapping[str, Any], known: AbstractSet[str], prefix: str) -> None:
    if unknown := sorted(keys.keys() - known):
        raise MappingError(f"{prefix}{unknown[0]}: unknown; known are {', '.join(sorted(known))}")


def _columns(node: Node) -> Iterator[Column]:
    match node:
        case Column():
            yield node
        case Many(elements):
            for element in elements:
                yield from _columns(element)
        case Parts(parts):
            for part in parts.values():
                yield from _columns(part)


def _filled(values: Iterable[Any]) -> list[Any]:
    return [value for value in values if value not in (None, "")]
