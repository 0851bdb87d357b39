"""What a target would be told: rehearsed, put into force, and released where it is too much."""

from typing import Any

from chalice import Blueprint
from pydantic import Field

from chalicelib.domain.sources import Audience, Removal
from chalicelib.entrypoints.http import Call, Form, answered, expose
from chalicelib.entrypoints.models import Rehearsed
from chalicelib.entrypoints.registry import GateForm
from chalicelib.flow.guarding import release
from chalicelib.flow.rehearsing import activate, rehearse

rehearsing = Blueprint(__name__)


class TriedForm(Form):
    """The settings that would be others; what is not named stays."""

    filter: str = ""
    audience: Audience = "filter"
    fields: tuple[str, ...] = ()
    mapping: dict[str, Any] | None = None
    consent: GateForm | None = None
    removal: Removal | None = None

    def settings(self) -> dict[str, Any]:
        """As they would be stored."""
        return self.model_dump(mode="json", include=self.model_fields_set)


class Released(Form):
    """How much of what waits may be sent; all of it where nothing is said."""

    limit: int | None = Field(default=None, ge=1)


@expose(rehearsing, "/v1/targets/{target}/rehearse", "POST")
def post_rehearse(call: Call, target: str) -> Any:
    """Say what the target would be told, as it is or with other settings, as a job."""
    given = call.form(TriedForm) if call.request.raw_body else TriedForm()
    return answered({"job": rehearse.rehearse(call.ports, target, given.settings()).id}, 202)


@expose(rehearsing, "/v1/targets/{target}/activate", "POST")
def post_activate(call: Call, target: str) -> Any:
    """Do what a rehearsal listed: its settings count from now on, and it is told, as a job."""
    rehearsal = call.form(Rehearsed).rehearsal
    return answered({"job": activate.activate(call.ports, target, rehearsal).id}, 202)


@expose(rehearsing, "/v1/targets/{target}/release", "POST")
def post_release(call: Call, target: str) -> Any:
    """Let a target that its guard holds hear of what waits, as a job."""
    given = call.form(Released) if call.request.raw_body else Released()
    return answered({"job": release.release(call.ports, target, given.limit).id}, 202)
