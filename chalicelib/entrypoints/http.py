"""The frame of every route: who asks, what is asked, errors to problems, one log line.

A view gets a `Call` and the path's parts and returns JSON (or a `Response`); it parses,
calls one function of `flow` and nothing else.
"""

import hashlib
import json
import logging
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any, TypeVar

from chalice import Blueprint, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from chalicelib import wiring
from chalicelib.domain import times
from chalicelib.domain.bodies import check_body, parse_json
from chalicelib.domain.cursors import seal, unseal
from chalicelib.domain.errors import (
    FieldError,
    InvalidError,
    KartotekaError,
    NotFoundError,
    UnauthorizedError,
)
from chalicelib.entrypoints.problems import problem, request_id_of, unexpected
from chalicelib.flow.editing.pin import Seen
from chalicelib.flow.ports import Ports
from chalicelib.store import keys

View = Callable[..., Any]
JSON = {"Content-Type": "application/json", "Cache-Control": "no-store"}
PAGE_CAP = 100
_ID = re.compile(r"[!-~]{1,200}")
_ETAG = re.compile(r'(?:W/)?"[!#-~]*"')
_LIMIT = re.compile(r"[1-9][0-9]{0,2}")


def sortable(written: str) -> str:
    """RFC 3339 with a zone as sortable text; ValueError where it is not that."""
    try:
        return times.text(times.moment(written))
    except (ValueError, OverflowError):
        raise ValueError("Write it as RFC 3339 has it, with its zone.") from None


Moment = Annotated[str, AfterValidator(sortable)]
Id = Annotated[str, Field(pattern=r"^[!-~]{1,200}$")]
_log = logging.getLogger(__name__)


class Form(BaseModel):
    """A body: unknown names are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


F = TypeVar("F", bound=Form)


@dataclass(frozen=True)
class Call:
    """One request: the ports to work with, and who asks (`by`, empty for a public route)."""

    ports: Ports
    request: Any
    context: Any
    by: str

    def given(self) -> dict[str, Any]:
        """The body, an object."""
        body = self.request.raw_body
        headers = self.request.headers
        check_body(headers.get("content-type"), headers.get("content-encoding"), body)
        given = parse_json(body)
        if not isinstance(given, dict):
            raise InvalidError("The body must be an object.")
        return given

    def form(self, form: type[F]) -> F:
        """The body as a form; `InvalidError` names each fault, never the value."""
        self.given()
        try:
            return form.model_validate_json(self.request.raw_body)
        except ValidationError as error:
            raise InvalidError("The body is not valid.", _faults(error)) from None

    def seen(self, contact: str) -> Seen:
        """The contact that is to be changed, as the caller saw it: its ETag in `If-Match`."""
        etag = (self.request.headers.get("if-match") or "*").strip()
        if etag == "*":
            detail = "Name the version that you have seen: If-Match with the contact's ETag."
            raise InvalidError(detail, status=428, kind="if_match_required")
        if not _ETAG.fullmatch(etag):
            raise InvalidError("If-Match names one ETag.", status=400, kind="bad_if_match")
        return Seen(contact, etag, self.by, self.key())

    def key(self) -> str:
        """The caller's name for what is made (`Idempotency-Key`), or a new one."""
        given = self.request.headers.get("idempotency-key") or self.ports.chance.token()
        if not _ID.fullmatch(given):
            raise InvalidError("Idempotency-Key is 1 to 200 visible characters.", status=400)
        return str(given)

    def page(self) -> tuple[str | None, int]:
        """The cursor and the size that a list is asked for."""
        asked = self.request.query_params or {}
        limit = asked.get("limit", "25")
        if not _LIMIT.fullmatch(limit) or int(limit) > PAGE_CAP:
            raise InvalidError(f"limit is a number from 1 to {PAGE_CAP}.", status=400)
        return asked.get("cursor"), int(limit)

    def asked(self, name: str) -> str:
        """What the query says of a name, empty where it says nothing."""
        return str((self.request.query_params or {}).get(name, ""))

    def named(self, name: str) -> str:
        """An id in the query, empty where it is not given."""
        given = self.asked(name)
        if given and not _ID.fullmatch(given):
            raise NotFoundError("Nothing stands under this id.")
        return given

    def moment(self, name: str) -> str | None:
        """A time in the query, as sortable text; None where it is not given."""
        given = (self.request.query_params or {}).get(name)
        try:
            return None if given is None else sortable(given)
        except ValueError as error:
            faults = [FieldError(f"/{name}", "bad_time", str(error))]
            raise InvalidError(f"{name} is no time.", faults, status=400) from None

    def listed(
        self, name: str, of: str, page: Callable[[Ports, str, str | None, int], dict[str, Any]]
    ) -> dict[str, Any]:
        """One page of a list; its cursor is sealed for this list and this reader."""
        _, limit = self.page()
        return self.resumed(name, of, lambda ports, of, after: page(ports, of, after, limit))

    def resumed(
        self, name: str, of: str, part: Callable[[Ports, str, Any], dict[str, Any]]
    ) -> dict[str, Any]:
        """One part of what is too much for one answer; its cursor is sealed likewise."""
        cursor = (self.request.query_params or {}).get("cursor")
        scope, key = f"{name} {of} {self.by}", self.ports.keys.cursors
        found = part(self.ports, of, unseal(key, scope, cursor) if cursor else None)
        following = found["next"]
        return found | {"next": seal(key, scope, following) if following else None}

    def address(self) -> str:
        """Where it was called, as the caller found us; a proxy before us hides its own name."""
        context = self.request.to_original_event()["requestContext"]
        return f"https://{context.get('domainName', '')}{context['path']}"

    def remaining_ms(self) -> int:
        """How long the function may still run."""
        return int(self.context.get_remaining_time_in_millis())


def _faults(error: ValidationError) -> list[FieldError]:
    return [
        FieldError("/" + "/".join(map(str, e["loc"])), e["type"], e["msg"])
        for e in error.errors(include_input=False, include_url=False, include_context=False)
    ]


def expose(
    blueprint: Blueprint,
    path: str,
    method: str,
    *,
    public: bool = False,
    content_types: Sequence[str] = ("application/json",),
) -> Callable[[View], View]:
    """Make a view a route. A public one checks its caller itself or tells nothing."""

    def register(view: View) -> View:
        @wraps(view)
        def answer(**parts: str) -> Response:
            started, request = time.monotonic(), blueprint.current_request
            response = _answer(view, blueprint, public, parts)
            _log_line(method, path, response, started, request)
            return response

        blueprint.route(path, methods=[method], content_types=list(content_types))(answer)
        return view

    return register


def _answer(view: View, blueprint: Blueprint, public: bool, parts: Mapping[str, str]) -> Response:
    request = blueprint.current_request
    try:
        ports = wiring.ports()
        by = "" if public else authorise(ports, request.headers)
        if not all(_ID.fullmatch(part) for part in parts.values()):
            raise NotFoundError("Nothing stands under this id.")
        result = view(Call(ports, request, blueprint.lambda_context, by), **parts)
    except KartotekaError as error:
        return problem(error, request_id_of(request))
    except Exception as error:
        return unexpected(error, request_id_of(request))
    return result if isinstance(result, Response) else answered(result)


def answered(result: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """JSON, never cached."""
    body = json.dumps(result, ensure_ascii=False)
    return Response(body, headers={**JSON, **(headers or {})}, status_code=status)


def text(said: str) -> Response:
    """Plain text, as handshakes want it; empty, it only says that a call was taken."""
    return Response(said, headers={**JSON, "Content-Type": "text/plain"}, status_code=200)


def authorise(ports: Ports, headers: Mapping[str, str]) -> str:
    """Who asks, by the bearer key; the one place where admin keys are checked."""
    scheme, _, key = (headers.get("authorization") or "").partition(" ")
    if scheme.lower() != "bearer" or not key:
        raise UnauthorizedError("This needs an admin key, as a bearer token.")
    known = hashlib.sha256(key.encode()).hexdigest()
    if ports.items.get(keys.registered("key", known)) is None:
        raise UnauthorizedError("This needs an admin key, as a bearer token.")
    return f"key:{known[:12]}"


def _log_line(method: str, path: str, response: Response, started: float, request: Any) -> None:
    """One line for each request: the route, not the path, and no personal data."""
    line = {
        "request": request_id_of(request),
        "route": f"{method} {path}",
        "status": response.status_code,
        "ms": round((time.monotonic() - started) * 1000),
    }
    _log.info(json.dumps(line))
