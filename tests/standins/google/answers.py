"""Google's answers: a person in JSON, and the errors of its APIs."""

from collections.abc import Iterable
from typing import Any

from ..base import Replied
from .fields import shown
from .store import Person

_STATES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    503: "UNAVAILABLE",
}


def person(state: Person, mask: set[str], listed: bool = False) -> dict[str, Any]:
    """What of a person is asked for; its names and its metadata only where the mask has them."""
    about = {"metadata": _metadata(state)} if "metadata" in mask else {}
    fields = shown(state.fields, mask, state.source, listed)
    return {"resourceName": state.name, "etag": f"%person-{state.seq}", **about, **fields}


def synced(state: Person, mask: set[str]) -> dict[str, Any]:
    """As a sync with a token tells it: with deletion and former names, in the metadata."""
    told = person(state, mask, listed=True)
    about = told.get("metadata")
    if about is not None and state.gone:
        about["deleted"] = True
    if about is not None and state.formerly:
        about["previousResourceNames"] = list(state.formerly)
    return told


def _metadata(state: Person) -> dict[str, Any]:
    source = {"type": "CONTACT", "id": state.source, "etag": state.etag}
    updated = state.at.isoformat().replace("+00:00", "Z")
    return {"objectType": "PERSON", "sources": [{**source, "updateTime": updated}]}


def error(code: int, message: str, state: str = "", reason: str = "") -> Replied:
    """An error; `reason` stands in an ErrorInfo."""
    told: dict[str, Any] = {"code": code, "message": message}
    told["status"] = state or _STATES.get(code, "INTERNAL")
    if reason:
        kind = "type.googleapis.com/google.rpc.ErrorInfo"
        told["details"] = [{"@type": kind, "reason": reason, "domain": "people.googleapis.com"}]
    return Replied(code, {"error": told})


def missing() -> Replied:
    """No such person."""
    return error(404, "Requested entity was not found.")


def one(state: Person, mask: set[str], asked: str = "") -> dict[str, Any]:
    """A person in an answer about several; `asked` is the name that was asked for."""
    told = {"person": person(state, mask), "requestedResourceName": asked or state.name}
    return {"httpStatusCode": 200, "status": {}, **told}


def found(states: Iterable[Person], mask: set[str]) -> Replied:
    """What a search answers."""
    return Replied(200, {"results": [{"person": person(each, mask)} for each in states]})
