"""Requests that Pipedrive would not take are refused and noted."""

from typing import Any

import pytest

from tests.standins.pipedrive import Pipedrive

from .calling import Clock
from .test_pipedrive import HOOK, call


@pytest.fixture
def pipedrive() -> Pipedrive:
    return Pipedrive(Clock())


BROKEN: list[tuple[str, str, Any]] = [
    ("GET", "/v1/persons", None),
    ("PUT", "/1", {"name": "x"}),
    ("GET", "/one", None),
    ("GET", "?limit=501", None),
    ("GET", "?start=100", None),
    ("GET", "?updated_since=2026-11-23", None),
    ("GET", "?sort_by=name", None),
    ("GET", "?cursor=x", None),
    ("GET", "?include_fields=job_title", None),
    ("GET", "/search", None),
    ("GET", "/search?term=a", None),
    ("GET", "/search?term=ada&exact_match=1", None),
    ("GET", "/search?term=ada&fields=emails", None),
    ("POST", "", {"emails": [{"value": "a@example.org"}]}),
    ("POST", "", {"name": "Ada", "email": "a@example.org"}),
    ("POST", "", {"name": "Ada", "emails": ["a@example.org"]}),
    ("POST", "", {"name": "Ada", "emails": [{"value": ""}]}),
    ("POST", "", {"name": "Ada", "job_title": "Countess"}),
    ("POST", "", {"name": "Ada", "first_name": "Ada"}),
    ("POST", "", {"name": "Ada", "org_id": 99}),
    ("POST", "", {"name": "Ada", "label_ids": [77]}),
    ("POST", "", {"name": "Ada", "custom_fields": {"kartoteka_id": "k1"}}),
    ("POST", "", {"name": "Ada", "custom_fields": {"f" * 40: "k1"}}),
    ("POST", "", {"name": "Ada", "marketing_status": "opted_in"}),
    ("PATCH", "/1", {}),
    ("PATCH", "/1", {"id": 1, "name": "Ada"}),
    ("POST", "/v1/webhooks", {**HOOK, "event_action": "updated"}),
    ("POST", "/v1/webhooks", {**HOOK, "version": "1.0"}),
    ("POST", "/v1/webhooks", {**HOOK, "subscription_url": "hooks.example.org"}),
    ("POST", "/v1/webhooks", {name: HOOK[name] for name in HOOK if name != "name"}),
]


@pytest.mark.parametrize(("method", "path", "body"), BROKEN)
def test_a_broken_request_is_refused_and_noted(
    pipedrive: Pipedrive, method: str, path: str, body: Any
) -> None:
    replied = call(pipedrive, method, path, body)
    assert replied.status in (400, 404)
    assert len(pipedrive.broken) == 1 and not pipedrive.records and not pipedrive.pushed.hooks
