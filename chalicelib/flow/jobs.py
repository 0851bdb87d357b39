"""Jobs: work that is larger than one transaction, worked off step by step.

A job's row stands in lane `job` until it is done; the queue makes it quick, the sweep
certain. Each kind of job can be begun again at any point.
"""

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Literal

from chalicelib.domain import times
from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.model import Entity
from chalicelib.flow.changes import insisting
from chalicelib.flow.ports import Ports
from chalicelib.store import keys
from chalicelib.store.ports import Absent, Conflict, Equals, Put, Write

QUEUE = "jobs"
LANE = "job"
FAILURES_CAP = 5
LAST = "~"
AT_WORK = timedelta(minutes=2)
Kind = Literal[
    "merge",
    "undo",
    "backfill",
    "rehearse",
    "activate",
    "deactivate",
    "split",
    "decide",
    "undo_batch",
    "fsck",
    "rehearse_rules",
    "activate_rules",
    "deactivate_rules",
    "resume",
    "retry",
    "release",
    "rehearse_target",
    "push_list",
]


class Job(Entity):
    """What is to be done (`spec`), how far it got (`progress`), what came of it (`result`)."""

    id: str
    kind: Kind
    spec: dict[str, Any]
    created_at: str
    state: Literal["open", "done", "failed"] = "open"
    progress: dict[str, Any] = {}
    result: dict[str, Any] = {}
    rev: int = 1
    touched_at: str = ""
    failures: int = 0


def new_job(ports: Ports, kind: Kind, spec: dict[str, Any], name: str) -> Job:
    """A job that is not written yet."""
    at = times.text(ports.now())
    return Job(id=name, kind=kind, spec=spec, created_at=at, touched_at=at)


def job_write(new: Job) -> Write:
    """A new job's row, to be written before any of its work."""
    return Put(keys.job(new.id), _row(new), Absent())


def open_job(ports: Ports, kind: Kind, spec: dict[str, Any], name: str) -> Job:
    """Write a new job's row; one that stands under the name already is returned instead."""
    opened = new_job(ports, kind, spec, name)
    try:
        ports.items.write([job_write(opened)])
    except Conflict:
        return job(ports, name)
    return opened


def find(ports: Ports, job_id: str) -> Job | None:
    """A job by its id, also a finished one."""
    row = ports.items.get(keys.job(job_id))
    return Job.of_row(row) if row else None


def job(ports: Ports, job_id: str) -> Job:
    """A job by its id; `NotFoundError` where there is none."""
    found = find(ports, job_id)
    if found is None:
        raise NotFoundError("There is no job under this id.")
    return found


def save(ports: Ports, known: Job, **news: Any) -> Job:
    """Write how far it got; raises `Conflict` where another worker was at it."""
    touched = {"rev": known.rev + 1, "touched_at": times.text(ports.now())}
    job = known.model_copy(update=news | touched)
    ports.items.write([Put(keys.job(job.id), _row(job), Equals("rev", known.rev))])
    return job


def close(
    ports: Ports, known: Job, state: Literal["done", "failed"], result: dict[str, Any]
) -> None:
    """End it, whoever else was at it: all workers come to the same end."""

    def attempt(_: int) -> None:
        fresh = job(ports, known.id)
        if fresh.state == "open":
            save(ports, fresh, state=state, result=result)

    insisting(ports, attempt)


def note_failure(ports: Ports, known: Job) -> bool:
    """Count a failure; says whether the job has failed often enough to be given up."""

    def attempt(_: int) -> bool:
        fresh = job(ports, known.id)
        counted = save(ports, fresh, failures=fresh.failures + 1)
        return counted.failures >= FAILURES_CAP

    return insisting(ports, attempt)


def kick_jobs(ports: Ports, jobs: Iterable[Job]) -> None:
    """Ask a worker to look now."""
    messages = [json.dumps({"job": j.id}) for j in jobs]
    if messages:
        ports.queues.send(QUEUE, messages)


def count_open(ports: Ports) -> int:
    """How many jobs are not done, up to a page."""
    return len(ports.items.due("contacts", LANE, LAST).items)


def is_open(ports: Ports, kind: Kind) -> bool:
    """Whether a job of this kind is not done, up to a page of jobs."""
    return any(row["kind"] == kind for row in ports.items.due("contacts", LANE, LAST).items)


def open_jobs(ports: Ports, limit: int = 100) -> list[Job]:
    """The jobs that are not done and that nobody touched for a while, the oldest first."""
    ripe = times.text(ports.now() - AT_WORK)
    page = ports.items.due("contacts", LANE, ripe, limit=limit)
    return [Job.of_row(row) for row in page.items]


def _row(job: Job) -> dict[str, Any]:
    waiting = {"lane": LANE, "due": job.touched_at} if job.state == "open" else {}
    return job.row() | waiting


def job_view(job: Job) -> dict[str, Any]:
    """A job as the outside sees it."""
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state,
        "created_at": job.created_at,
        "progress": job.progress,
        "result": job.result,
    }
