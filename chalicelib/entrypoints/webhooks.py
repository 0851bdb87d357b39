"""The way in: signed webhook calls of sources."""

from typing import Any

from chalice import Blueprint

from chalicelib.domain.errors import InvalidError
from chalicelib.entrypoints.http import Call, answered, expose
from chalicelib.flow.intake.receive import receive

webhooks = Blueprint(__name__)
ANY_TYPE: list[str] = []


@expose(webhooks, "/v1/hooks/{source}", "POST", public=True, content_types=ANY_TYPE)
def post_hook(call: Call, source: str) -> Any:
    """Take a batch of records from a source; 202 when each is durable."""
    headers = _single(call.request.to_original_event())
    return answered(
        receive(call.ports, source, headers, call.request.raw_body, call.remaining_ms), 202
    )


def _single(event: dict[str, Any]) -> dict[str, str]:
    """The headers by lower-case name, each once: two ids or signatures are nobody's."""
    given: dict[str, str] = {}
    for name, values in (event.get("multiValueHeaders") or {}).items():
        lower = name.lower()
        if lower.startswith("webhook-") and (len(values) > 1 or lower in given):
            raise InvalidError(f"{lower} was sent twice.", status=400, kind="malformed_header")
        given[lower] = values[-1]
    return given
