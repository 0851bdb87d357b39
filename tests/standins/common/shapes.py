"""Requests are held against JSON Schemas that were written from the vendor's documents.

`tests/standins/<vendor>.schema.json` has under `$defs` a `<operation>.query` and a
`<operation>.body`; an operation without one takes none.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from jsonschema import Draft202012Validator

from ..base import Called

_FOLDER = Path(__file__).parent.parent


class Shapes:
    """The schemas of one vendor."""

    def __init__(self, vendor: str) -> None:
        self._schema = json.loads((_FOLDER / f"{vendor}.schema.json").read_text())

    def faults(self, operation: str, query: dict[str, str], body: Any) -> list[str]:
        """What is wrong, as `where: why`; empty if nothing is."""
        return [
            *self._against(f"{operation}.query", query or None),
            *self._against(f"{operation}.body", body),
        ]

    def _against(self, name: str, value: Any) -> Iterator[str]:
        if name not in self._schema["$defs"]:
            if value is not None:
                yield f"{name}: none is taken"
            return
        validator = Draft202012Validator({**self._schema, "$ref": f"#/$defs/{name}"})
        value = {} if value is None and name.endswith(".query") else value
        for error in validator.iter_errors(value):
            yield f"{name}{error.json_path[1:]}: {error.message}"


def query_of(called: Called) -> tuple[dict[str, str], list[str]]:
    """Its parameters, and the names that were given twice."""
    doubled = [f"query: {name} comes twice" for name, all in called.query.items() if len(all) > 1]
    return {name: all[0] for name, all in called.query.items()}, doubled


def body_of(called: Called) -> tuple[Any, list[str]]:
    """The body by its content type, None where there is none, and what is wrong with it."""
    kind = called.headers.get("content-type", "").partition(";")[0].strip()
    if not called.body:
        return None, []
    if kind == "application/x-www-form-urlencoded":
        return dict(parse_qsl(called.body.decode(), keep_blank_values=True)), []
    if kind != "application/json":
        return None, [f"body: its content type is {kind or 'not said'}"]
    try:
        return called.json(), []
    except ValueError:
        return None, ["body: it is no JSON"]
