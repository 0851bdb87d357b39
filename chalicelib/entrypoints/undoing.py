"""Batches over HTTP: found, looked into, and taken back, one or all of an import or a sitting."""

import json
from dataclasses import asdict
from typing import Any

from chalice import Blueprint
from pydantic import Field

from chalicelib.domain import times
from chalicelib.domain.errors import FieldError, InvalidError
from chalicelib.entrypoints.http import Call, Form, Id, answered, expose
from chalicelib.flow.batches import Chosen
from chalicelib.flow.undoing import show_batches, undo_batches

undoing = Blueprint(__name__)


class Undo(Form):
    """Whether only to say what would come of it."""

    preview: bool = False


class UndoChosen(Undo):
    """Whose batches, of which name or between which times (both included)."""

    by: Id
    name: str = ""
    since: str = Field(default="", alias="from")
    upto: str = Field(default="", alias="to")


@expose(undoing, "/v1/batches", "GET")
def get_batches(call: Call) -> Any:
    """Somebody's batches, the newest first."""
    by = call.named("by")
    if not by:
        raise InvalidError("Name whose batches: /v1/batches?by=source:<id>.", status=400)
    wanted = _chosen(by, call.asked("name"), call.asked("from"), call.asked("to"), status=400)
    scope = json.dumps(asdict(wanted))
    return call.listed(
        "batches", scope, lambda ports, _, after, n: show_batches.listed(ports, wanted, after, n)
    )


@expose(undoing, "/v1/batches/{batch}", "GET")
def get_batch(call: Call, batch: str) -> Any:
    """One batch and what it did; of an undo, what it took back."""
    return call.listed("batch", batch, show_batches.one)


@expose(undoing, "/v1/batches/{batch}/undo", "POST")
def post_undo_batch(call: Call, batch: str) -> Any:
    """Take a batch back as a whole; of an activation, what was before it is in force again."""
    asked = call.form(Undo) if call.request.raw_body else Undo()
    if asked.preview:
        undo_batches.known(call.ports, batch)
        return _preview(call, Chosen(id=batch))
    status, answer = undo_batches.undo(call.ports, batch, call.by)
    return answered(answer, status)


@expose(undoing, "/v1/batches/undo", "POST")
def post_undo(call: Call) -> Any:
    """Take back an import, a source's afternoon, a person's sitting."""
    asked = call.form(UndoChosen)
    wanted = _chosen(asked.by, asked.name, asked.since, asked.upto)
    if asked.preview:
        return _preview(call, wanted)
    status, answer = undo_batches.undo_chosen(call.ports, wanted, call.by, call.key())
    return answered(answer, status)


def _preview(call: Call, wanted: Chosen) -> Any:
    scope = json.dumps(asdict(wanted))
    return call.listed(
        "undo", scope, lambda ports, _, after, n: show_batches.preview(ports, wanted, after, n)
    )


def _chosen(by: str, name: str, since: str, upto: str, status: int = 422) -> Chosen:
    """The batches that are meant; `InvalidError` for what is no time."""
    told = {"from": since, "to": upto}
    read: dict[str, str] = {}
    faults = []
    for end, given in told.items():
        try:
            read[end] = times.text(times.moment(given)) if given else ""
        except (ValueError, OverflowError):
            detail = f"{end} must be an RFC 3339 time with a zone."
            faults.append(FieldError(f"/{end}", "bad_time", detail))
    if faults:
        raise InvalidError("The times are not valid.", faults, status=status)
    return Chosen(by=by, name=name, since=read["from"], upto=read["to"])
