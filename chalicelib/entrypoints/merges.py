"""Merges by hand, and the way back of every merge."""

from typing import Any, Literal

from chalice import Blueprint
from pydantic import Field

from chalicelib.domain.errors import InvalidError
from chalicelib.entrypoints.http import Call, Form, Id, answered, expose
from chalicelib.flow import jobs
from chalicelib.flow.editing import split
from chalicelib.flow.merging import merge, unmerge

merges = Blueprint(__name__)


class MergeOrder(Form):
    """Which contacts, how, and whose values win (or are the only ones).

    `choices` name, field by field, the contact whose word counts (`name` for all name fields).
    `retract` names `different` judgements that the person takes back with it.
    """

    contacts: tuple[Id, ...]
    mode: Literal["merge", "overwrite", "skip"] = "merge"
    prefer: str = ""
    choices: dict[str, Id] = {}
    retract: tuple[Id, ...] = ()


class Split(Form):
    """Which records leave (their ids), and which contact they go to, if any.

    `retract` names `different` judgements against that contact that the person takes back.
    """

    records: tuple[Id, ...]
    to: str = Field(default="", pattern=r"^[!-~]{0,200}$")
    retract: tuple[Id, ...] = ()


@expose(merges, "/v1/merges", "POST")
def post_merge(call: Call) -> Any:
    """Join contacts by hand; for more than ten the answer is a job."""
    asked = call.form(MergeOrder)
    order = merge.Order(**asked.model_dump(), by=call.by)
    status, answer = merge.merge(call.ports, order)
    return answered(answer, status)


@expose(merges, "/v1/merges", "GET")
def get_merges(call: Call) -> Any:
    """The merges in which a contact took part."""
    contact = call.named("contact")
    if not contact:
        raise InvalidError("Name the contact: /v1/merges?contact=<id>.", status=400)
    return call.listed("merges", contact, unmerge.merges_of)


@expose(merges, "/v1/merges/{merge_id}/undo", "POST")
def post_undo(call: Call, merge_id: str) -> Any:
    """Take a merge back, whatever came after it."""
    status, answer = unmerge.undo(call.ports, merge_id, call.by)
    return answered(answer, status)


@expose(merges, "/v1/contacts/{contact}/split", "POST")
def post_split(call: Call, contact: str) -> Any:
    """Part some records from a contact: the two are different from then on."""
    asked = call.form(Split).model_dump()
    status, answer = split.split(
        call.ports, split.Parting(contact, by=call.by, key=call.key(), **asked)
    )
    return answered(answer, status)


@expose(merges, "/v1/jobs/{job}", "GET")
def get_job(call: Call, job: str) -> Any:
    """How far a job got."""
    return jobs.job_view(jobs.job(call.ports, job))
