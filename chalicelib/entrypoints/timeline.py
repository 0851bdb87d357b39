"""The timeline of a contact, and what a person notes on it."""

from typing import Any

from chalice import Blueprint
from pydantic import ConfigDict

from chalicelib.domain.errors import FieldError, InvalidError
from chalicelib.entrypoints.http import Call, Form, answered, expose
from chalicelib.flow.interacting.note import note
from chalicelib.flow.interacting.timeline import ENTRIES, of_kinds

timelines = Blueprint(__name__)


class Noted(Form):
    """An interaction; what it may hold, and in which form, is for the domain to say."""

    model_config = ConfigDict(extra="allow")


@expose(timelines, "/v1/contacts/{contact}/timeline", "GET")
def get_timeline(call: Call, contact: str) -> Any:
    """What passed, the newest first; `?kinds=call,order` shows only these."""
    kinds = _kinds(call.named("kinds"))
    return call.listed(f"timeline {','.join(kinds)}", contact, of_kinds(kinds))


def _kinds(given: str) -> tuple[str, ...]:
    kinds = tuple(given.split(",")) if given else ENTRIES
    if not set(kinds) <= set(ENTRIES):
        detail = f"kinds are of: {', '.join(ENTRIES)}."
        raise InvalidError(detail, [FieldError("/kinds", "unknown_kind", detail)], status=400)
    return kinds


@expose(timelines, "/v1/contacts/{contact}/interactions", "POST")
def post_interaction(call: Call, contact: str) -> Any:
    """Note a call, a meeting or whatever passed; 201 where it is new."""
    given = call.form(Noted).model_dump()
    result = note(call.ports, contact, given, call.by)
    return answered(result, 201 if result["outcome"] == "created" else 200)
