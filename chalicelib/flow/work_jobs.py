"""Work off one job, of whichever kind."""

from collections.abc import Callable

from chalicelib.domain.errors import ConflictError
from chalicelib.flow import backfill, jobs, merge
from chalicelib.flow.ports import Ports


def work_job(ports: Ports, job_id: str, remaining_ms: Callable[[], int]) -> None:
    """Do what is left of a job; harmless when it is done."""
    job = jobs.find(ports, job_id)
    if job is None or job.state != "open":
        return
    if job.kind == "backfill":
        backfill.work(ports, job, remaining_ms)
        return
    try:
        merge.work(ports, job)
    except ConflictError:
        return  # the job says so: it is closed as failed
