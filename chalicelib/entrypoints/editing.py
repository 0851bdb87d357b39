"""Editing: contacts made by hand, changed, put away and brought back by people."""

from collections.abc import Mapping
from typing import Any

from chalice import Blueprint
from pydantic import Field

from chalicelib.entrypoints.http import Call, Form, answered, expose
from chalicelib.flow.editing import edit, retire
from chalicelib.flow.reading import read

editing = Blueprint(__name__)
PATCHES = ("application/merge-patch+json", "application/json")


class Revert(Form):
    """To which version, and in which fields (all of them where none is named)."""

    to: int = Field(ge=1)
    fields: tuple[str, ...] | None = None


@expose(editing, "/v1/contacts", "POST")
def post_contact(call: Call) -> Any:
    """A contact made by hand."""
    made = edit.create(call.ports, call.given(), call.key(), call.by)
    return shown(made, 201, {"Location": f"/v1/contacts/{made[0]['id']}"})


@expose(editing, "/v1/contacts/{contact}", "PATCH", content_types=PATCHES)
def patch_contact(call: Call, contact: str) -> Any:
    """A merge patch: what it says is pinned, whatever sources say later."""
    return shown(edit.edit(call.ports, call.seen(contact), call.given()))


@expose(editing, "/v1/contacts/{contact}", "DELETE")
def delete_contact(call: Call, contact: str) -> Any:
    """Put it away; the targets are told to remove it."""
    return shown(retire.retire(call.ports, call.seen(contact)))


@expose(editing, "/v1/contacts/{contact}/restore", "POST")
def post_restore(call: Call, contact: str) -> Any:
    """Bring back what was put away."""
    return shown(retire.restore(call.ports, call.seen(contact)))


@expose(editing, "/v1/contacts/{contact}/pins/{field}", "DELETE")
def delete_pins(call: Call, contact: str, field: str) -> Any:
    """Let the sources' word on a field count again."""
    return shown(edit.release(call.ports, call.seen(contact), field))


@expose(editing, "/v1/contacts/{contact}/revert", "POST")
def post_revert(call: Call, contact: str) -> Any:
    """Make it what it was in an earlier version; sources go on from there."""
    asked = call.form(Revert)
    return shown(edit.revert(call.ports, call.seen(contact), asked.to, asked.fields))


def shown(found: read.Shown, status: int = 200, headers: Mapping[str, str] | None = None) -> Any:
    """A contact as an answer."""
    view, etag = found
    return answered(view, status, {"ETag": etag, **(headers or {})})
