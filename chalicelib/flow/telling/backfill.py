"""Backfill: tell a target of every contact that matches, also those from before its time.

First the contacts that wait to be indexed, then the index: so none slips between the two;
then those that the target has, since one that is gone stands in no index. After a change of
settings only the last: what the target has is brought up to date, nobody new is told. One that
was rehearsed goes the same way and does what the rehearsal listed.
"""

from collections.abc import Callable, Sequence

from chalicelib.domain.sources import Target
from chalicelib.flow import jobs, registry
from chalicelib.flow.guarding.counting import enrol
from chalicelib.flow.jobs import Job
from chalicelib.flow.ports import Ports
from chalicelib.flow.rehearsing import carry_out
from chalicelib.flow.telling.fan_out import kick_deliveries, tell
from chalicelib.flow.walk import EVERYONE, Place, walk


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
    tell_one = carry_out.visit if "rehearsal" in job.spec else _visit

    def visit(place: Place) -> Sequence[str]:
        if target.guard and place.table == "deliveries":
            enrol(ports, target.id, place.contact)
        return tell_one(ports, job, target, place)

    partitions = [*(EVERYONE if job.spec["everyone"] else []), ("deliveries", target.id)]
    tally = walk(ports, job, visit, remaining_ms, partitions)
    if tally is not None:
        jobs.close(ports, job, "done", {"target": target.id, "marked": 0, **tally})


def _visit(ports: Ports, job: Job, target: Target, place: Place) -> Sequence[str]:
    afresh = place.table != "deliveries"
    told = tell(ports, place.contact, [target], force=True, afresh=afresh, run=job.id)
    kick_deliveries(ports, told)
    return ["marked"] * len(told)
