"""OpenAPI 3, Swagger 2 and Google discovery documents, read as one list of operations."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from .spec_schemas import Schema

Document = Mapping[str, Any]
_METHODS = ("get", "put", "post", "delete", "patch", "head", "options")


@dataclass(frozen=True)
class Parameter:
    """One parameter; `place` is path, query or header; a list is `repeated` or set with commas."""

    name: str
    place: str
    schema: Schema
    required: bool = False
    repeated: bool = True


@dataclass(frozen=True)
class Operation:
    """One method of one path; `bodies` and `answers` are by media type and by status."""

    method: str
    template: str
    parameters: tuple[Parameter, ...]
    bodies: Mapping[str, Schema] = field(default_factory=dict)
    body_required: bool = False
    answers: Mapping[str, Schema | None] = field(default_factory=dict)

    @property
    def pattern(self) -> re.Pattern[str]:
        """What paths it answers; every name of the template is one segment or a part of one."""
        parts = re.split(r"(\{[^}]*\})", self.template)
        return re.compile("".join("([^/]+?)" if p.startswith("{") else re.escape(p) for p in parts))


def operations(document: Document) -> list[Operation]:
    """All operations of a document in any of the three forms."""
    if "openapi" in document or "swagger" in document:
        return list(_of_paths(document))
    return list(_of_resources(document, document))


def schemas(document: Document) -> dict[str, Schema]:
    """The named schemas of a document."""
    if "openapi" in document:
        return dict(document.get("components", {}).get("schemas", {}))
    return dict(document.get("definitions") or document.get("schemas", {}))


def _of_paths(document: Document) -> Iterator[Operation]:
    base = _base(document)
    for path, item in document["paths"].items():
        for method in (method for method in _METHODS if method in item):
            told = item[method]
            given = [*item.get("parameters", []), *told.get("parameters", [])]
            stated = [_resolved(document, each) for each in given]
            yield Operation(
                method.upper(),
                base + path,
                tuple(_parameter(each) for each in stated if each["in"] not in ("body", "cookie")),
                *_body(document, told, stated),
                {status: _answer(document, a) for status, a in told["responses"].items()},
            )


def _base(document: Document) -> str:
    servers = document.get("servers") or [{"url": document.get("basePath", "")}]
    return urlsplit(str(servers[0]["url"])).path.rstrip("/")


def _resolved(document: Document, told: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a `$ref` within the document points to."""
    if "$ref" not in told:
        return told
    found: Any = document
    for step in told["$ref"].removeprefix("#/").split("/"):
        found = found[step.replace("~1", "/").replace("~0", "~")]
    return _resolved(document, found)


def _parameter(told: Mapping[str, Any]) -> Parameter:
    schema = told.get("schema", told)
    repeated = told["explode"] if "explode" in told else told.get("collectionFormat") != "csv"
    required = told.get("required") is True
    return Parameter(told["name"], told["in"], schema, required, repeated)


def _body(
    document: Document, told: Mapping[str, Any], stated: list[Mapping[str, Any]]
) -> tuple[dict[str, Schema], bool]:
    """The bodies by media type, and whether there must be one."""
    for each in (each for each in stated if each["in"] == "body"):
        return {"application/json": each["schema"]}, each.get("required", False)
    body = _resolved(document, told.get("requestBody", {}))
    by_type = {name: media.get("schema", {}) for name, media in body.get("content", {}).items()}
    return by_type, body.get("required", False)


def _answer(document: Document, told: Mapping[str, Any]) -> Schema | None:
    answer = _resolved(document, told)
    written = answer.get("content", {}).get("application/json", answer)
    found: Schema | None = written.get("schema")
    return found


def _of_resources(document: Document, node: Mapping[str, Any]) -> Iterator[Operation]:
    for told in node.get("methods", {}).values():
        shared = document.get("parameters", {})
        yield Operation(
            told["httpMethod"],
            f"/{document.get('servicePath', '')}{told['flatPath']}",
            tuple(_discovered({**shared, **told["parameters"]})),
            {"application/json": told["request"]} if "request" in told else {},
            "request" in told,
            {"200": told.get("response")},
        )
    for part in node.get("resources", {}).values():
        yield from _of_resources(document, part)


def _discovered(given: Mapping[str, Any]) -> Iterator[Parameter]:
    """Those of the query: the path's are told of another template than the flat one."""
    for name, told in given.items():
        if told["location"] == "query":
            schema: Schema = {"type": "array", "items": told} if told.get("repeated") else told
            yield Parameter(name, "query", schema, told.get("required", False))
