"""Requests and answers held against the vendor's own document, where it is at hand.

The documents lie beside the repository and are no part of it: where they are missing, the test
that asks for one is skipped. Use::

    SPEC = specs.read("sendgrid-mc_contacts.json", loose=["custom_fields"])
    assert SPEC.faults(called) == []
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote

import pytest

from .base import Called, Replied
from .spec_forms import Document, Operation, Parameter, operations, schemas
from .spec_schemas import Schema, Schemas

SPECS = Path(__file__).resolve().parents[3] / "shared" / "specs"
_FORM = "application/x-www-form-urlencoded"


def read(name: str, loose: Collection[str] = ()) -> "Spec":
    """The document of this file name; skips the calling test where there is none."""
    path = SPECS / name
    if not path.exists():
        pytest.skip(f"the vendor's document {name} is not in {SPECS}")
    return Spec.of(json.loads(path.read_text(encoding="utf-8")), loose)


@dataclass(frozen=True)
class Spec:
    """What a vendor's document allows."""

    operations: tuple[Operation, ...]
    schemas: Schemas

    @classmethod
    def of(cls, document: Document, loose: Collection[str] = ()) -> "Spec":
        """From an OpenAPI 3, Swagger 2 or Google discovery document.

        `loose` names properties whose objects take any further property, though the document
        lists some as examples.
        """
        return cls(tuple(operations(document)), Schemas(schemas(document), loose))

    def faults(self, called: Called) -> list[str]:
        """What of a request the document does not allow; empty where it is valid."""
        operation = self.operation(called)
        if operation is None:
            return [f"{called.method} {called.path}: no such operation"]
        return [*self._in_parameters(operation, called), *self._in_body(operation, called)]

    def answer_faults(self, called: Called, replied: Replied) -> list[str]:
        """What of an answer the document does not foresee."""
        operation = self.operation(called)
        answers = operation.answers if operation else {}
        status = str(replied.status)
        for known in (status, f"{status[0]}XX", "default"):
            if known in answers:
                schema = answers[known]
                if schema is None or not replied.written():
                    return []
                return self.schemas.faults(schema, json.loads(replied.written()))
        return [f"{called.method} {called.path}: no answer {status} is foreseen"]

    def operation(self, called: Called) -> Operation | None:
        """The operation that a request is meant for; literal segments win over names."""
        fits = [
            each
            for each in self.operations
            if each.method == called.method and each.pattern.fullmatch(called.path)
        ]
        return min(fits, key=lambda each: (each.pattern.groups, -len(each.template)), default=None)

    def _in_parameters(self, operation: Operation, called: Called) -> Iterator[str]:
        known = {each.name for each in operation.parameters if each.place == "query"}
        yield from (f"?{name}: no such parameter" for name in sorted({*called.query} - known))
        given = _given(operation, called)
        for each in operation.parameters:
            values = given[each.place].get(
                each.name.lower() if each.place == "header" else each.name
            )
            if values is not None:
                found = self.schemas.faults(each.schema, _value(each, values))
                yield from (f"{each.place} {each.name}{fault}" for fault in found)
            elif each.required and each.name.lower() not in ("accept", "content-type"):
                yield f"{each.place} {each.name}: is missing"

    def _in_body(self, operation: Operation, called: Called) -> list[str]:
        if not called.body:
            wanted = [schema.get("required") for schema in operation.bodies.values()]
            return ["body: is missing"] if operation.body_required or any(wanted) else []
        if not operation.bodies:
            return ["body: none is foreseen"]
        media = called.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media not in operation.bodies:
            return [f"content-type: {media or 'none'} is not one of {sorted(operation.bodies)}"]
        return self._in_written(operation.bodies[media], media, called)

    def _in_written(self, schema: Schema, media: str, called: Called) -> list[str]:
        if media == _FORM:
            named = parse_qs(called.body.decode(), keep_blank_values=True)
            return self.schemas.faults(schema, {name: values[-1] for name, values in named.items()})
        try:
            return self.schemas.faults(schema, called.json())
        except ValueError:
            return ["body: is no JSON"]


def _given(operation: Operation, called: Called) -> dict[str, Mapping[str, list[str]]]:
    """The values of a request by place and name."""
    names = re.findall(r"\{([^}]*)\}", operation.template)
    match = operation.pattern.fullmatch(called.path)
    parts = match.groups() if match else ()
    return {
        "path": {name: [unquote(part)] for name, part in zip(names, parts, strict=False)},
        "query": called.query,
        "header": {name: [value] for name, value in called.headers.items()},
    }


def _value(parameter: Parameter, values: list[str]) -> Any:
    """What the text stands for; text of another kind than its schema says stays text."""
    kind = parameter.schema.get("type")
    if kind != "array":
        return _scalar(kind, values[-1]) if len(values) == 1 else values
    listed = values if parameter.repeated else values[0].split(",")
    return [_scalar(parameter.schema["items"].get("type"), each) for each in listed]


def _scalar(kind: object, text: str) -> Any:
    if kind == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if kind in ("integer", "number") and re.fullmatch(r"-?\d+(\.\d+)?", text):
        return float(text) if "." in text else int(text)
    return text
