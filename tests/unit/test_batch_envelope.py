"""The import that a webhook call may name, and what is wrong with one."""

from typing import Any

import pytest

from chalicelib.domain.errors import InvalidError
from chalicelib.domain.messages import Import, read_envelope

CALL: dict[str, Any] = {"type": "contact.upserted", "data": [{"external_id": "1"}]}


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ({"name": "import 2026-11-21"}, Import("import 2026-11-21")),
        ({"name": "ż" * 200, "duplicates": "skip"}, Import("ż" * 200, "skip")),
        ({"name": "x", "duplicates": "overwrite"}, Import("x", "overwrite")),
    ],
)
def test_a_call_may_name_its_import(given: Any, read: Import) -> None:
    assert read_envelope({**CALL, "batch": given}).batch == read
    assert read_envelope(CALL).batch == Import()


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        (None, "/batch", "not_an_object"),
        ("import", "/batch", "not_an_object"),
        ({}, "/batch/name", "bad_name"),
        ({"name": 7}, "/batch/name", "bad_name"),
        ({"name": ""}, "/batch/name", "bad_name"),
        ({"name": " x"}, "/batch/name", "bad_name"),
        ({"name": "a\nb"}, "/batch/name", "bad_name"),
        ({"name": "x" * 201}, "/batch/name", "bad_name"),
        ({"name": "x", "duplicates": ""}, "/batch/duplicates", "unknown_policy"),
        ({"name": "x", "duplicates": "drop"}, "/batch/duplicates", "unknown_policy"),
        ({"name": "x", "duplicates": ["skip"]}, "/batch/duplicates", "unknown_policy"),
        ({"name": "x", "duplicates": None}, "/batch/duplicates", "unknown_policy"),
        ({"name": "x", "a/b": 1}, "/batch/a~1b", "unknown_field"),
    ],
)
def test_what_is_wrong_with_it_refuses_the_call_by_name(
    given: Any, pointer: str, code: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        read_envelope({**CALL, "batch": given})
    (fault,) = refused.value.errors
    assert (fault.pointer, fault.code, refused.value.status) == (pointer, code, 422)
