"""Models: read, stored, rehearsed on all contacts, put in force, and taken back."""

import re
from typing import Any

from chalice import Blueprint
from pydantic import ConfigDict, Field

from chalicelib.domain.errors import FieldError, InvalidError
from chalicelib.domain.model_forms import shown
from chalicelib.entrypoints.http import Call, Form, Id, answered, expose
from chalicelib.flow.ruling import activate, findings, rehearse
from chalicelib.flow.ruling import models as known_models

models = Blueprint(__name__)
_VERSION = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")


class ModelForm(Form):
    """A whole model without its version, or `base` and what is changed of it."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True, hide_input_in_errors=True)
    base: Id | None = None
    changes: dict[str, Any] = Field(default={})


class Rehearsed(Form):
    """Which rehearsal is to be carried out."""

    rehearsal: Id


def check_version(version: str) -> None:
    """Refuse what cannot name a release."""
    if not _VERSION.fullmatch(version):
        raise InvalidError("A version is 1 to 63 of a-z, 0-9, ., _ and -.", status=400)


@expose(models, "/v1/models", "GET")
def get_models(call: Call) -> Any:
    """The known models, and which is in force."""
    return call.listed("models", "", known_models.MODELS.listed)


@expose(models, "/v1/models/{version}", "GET")
def get_model(call: Call, version: str) -> Any:
    """One model, whole."""
    return shown(known_models.MODELS.named(call.ports, version))


@expose(models, "/v1/models/{version}", "PUT")
def put_model(call: Call, version: str) -> Any:
    """Store a model under a version of its own, for ever."""
    check_version(version)
    form = call.form(ModelForm)
    whole = dict(form.model_extra or {})
    if form.base is None:
        made = known_models.store(call.ports, version, whole, call.by)
    elif whole:
        detail = "With a base, every change stands under changes."
        raise InvalidError(detail, [FieldError(f"/{n}", "unknown_field", detail) for n in whole])
    else:
        made = known_models.change(call.ports, version, form.base, form.changes, call.by)
    model, is_new = made
    return answered(shown(model), 201 if is_new else 200)


@expose(models, "/v1/models/{version}/rehearse", "POST")
def post_rehearse(call: Call, version: str) -> Any:
    """Try it on all contacts without touching anything, as a job."""
    return answered({"job": rehearse.rehearse(call.ports, version).id}, 202)


@expose(models, "/v1/models/{version}/activate", "POST")
def post_activate(call: Call, version: str) -> Any:
    """Put it in force and do what a rehearsal of it listed, as a job."""
    rehearsal = call.form(Rehearsed).rehearsal
    return answered({"job": activate.activate(call.ports, version, rehearsal).id}, 202)


@expose(models, "/v1/jobs/{job}/findings", "GET")
def get_findings(call: Call, job: str) -> Any:
    """What a rehearsal found, and what its activation or its undo made of it."""
    return call.listed("findings", job, findings.findings)
