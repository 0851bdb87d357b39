"""Merges by hand, and the way back of every merge."""

from typing import Any, Literal

from chalice import Blueprint

from chalicelib.domain.errors import InvalidError
from chalicelib.entrypoints.http import Call, Form, Id, answered, expose
from chalicelib.flow import jobs, merge, unmerge

merges = Blueprint(__name__)


class MergeOrder(Form):
    """Which contacts, how, and whose values win (or are the only ones).

    `retract` names `different` judgements that the person takes back with it.
    """

    contacts: tuple[Id, ...]
    mode: Literal["merge", "overwrite", "skip"] = "merge"
    prefer: str = ""
    retract: tuple[Id, ...] = ()


@expose(merges, "/v1/merges", "POST")
def post_merge(call: Call) -> Any:
    """Join contacts by hand; for more than ten the answer is a job."""
    asked = call.form(MergeOrder)
    order = merge.Order(asked.contacts, asked.mode, asked.prefer, call.by, asked.retract)
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


@expose(merges, "/v1/jobs/{job}", "GET")
def get_job(call: Call, job: str) -> Any:
    """How far a job got."""
    return jobs.job_view(jobs.job(call.ports, job))
