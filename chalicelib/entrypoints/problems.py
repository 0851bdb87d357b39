"""Errors as the outside sees them: RFC 9457, one shape for all, no value of the input in it."""

import json
import logging
import traceback
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from chalice.app import Request, Response

from chalicelib.domain.errors import InvalidError, KartotekaError

ERRORS_CAP = 20
HEADERS = {"Content-Type": "application/problem+json", "Cache-Control": "no-store"}
_CHALICE_TITLES = {
    400: "The request is not valid",
    405: "Method not allowed",
    415: "The content type is not supported",
}
_log = logging.getLogger(__name__)


def problem(error: KartotekaError, request_id: str) -> Response:
    """The answer for an error of ours."""
    body = _body(error.status, error.kind, error.title, error.detail, request_id) | error.extra
    if isinstance(error, InvalidError) and error.errors:
        body["errors"] = [asdict(e) for e in error.errors[:ERRORS_CAP]]
    extra = {}
    if error.status == 401:
        extra["WWW-Authenticate"] = "Bearer"
    if error.status in (429, 503):
        extra["Retry-After"] = "1"
    return Response(json.dumps(body), headers=HEADERS | extra, status_code=error.status)


def unexpected(error: Exception, request_id: str) -> Response:
    """The answer for a fault of ours: it tells nothing, and its text, which may, stays unsaid."""
    log_fault(error, request_id)
    return problem(KartotekaError(), request_id)


def log_fault(error: Exception, where: str) -> None:
    """Log a fault by its type and the places it passed, not by its text (personal data)."""
    places = [
        f"{f.filename.rpartition('/')[2]}:{f.lineno}"
        for f in traceback.extract_tb(error.__traceback__)
    ]
    fault = {"fault": type(error).__name__, "where": where, "places": places[-8:]}
    _log.error(json.dumps(fault))


def as_problems(request: Request, get_response: Callable[[Request], Response]) -> Response:
    """Middleware: what Chalice answers by itself (405, 415 ...) in our shape."""
    response = get_response(request)
    body: Any = response.body
    if isinstance(body, dict) and set(body) == {"Code", "Message"}:
        status = response.status_code
        title = _CHALICE_TITLES.get(status, KartotekaError.title)
        kind = title.lower().replace(" ", "_")
        said = _body(status, kind, title, "", request_id_of(request))
        response.body, response.headers = json.dumps(said), {**response.headers, **HEADERS}
    return response


def request_id_of(request: Any) -> str:
    """The gateway's id of a request; what a caller sends as one is not looked at."""
    return str((request.context if request else {}).get("requestId", "unknown"))


def _body(status: int, kind: str, title: str, detail: str, request_id: str) -> dict[str, Any]:
    body = {
        "type": f"urn:kartoteka:problem:{kind}",
        "title": title,
        "status": status,
        "instance": f"urn:kartoteka:req:{request_id}",
    }
    return body | ({"detail": detail} if detail else {})
