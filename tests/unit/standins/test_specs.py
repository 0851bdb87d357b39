"""Requests are held against documents of all three forms."""

import json
from typing import Any

import pytest

from tests.standins import specs
from tests.standins.base import Called, Replied

NAMED = {
    "Thing": {"properties": {"id": {"type": "string", "maxLength": 3}}, "type": "object"},
    "Person": {
        "allOf": [{"$ref": "#/{}/Thing"}, {"additionalProperties": {"type": "object"}}],
        "type": "object",
        "properties": {
            "name": {"type": "string", "nullable": True},
            "age": {"type": "integer"},
            "notes": {"type": "object", "properties": {"any": {"type": "string"}}},
        },
        "required": ["id"],
    },
}


def named(place: str) -> Any:
    return json.loads(json.dumps(NAMED).replace("{}", place))


PAGE = {"name": "page", "in": "query", "required": True}
KINDS = {"name": "kinds", "in": "query"}
LISTED = {"type": "array", "items": {"enum": ["a", "b"]}}
OPENAPI = {
    "openapi": "3.0.1",
    "servers": [{"url": "https://api.example/v1/"}],
    "components": {
        "schemas": named("components/schemas"),
        "parameters": {"page": {**PAGE, "schema": {"type": "integer", "maximum": 9}}},
    },
    "paths": {
        "/people/{id}": {
            "parameters": [{"name": "id", "in": "path", "schema": {"maxLength": 3}}],
            "put": {
                "parameters": [
                    {"$ref": "#/components/parameters/page"},
                    {**KINDS, "schema": LISTED, "explode": False},
                ],
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Person"}}
                    }
                },
                "responses": {
                    "200": {
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}
                        }
                    },
                    "4XX": {"description": "refused"},
                },
            },
        },
        "/people/all": {"put": {"responses": {"204": {"description": "done"}}}},
    },
}
SWAGGER = {
    "swagger": "2.0",
    "basePath": "/v1",
    "definitions": named("definitions"),
    "paths": {
        "/people/{id}": {
            "put": {
                "parameters": [
                    {"name": "id", "in": "path", "type": "string", "maxLength": 3},
                    {**PAGE, "type": "integer", "maximum": 9},
                    {**KINDS, **LISTED, "collectionFormat": "csv"},
                    {"name": "body", "in": "body", "schema": {"$ref": "#/definitions/Person"}},
                ],
                "responses": {
                    "200": {"schema": {"$ref": "#/definitions/Thing"}},
                    "default": {"description": "refused"},
                },
            }
        },
        "/people/all": {"put": {"responses": {"204": {"description": "done"}}}},
    },
}
DISCOVERY = {
    "servicePath": "",
    "parameters": {"alt": {"location": "query", "type": "string"}},
    "schemas": {
        "Thing": NAMED["Thing"],
        "Person": {
            "type": "object",
            "properties": {"id": {"type": "string", "maxLength": 3}, "age": {"type": "integer"}},
        },
    },
    "resources": {
        "people": {
            "methods": {
                "put": {
                    "httpMethod": "PUT",
                    "flatPath": "v1/people/{id}",
                    "parameters": {
                        "id": {"location": "path", "type": "string", "required": True},
                        "page": {"location": "query", "type": "integer", "required": True},
                        "kinds": {"location": "query", "type": "string", "repeated": True},
                    },
                    "request": {"$ref": "Person"},
                    "response": {"$ref": "Thing"},
                }
            }
        }
    },
}
FORMS = {"openapi": OPENAPI, "swagger": SWAGGER, "discovery": DISCOVERY}
VALID = "/v1/people/7?page=1"
BROKEN = {
    "an unknown path": ("PUT", "/v1/peeple/7?page=1", {"id": "1"}, "no such operation"),
    "an unknown method": ("PATCH", VALID, {"id": "1"}, "no such operation"),
    "an unknown parameter": ("PUT", f"{VALID}&pages=2", {"id": "1"}, "?pages: no such"),
    "a missing parameter": ("PUT", "/v1/people/7", {"id": "1"}, "page: is missing"),
    "a parameter of the wrong kind": ("PUT", "/v1/people/7?page=one", {"id": "1"}, "query page/"),
    "an unknown property": ("PUT", VALID, {"id": "1", "nmae": "A"}, "nmae"),
    "a property of the wrong kind": ("PUT", VALID, {"id": "1", "age": "forty"}, "/age: "),
    "a value too long": ("PUT", VALID, {"id": "1234"}, "/id: "),
}
BROKEN_IN_PATHS = {
    "a missing property": ("PUT", VALID, {"age": 1}, "'id' is a required"),
    "an item of a list": ("PUT", f"{VALID}&kinds=a,c", {"id": "1"}, "query kinds/1"),
    "a path too long": ("PUT", "/v1/people/7777?page=1", {"id": "1"}, "path id/"),
    "a body where none is": ("PUT", "/v1/people/all", {"id": "1"}, "none is foreseen"),
}


def called(method: str, url: str, body: object) -> Called:
    return Called.of(
        method, url, {"Content-Type": "application/json; charset=utf-8"}, json.dumps(body).encode()
    )


@pytest.mark.parametrize("form", FORMS)
def test_a_valid_request_has_no_faults(form: str) -> None:
    spec = specs.Spec.of(FORMS[form])
    assert spec.faults(called("PUT", VALID, {"id": "1", "age": 40})) == []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_request_is_caught(form: str, name: str) -> None:
    *asked, why = BROKEN[name]
    assert why in specs.Spec.of(FORMS[form]).faults(called(*asked))[0]


@pytest.mark.parametrize("form", ["openapi", "swagger"])
@pytest.mark.parametrize("name", BROKEN_IN_PATHS)
def test_a_broken_request_to_documented_paths_is_caught(form: str, name: str) -> None:
    *asked, why = BROKEN_IN_PATHS[name]
    assert why in specs.Spec.of(FORMS[form]).faults(called(*asked))[0]


def test_null_is_taken_where_the_document_says_so() -> None:
    spec = specs.Spec.of(OPENAPI)
    assert spec.faults(called("PUT", VALID, {"id": "1", "name": None})) == []
    assert spec.faults(called("PUT", VALID, {"id": "1", "age": None})) != []


def test_an_object_named_loose_takes_any_property() -> None:
    noted = called("PUT", VALID, {"id": "1", "notes": {"other": "x"}})
    assert specs.Spec.of(OPENAPI).faults(noted) != []
    assert specs.Spec.of(OPENAPI, loose=["notes"]).faults(noted) == []


def test_a_missing_body_another_media_type_and_no_json_are_caught() -> None:
    spec = specs.Spec.of({**DISCOVERY})
    typed = {"content-type": "application/json"}
    assert spec.faults(Called.of("PUT", VALID, typed, b"")) == ["body: is missing"]
    assert spec.faults(Called.of("PUT", VALID, typed, b"{")) == ["body: is no JSON"]
    assert "content-type" in spec.faults(Called.of("PUT", VALID, {}, b"{}"))[0]


def test_answers_are_held_against_it_too() -> None:
    spec, asked = specs.Spec.of(OPENAPI), called("PUT", VALID, {"id": "1"})
    assert spec.answer_faults(asked, Replied(200, {"id": "1"})) == []
    assert spec.answer_faults(asked, Replied(404, {"error": "x"})) == []
    assert spec.answer_faults(asked, Replied(200, {"ident": "1"})) != []
    assert spec.answer_faults(asked, Replied(500)) != []


def test_a_missing_document_skips_the_test_that_asks_for_it() -> None:
    with pytest.raises(pytest.skip.Exception, match="nothing.json"):
        specs.read("nothing.json")
