"""Undo an activation: the model before it is in force again, then its findings are taken back.

What the activation joined is left with a `different` of the model's own: it keeps the
machine's hands off, or the next match might join the two again, but binds no person and no
later rehearsal. What the activation parted is joined again where that is still lawful.
"""

from collections.abc import Callable
from typing import Any

from chalicelib.domain.errors import ConflictError, NotFoundError
from chalicelib.domain.findings import Finding, Outcome
from chalicelib.flow import jobs
from chalicelib.flow.activate import refuse_busy, take_back
from chalicelib.flow.changes import insisting
from chalicelib.flow.findings import work_off
from chalicelib.flow.jobs import Job
from chalicelib.flow.models import MODELS
from chalicelib.flow.ports import Ports
from chalicelib.flow.releases import Force


def undo(ports: Ports, batch: str, by: str) -> tuple[int, dict[str, Any]]:
    """Take an activation back: (202, the job), and once that is done (200, what came of it).

    Raises `NotFoundError`; `ConflictError` where it is still being done, or where another
    activation came after it, which is to be undone first.
    """
    activation = jobs.find(ports, batch)
    if activation is None or activation.kind != "activate":
        raise NotFoundError("There is no batch under this id that can be undone.")
    job = insisting(ports, lambda _: _open(ports, activation, by))
    if job.state == "failed":
        raise ConflictError(job.result["detail"], kind=job.result["error"])
    if job.state == "done":
        return 200, {"job": job.id, **job.result}
    jobs.kick_jobs(ports, [job])
    return 202, {"job": job.id}


def _open(ports: Ports, activation: Job, by: str) -> Job:
    name = f"undo-{activation.id}"
    known = jobs.find(ports, name)
    if known:
        return known
    force = MODELS.force(ports)
    if force.batch != activation.id:
        detail = "Another activation came after this one; undo that first."
        raise ConflictError(detail, kind="not_the_last", batch=force.batch)
    refuse_busy(ports, force)
    named = {n: activation.spec[n] for n in ("version", "rehearsal")}
    job = jobs.new_job(ports, "deactivate", {**named, "batch": activation.id, "by": by}, name)
    before = Force.of_row(activation.spec["before"]).model_copy(update={"job": job.id})
    ports.items.write([jobs.job_write(job), MODELS.force_write(force, before)])
    return job


def work(ports: Ports, job: Job, remaining_ms: Callable[[], int]) -> None:
    """Go on from where the job is until it is done or the time is nearly over."""
    activation = jobs.job(ports, job.spec["batch"])

    def act(ports: Ports, job: Job, finding: Finding) -> Outcome:
        refusals = take_back(
            ports, activation, finding, job.spec["by"], job.id, says=lambda d: d.judgement.by
        )
        reason = ", ".join(sorted(set(refusals)))
        return Outcome(state="partly" if refusals else "done", reason=reason)

    work_off(ports, job, act, remaining_ms)
