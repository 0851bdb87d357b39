"""The way in: signed webhook calls of sources."""

from typing import Any
from urllib.parse import urlencode

from chalice import Blueprint

from chalicelib.domain.errors import InvalidError, NotFoundError
from chalicelib.domain.hooks import Hook
from chalicelib.domain.sources import Source
from chalicelib.entrypoints.http import Call, answered, expose, text
from chalicelib.flow import registry
from chalicelib.flow.hearing.notice import notice
from chalicelib.flow.intake.receive import receive

webhooks = Blueprint(__name__)
ANY_TYPE: list[str] = []


@expose(webhooks, "/v1/hooks/{source}", "POST", public=True, content_types=ANY_TYPE)
def post_hook(call: Call, source: str) -> Any:
    """Take a batch of records from a source; 202 when each is durable. Or a partner's notice."""
    known = registry.find(call.ports, Source, source)
    if known and known.kind != "generic":
        return _noticed(call, known)
    headers = _single(call.request.to_original_event())
    return answered(
        receive(call.ports, source, headers, call.request.raw_body, call.remaining_ms), 202
    )


@expose(webhooks, "/v1/hooks/{source}", "GET", public=True)
def get_hook(call: Call, source: str) -> Any:
    """Some systems ask first whether anybody is there."""
    known = registry.find(call.ports, Source, source)
    if known is None or known.kind == "generic":
        raise NotFoundError("Nothing is registered under this id.")
    return _noticed(call, known)


def _noticed(call: Call, source: Source) -> Any:
    request = call.request
    hook = Hook(
        method=request.method,
        url=call.address() + _asked(request.to_original_event()),
        query=dict(request.query_params or {}),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.raw_body,
    )
    return text(notice(call.ports, source, hook))


def _asked(event: dict[str, Any]) -> str:
    """The query as the system wrote it, which it may have signed."""
    query = event.get("multiValueQueryStringParameters") or {}
    return f"?{urlencode(query, doseq=True)}" if query else ""


def _single(event: dict[str, Any]) -> dict[str, str]:
    """The headers by lower-case name, each once: two ids or signatures are nobody's."""
    given: dict[str, str] = {}
    for name, values in (event.get("multiValueHeaders") or {}).items():
        lower = name.lower()
        if lower.startswith("webhook-") and (len(values) > 1 or lower in given):
            raise InvalidError(f"{lower} was sent twice.", status=400, kind="malformed_header")
        given[lower] = values[-1]
    return given
