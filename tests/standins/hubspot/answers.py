"""How HubSpot words its answers."""

from typing import Any

from ..base import Replied
from ..common.vendor import Refused
from .store import Denied

_STATUS = {"CONFLICT": 409, "OBJECT_NOT_FOUND": 404, "VALIDATION_ERROR": 400}
_CORRELATION = "aeb5f871-7f07-4993-9211-075dc63e7cbf"


def error(status: int, category: str, message: str, **more: Any) -> Replied:
    """The error form of the CRM's API."""
    said = {"status": "error", "message": message, "correlationId": _CORRELATION}
    return Replied(status, {**said, "category": category, **more})


def denied(why: Denied) -> Refused:
    """A whole request that fails for one record."""
    context = {name: [value] for name, value in why.context.items()}
    more = {"context": context} if context else {}
    return Refused(error(_STATUS[why.category], why.category, why.message, **more))


def missing(id: str) -> Refused:
    """Nothing is under this id."""
    return denied(Denied("OBJECT_NOT_FOUND", f"Object not found. objectId: {id}"))


def batch(at: str, results: list[Any], errors: list[Any]) -> Replied:
    """200, or 207 where an item failed."""
    body = {"status": "COMPLETE", "results": results, "startedAt": at, "completedAt": at}
    if not errors:
        return Replied(200, body)
    return Replied(207, {**body, "numErrors": len(errors), "errors": errors})


def item_error(why: Denied, **context: list[str]) -> dict[str, Any]:
    """One of `errors`: the ids or the trace it is about are in its context."""
    named = {name: [value] for name, value in why.context.items()}
    return {
        "status": "error",
        "category": why.category,
        "message": why.message,
        "context": {**named, **context},
        "links": {},
        "errors": [],
    }
