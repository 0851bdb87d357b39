"""Activate: a target gets the settings that were rehearsed, or is started, and is told.

One transaction changes the target, opens the backfill that does what was listed, and lets it
have its own size at the guard: somebody looked at it.
"""

from chalicelib.domain.errors import ConflictError, FieldError, InvalidError
from chalicelib.domain.guarding import allowed
from chalicelib.domain.sources import Target
from chalicelib.flow import jobs, registry
from chalicelib.flow.changes import insisting
from chalicelib.flow.guarding.counting import tally_of, tally_write
from chalicelib.flow.jobs import Job
from chalicelib.flow.ports import Ports
from chalicelib.flow.rehearsing.rehearse import as_rehearsed
from chalicelib.store.ports import Write


def activate(ports: Ports, target_id: str, rehearsal_id: str) -> Job:
    """Do what was rehearsed, as a job; the same rehearsal again is the same job.

    Raises `InvalidError` where it names no rehearsal of this target, `ConflictError` where
    that is not done, or the target is disabled or was changed since.
    """
    rehearsal = jobs.find(ports, rehearsal_id)
    if (
        rehearsal is None
        or rehearsal.kind != "rehearse_target"
        or rehearsal.spec["target"] != target_id
    ):
        detail = "This is no rehearsal of this target."
        raise InvalidError(detail, [FieldError("/rehearsal", "unknown", detail)])
    if rehearsal.state != "done":
        raise ConflictError("This rehearsal is not done.", kind=f"rehearsal_{rehearsal.state}")
    job = insisting(ports, lambda _: _activate(ports, rehearsal))
    jobs.kick_jobs(ports, [job] if job.state == "open" else [])
    return job


def _activate(ports: Ports, rehearsal: Job) -> Job:
    name = f"activate-{rehearsal.id}"
    known = jobs.find(ports, name)
    if known:
        return known
    target, wanted = as_rehearsed(ports, rehearsal)
    if not target.enabled:
        raise ConflictError("The target is disabled.", kind="disabled")
    spec = {"target": target.id, "everyone": True, "rehearsal": rehearsal.id}
    job = jobs.new_job(ports, "backfill", spec, name)
    started = wanted if target.started else wanted.model_copy(update={"state": "active"})
    allowance = _allowance(ports, wanted, rehearsal, job)
    registry.store(ports, target, started, [jobs.job_write(job), *allowance])
    return job


def _allowance(ports: Ports, target: Target, rehearsal: Job, job: Job) -> list[Write]:
    """The size that was listed, and as much for what has changed since as anybody has."""
    if target.guard is None:
        return []
    known, size = tally_of(ports, target.id), rehearsal.result["units"] + target.guard.at_least
    return [tally_write(known, allowed(known, job.id, size, ports.now()))]
