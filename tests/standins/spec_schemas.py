"""Schemas of OpenAPI 3, Swagger 2 and Google's discovery as JSON Schema, closed.

Vendors seldom say that an object takes no other property, yet drop or refuse what they do not know:
so every object that lists its properties is closed. A part of an `allOf` must stay open, and the
whole be closed: each named schema therefore stands twice, as `closed` and as `open`.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jsonschema import Draft202012Validator

Schema = Mapping[str, Any]
_KEPT = (
    *("const", "enum", "format", "maxItems", "maxLength", "maxProperties", "maximum", "minItems"),
    *("minLength", "minProperties", "minimum", "pattern", "uniqueItems"),
)


@dataclass(frozen=True)
class Schemas:
    """The named schemas of a document; objects under a property named in `loose` stay open."""

    named: Mapping[str, Schema]
    loose: Collection[str] = ()

    def faults(self, schema: Schema, value: object) -> list[str]:
        """What of the value is not as the schema says, each with its place."""
        validator = Draft202012Validator(
            {**self._closed(schema), "$defs": self._defs},
            format_checker=Draft202012Validator.FORMAT_CHECKER,
        )
        found = validator.iter_errors(value)
        return [
            f"/{'/'.join(map(str, each.absolute_path))}: {each.message[:200]}" for each in found
        ]

    @cached_property
    def _defs(self) -> dict[str, dict[str, Any]]:
        return {
            "closed": {name: self._closed(schema) for name, schema in self.named.items()},
            "open": {name: self._open(schema) for name, schema in self.named.items()},
        }

    def _closed(self, schema: Schema) -> dict[str, Any]:
        told = self._told(schema, "closed")
        if _lists(schema) and "additionalProperties" not in told:
            told["unevaluatedProperties"] = False
        return _nullable(told) if schema.get("nullable") else told

    def _open(self, schema: Schema) -> dict[str, Any]:
        told = self._told(schema, "open")
        told.pop("additionalProperties", None)  # it would bind the other parts' properties
        return _nullable(told) if schema.get("nullable") else told

    def _told(self, schema: Schema, place: str) -> dict[str, Any]:
        told = {name: schema[name] for name in _KEPT if name in schema}
        if isinstance(schema.get("required"), list):  # discovery has a flag of that name
            told["required"] = schema["required"]
        if schema.get("type", "any") != "any":
            told["type"] = schema["type"]
        if "$ref" in schema:
            told["$ref"] = f"#/$defs/{place}/{schema['$ref'].rsplit('/', 1)[-1]}"
        return told | dict(self._parts(schema))

    def _parts(self, schema: Schema) -> Iterator[tuple[str, Any]]:
        """The keywords that hold schemas themselves."""
        for word in ("properties", "patternProperties"):
            if word in schema:
                yield word, {name: self._under(name, part) for name, part in schema[word].items()}
        for word in ("items", "additionalProperties", "not"):
            if word in schema:
                part = schema[word]
                yield word, part if isinstance(part, bool) else self._closed(part)
        for word in ("allOf", "anyOf", "oneOf"):
            if word in schema:
                whole = word == "allOf" or _lists(schema)
                yield word, [self._open(p) if whole else self._closed(p) for p in schema[word]]

    def _under(self, name: str, part: Schema) -> dict[str, Any]:
        return self._open(part) if name in self.loose else self._closed(part)


def _lists(schema: Schema) -> bool:
    """Whether it says which properties there are."""
    return not {"properties", "patternProperties", "allOf"}.isdisjoint(schema)


def _nullable(told: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [told, {"type": "null"}]}
