"""A contact's history: its versions, what differs between two, whether they are genuine."""

from typing import Any

from chalice import Blueprint

from chalicelib.domain.errors import FieldError, InvalidError, NotFoundError
from chalicelib.entrypoints.http import Call, expose
from chalicelib.flow.reading import history as flow

history = Blueprint(__name__)


@expose(history, "/v1/contacts/{contact}/versions", "GET")
def get_versions(call: Call, contact: str) -> Any:
    """What it was, the newest first: what changed, by whom, why."""
    return call.listed("versions", contact, flow.versions)


@expose(history, "/v1/contacts/{contact}/versions/{number}", "GET")
def get_version(call: Call, contact: str, number: str) -> Any:
    """The contact as it was."""
    if not _is_number(number):
        raise NotFoundError("There is no such version.")
    return flow.version(call.ports, contact, int(number))


@expose(history, "/v1/contacts/{contact}/difference", "GET")
def get_difference(call: Call, contact: str) -> Any:
    """Field by field, what differs between two versions."""
    return flow.difference(call.ports, contact, _number(call, "from"), _number(call, "to"))


@expose(history, "/v1/contacts/{contact}/verify", "GET")
def get_verify(call: Call, contact: str) -> Any:
    """Whether its versions are as they were written."""
    return call.resumed("verify", contact, flow.verify)


def _number(call: Call, name: str) -> int:
    given = str((call.request.query_params or {}).get(name, ""))
    if not _is_number(given):
        detail = f"{name} is the number of a version."
        raise InvalidError(detail, [FieldError(f"/{name}", "bad_number", detail)], status=400)
    return int(given)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9
