"""Backfill: tell a target of every contact that matches, also those from before its time.

First the contacts that wait to be indexed, then the index: so none slips between the two;
then those that the target has, since one that is gone stands in no index. After a change of
settings only the last: what the target has is brought up to date, nobody new is told.
Each step marks a page of contacts and notes how far it came.
"""

from collections.abc import Callable
from typing import Any

from chalicelib.domain.sources import Target
from chalicelib.flow import jobs, registry
from chalicelib.flow.jobs import Job
from chalicelib.flow.ports import Ports
from chalicelib.flow.telling.fan_out import kick_deliveries, tell
from chalicelib.flow.walk import EVERYONE, contact_in
from chalicelib.store.ports import Conflict

PAGE = 50
TIME_TO_STOP_MS = 10_000


def backfill(ports: Ports, target_id: str) -> Job:
    """Open the job; returns it."""
    target = registry.started(ports, Target, target_id)
    new = new_backfill(ports, target.id, everyone=True)
    job = jobs.open_job(ports, new.kind, new.spec, new.id)
    jobs.kick_jobs(ports, [job])
    return job


def new_backfill(ports: Ports, target_id: str, *, everyone: bool) -> Job:
    """A job that is not written yet: for everyone, or for those that the target has."""
    spec = {"target": target_id, "everyone": everyone}
    return jobs.new_job(ports, "backfill", spec, ports.chance.token())


def work(ports: Ports, job: Job, remaining_ms: Callable[[], int]) -> None:
    """Go on from where the job is until it is done or the time is nearly over."""
    target = registry.registered(ports, Target, job.spec["target"])
    at, after, marked = _progress(job.progress)
    partitions = [*(EVERYONE if job.spec["everyone"] else []), ("deliveries", target.id)]
    while at < len(partitions):
        if remaining_ms() < TIME_TO_STOP_MS:
            jobs.kick_jobs(ports, [job])
            return
        table, pk = partitions[at]
        page = ports.items.query(table, pk, after=after, limit=PAGE)
        marked += sum(_mark(ports, target, row["sk"], table) for row in page.items)
        at, after = (at, page.next) if page.next else (at + 1, None)
        try:
            job = jobs.save(ports, job, progress={"at": at, "after": after, "marked": marked})
        except Conflict:
            return  # another worker is at it; if it stops half-way, the sweep goes on
    jobs.close(ports, job, "done", {"target": target.id, "marked": marked})


def _progress(progress: dict[str, Any]) -> tuple[int, str | None, int]:
    return progress.get("at", 0), progress.get("after"), progress.get("marked", 0)


def _mark(ports: Ports, target: Target, sk: str, table: str) -> int:
    told = tell(ports, contact_in(table, sk), [target], force=True, afresh=table != "deliveries")
    kick_deliveries(ports, told)
    return len(told)
