"""What is answered to whom asks for calls, and which address is given on."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from chalicelib.domain.errors import InvalidError
from chalicelib.entrypoints.http import Call
from chalicelib.entrypoints.subscribing import (
    delete_subscription,
    get_subscription,
    post_subscription,
)
from tests.connectors.callers import Caller, calling_pipedrive
from tests.support.world import unlimited

AWS = {"domainName": "abc.execute-api.eu-central-1.amazonaws.com", "stage": "api"}
OWN = {"domainName": "crm.example.com"}
ROUTE = "/v1/sources/s/subscription"


@dataclass
class Request:
    """As Chalice hands it over, as far as it is looked at."""

    context: dict[str, Any]
    raw_body: bytes = b""
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": "application/json"})

    def to_original_event(self) -> dict[str, Any]:
        return {"requestContext": self.context}


class Context:
    """The function's, which has time enough."""

    get_remaining_time_in_millis = staticmethod(unlimited)


def call(caller: Caller, context: dict[str, Any], body: Any = None) -> Call:
    raw = b"" if body is None else json.dumps(body).encode()
    return Call(caller.world.ports, Request(context, raw), Context(), "key:1")


@pytest.fixture
def caller() -> Caller:
    return Caller(calling_pipedrive)


@pytest.mark.parametrize(
    ("context", "body", "url"),
    [
        (AWS | {"path": f"/api{ROUTE}"}, None, f"https://{AWS['domainName']}/api/v1/hooks/s"),
        (OWN | {"path": ROUTE}, {}, "https://crm.example.com/v1/hooks/s"),
        (OWN | {"path": f"/contacts{ROUTE}"}, {"url": None}, "/contacts/v1/hooks/s"),
        (
            AWS | {"path": f"/api{ROUTE}"},
            {"url": "https://in.example.com/v1/hooks/s"},
            "https://in.example.com/v1/hooks/s",
        ),
    ],
)
def test_the_address_is_where_we_were_found_or_what_was_said(
    caller: Caller, context: dict[str, Any], body: Any, url: str
) -> None:
    answer = post_subscription(call(caller, context, body), "s")
    assert answer.status_code == 200
    assert json.loads(answer.body)["url"].endswith(url)
    assert get_subscription(call(caller, context), "s") == json.loads(answer.body)


def test_what_is_still_to_be_tried_is_accepted(caller: Caller) -> None:
    context = OWN | {"path": ROUTE}
    caller.rig.standin.outage = 503
    assert post_subscription(call(caller, context), "s").status_code == 202
    assert delete_subscription(call(caller, context), "s").status_code == 202
    caller.rig.standin.outage = None
    assert delete_subscription(call(caller, context), "s").status_code == 200


@pytest.mark.parametrize("body", [{"uri": "x"}, {"url": 1}, [], "x"])
def test_a_body_of_another_form_is_refused(caller: Caller, body: Any) -> None:
    with pytest.raises(InvalidError):
        post_subscription(call(caller, OWN | {"path": ROUTE}, body), "s")
    assert caller.row.url == ""


def test_where_nobody_says_how_we_are_found_it_must_be_named(caller: Caller) -> None:
    """As on the local cloud."""
    with pytest.raises(InvalidError) as refused:
        post_subscription(call(caller, {"path": f"/api{ROUTE}"}), "s")
    assert [fault.pointer for fault in refused.value.errors] == ["/url"]
