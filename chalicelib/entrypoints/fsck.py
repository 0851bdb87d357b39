"""The check of the whole store: asked for, and worked off as a job."""

from typing import Annotated, Any

from chalice import Blueprint
from pydantic import Field

from chalicelib.entrypoints.http import Call, Form, answered, expose
from chalicelib.flow.checking import fsck as checking

fsck = Blueprint(__name__)


class FsckForm(Form):
    """Whether to mend, or how many items of each table to look at (None: all)."""

    mend: bool = False
    sample: Annotated[int, Field(ge=1, le=1000)] | None = None


@expose(fsck, "/v1/fsck", "POST")
def post_fsck(call: Call) -> Any:
    """Open the job; its findings stand at `/v1/jobs/{job}/findings`."""
    form = call.form(FsckForm)
    job = checking.fsck(call.ports, mend=form.mend, sample=form.sample)
    return answered({"job": job.id}, 202)
