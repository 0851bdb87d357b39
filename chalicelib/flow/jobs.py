"""Jobs: work that is larger than one transaction, worked off step by step.

A job's row stands in lane `job` until it is done; the queue makes it quick, the sweep
certain. Each kind of job can be begun again at any point.
"""

import json
from collections.abc import Iterable
from typing import Any, Literal

from chalicelib.domain import times
from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.model import Entity
from chalicelib.flow.changes import insisting
from chalicelib.flow.ports import Ports
from chalicelib.store import keys
from chalicelib.store.ports import Absent, Conflict, Equals, Put

QUEUE = "jobs"
LANE = "job"


class Job(Entity):
    """What is to be done (`spec`), how far it got (`progress`), what came of it (`result`)."""

    id: str
    kind: Literal["merge", "backfill"]
    spec: dict[str, Any]
    created_at: str
    state: Literal["open", "done", "failed"] = "open"
    progress: dict[str, Any] = {}
    result: dict[str, Any] = {}
    rev: int = 1


def open_job(
    ports: Ports, kind: Literal["merge", "backfill"], spec: dict[str, Any], name: str
) -> Job:
    """Write the job's row before any of its work; one that stands under the name is returned."""
    opened = Job(id=name, kind=kind, spec=spec, created_at=times.text(ports.now()))
    try:
        ports.items.write([Put(keys.job(name), _row(opened), Absent())])
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
    job = known.model_copy(update={**news, "rev": known.rev + 1})
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


def kick_jobs(ports: Ports, jobs: Iterable[Job]) -> None:
    """Ask a worker to look now."""
    ports.queues.send(QUEUE, [json.dumps({"job": j.id}) for j in jobs])


def open_jobs(ports: Ports, limit: int = 100) -> list[Job]:
    """The jobs that are not done, the oldest first."""
    page = ports.items.due("contacts", LANE, times.text(ports.now()), limit=limit)
    return [Job.of_row(row) for row in page.items]


def _row(job: Job) -> dict[str, Any]:
    waiting = {"lane": LANE, "due": job.created_at} if job.state == "open" else {}
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
