"""Work off one job, of whichever kind."""

from collections.abc import Callable, Mapping

from chalicelib.domain.errors import BusyError, ConflictError
from chalicelib.flow import jobs
from chalicelib.flow.checking import fsck
from chalicelib.flow.editing import split
from chalicelib.flow.guarding import release
from chalicelib.flow.jobs import Job, Kind
from chalicelib.flow.listing import enlist
from chalicelib.flow.merging import merge, unmerge
from chalicelib.flow.pausing import drain
from chalicelib.flow.ports import Ports
from chalicelib.flow.rehearsing import rehearse as rehearse_target
from chalicelib.flow.reviewing import decide_many
from chalicelib.flow.ruling import activate, deactivate, rehearse, rehearse_rules, renew
from chalicelib.flow.telling import backfill, retry
from chalicelib.flow.undoing import undo_batches

Work = Callable[[Ports, Job, Callable[[], int]], object]
WORK: Mapping[Kind, Work] = {
    "merge": lambda ports, job, _: merge.work(ports, job),
    "undo": lambda ports, job, _: unmerge.work(ports, job),
    "backfill": backfill.work,
    "rehearse": rehearse.work,
    "activate": activate.work,
    "deactivate": deactivate.work,
    "undo_batch": undo_batches.work,
    "split": lambda ports, job, _: split.work(ports, job),
    "decide": decide_many.work,
    "fsck": fsck.work,
    "rehearse_rules": rehearse_rules.work,
    "activate_rules": renew.work,
    "deactivate_rules": renew.work,
    "resume": drain.work,
    "retry": retry.work,
    "release": release.work,
    "rehearse_target": rehearse_target.work,
    "push_list": enlist.work,
}


def work_job(ports: Ports, job_id: str, remaining_ms: Callable[[], int]) -> None:
    """Do what is left of a job; harmless when it is done.

    A job that fails five times is given up: a merge is taken back, as if it had never been.
    """
    job = jobs.find(ports, job_id)
    if job is None or job.state != "open":
        return
    try:
        WORK[job.kind](ports, job, remaining_ms)
    except ConflictError:
        return  # the job says so: it is closed as failed
    except BusyError:
        raise
    except Exception:
        if jobs.note_failure(ports, job):
            _give_up(ports, job)
        raise


def _give_up(ports: Ports, job: Job) -> None:
    if job.kind == "merge":
        merge.take_back(ports, job)
    why = {"error": "given_up", "detail": "The job failed too often and was given up."}
    jobs.close(ports, job, "failed", why)
