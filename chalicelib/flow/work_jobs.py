"""Work off one job, of whichever kind."""

from collections.abc import Callable

from chalicelib.domain.errors import BusyError, ConflictError
from chalicelib.flow import backfill, jobs, merge, unmerge
from chalicelib.flow.jobs import Job
from chalicelib.flow.ports import Ports


def work_job(ports: Ports, job_id: str, remaining_ms: Callable[[], int]) -> None:
    """Do what is left of a job; harmless when it is done.

    A job that fails five times is given up: a merge is taken back, as if it had never been.
    """
    job = jobs.find(ports, job_id)
    if job is None or job.state != "open":
        return
    try:
        _work(ports, job, remaining_ms)
    except ConflictError:
        return  # the job says so: it is closed as failed
    except BusyError:
        raise
    except Exception:
        if jobs.note_failure(ports, job):
            _give_up(ports, job)
        raise


def _work(ports: Ports, job: Job, remaining_ms: Callable[[], int]) -> None:
    if job.kind == "backfill":
        backfill.work(ports, job, remaining_ms)
    elif job.kind == "undo":
        unmerge.work(ports, job)
    else:
        merge.work(ports, job)


def _give_up(ports: Ports, job: Job) -> None:
    if job.kind == "merge":
        merge.take_back(ports, job)
    why = {"error": "given_up", "detail": "The job failed too often and was given up."}
    jobs.close(ports, job, "failed", why)
