"""Release: a person has looked at what waits for a held target, and it is sent.

    each delivery that is due -> made part of the release -> the target goes on, and is told

Until all that waits is part of it the target stays held; what comes after is counted anew.
Each is sent in its latest state, once. The job can be begun again at any point.
"""

from collections.abc import Callable

from chalicelib.domain import times
from chalicelib.domain.errors import ConflictError
from chalicelib.domain.guarding import REMOVAL, allowed
from chalicelib.domain.sources import Target
from chalicelib.flow import jobs, registry
from chalicelib.flow.changes import insisting
from chalicelib.flow.guarding.counting import tally_of, tally_write
from chalicelib.flow.jobs import Job
from chalicelib.flow.pausing.drain import wake
from chalicelib.flow.ports import Ports
from chalicelib.flow.walk import Place, walk
from chalicelib.store import deliveries


def release(ports: Ports, target_id: str, limit: int | None) -> Job:
    """Let a held target hear of what waits, as a job: all of it, or so much of it (a removal
    counts as four) before it is held again. `ConflictError` for one that is not held.
    """
    if registry.registered(ports, Target, target_id).state != "held":
        raise ConflictError("Its guard does not hold it.", kind="not_held")
    spec = {"target": target_id, "limit": limit}
    job = jobs.open_job(ports, "release", spec, ports.chance.token())
    jobs.kick_jobs(ports, [job])
    return job


def work(ports: Ports, job: Job, remaining_ms: Callable[[], int]) -> None:
    """Go on from where the job is until it is done or the time is nearly over."""
    target_id = job.spec["target"]
    tally = walk(
        ports,
        job,
        lambda place: _take(ports, job, place),
        remaining_ms,
        [("deliveries", target_id)],
    )
    if tally is None:
        return
    waited = tally["waited"]
    insisting(ports, lambda _: _go_on(ports, job, job.spec["limit"] or REMOVAL * waited))
    wake(ports, target_id, remaining_ms)
    jobs.close(ports, job, "done", {"target": target_id, "waited": waited})


def _take(ports: Ports, job: Job, place: Place) -> list[str]:
    return insisting(ports, lambda _: _take_once(ports, job, place))


def _take_once(ports: Ports, job: Job, place: Place) -> list[str]:
    known = deliveries.known(ports.items, place.pk, place.contact)
    if not known.due:
        return []
    if known.run != job.id:
        taken = known.model_copy(update={"run": job.id, "rev": known.rev + 1})
        ports.items.write([deliveries.delivery_write(known, taken)])
    return ["waited"]


def _go_on(ports: Ports, job: Job, limit: int) -> None:
    known = registry.registered(ports, Target, job.spec["target"])
    if known.state != "held":
        return  # another release was faster, or this one was at this point before
    now = ports.now()
    tally = tally_of(ports, known.id)
    anew = allowed(tally, job.id, limit, now).model_copy(update={"lately": {}})
    news = {"state": "active", "stopped": None, "resumed_at": times.text(now)}
    registry.store(ports, known, known.model_copy(update=news), [tally_write(tally, anew)])
