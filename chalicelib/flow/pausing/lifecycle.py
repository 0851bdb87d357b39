"""Lifecycle: a source or target is started, paused, resumed; or all of them at once rest.

Resuming writes its job in the transaction that ends the pause: what was kept is applied by it.
"""

from typing import TypeVar

from chalicelib.domain import times
from chalicelib.domain.errors import ConflictError
from chalicelib.domain.pausing import Pause
from chalicelib.domain.sources import Source, Target
from chalicelib.flow import jobs, registry
from chalicelib.flow.changes import insisting
from chalicelib.flow.jobs import Job
from chalicelib.flow.pausing.rest import PAUSE, everything
from chalicelib.flow.ports import Ports
from chalicelib.flow.telling.backfill import new_backfill
from chalicelib.store.ports import Absent, Equals, Put, Write

System = TypeVar("System", Source, Target)


def start(ports: Ports, kind: type[System], name: str) -> System:
    """Set what was prepared to work; a target is told of all that it should have.

    One that is at work is left as it is; `ConflictError` for one that is paused or held.
    """
    opened = [new_backfill(ports, name, everyone=True)] if kind is Target else []
    started = insisting(ports, lambda _: _start(ports, kind, name, opened))
    jobs.kick_jobs(ports, opened)
    return started


def _start(ports: Ports, kind: type[System], name: str, opened: list[Job]) -> System:
    known = registry.registered(ports, kind, name)
    if known.state == "paused":
        raise ConflictError("It is paused: POST .../resume sets it to work.", kind="paused")
    _refuse_held(known)
    if known.started:
        return known
    active = known.model_copy(update={"state": "active"})
    return registry.store(ports, known, active, [jobs.job_write(job) for job in opened])


def pause(ports: Ports, kind: type[System], name: str) -> System:
    """Nothing goes in or out of it from now on; what is on its way already ends.

    `ConflictError` for one that was not started, or that its guard holds.
    """
    return insisting(ports, lambda _: _pause(ports, kind, name))


def _pause(ports: Ports, kind: type[System], name: str) -> System:
    known = registry.started(ports, kind, name)
    _refuse_held(known)
    if known.state == "paused":
        return known
    paused = {"state": "paused", "paused_at": times.text(ports.now())}
    return registry.store(ports, known, known.model_copy(update=paused))


def resume(ports: Ports, kind: type[System], name: str) -> Job:
    """Set it to work again; the job applies what was kept, or sends what is due.

    One that is at work is looked through all the same. `ConflictError` where it never was, and
    for one that its guard holds.
    """
    spec: dict[str, list[str]] = {"sources": [], "targets": []}
    spec[registry.SIDES[kind]] = [name]
    job = jobs.new_job(ports, "resume", spec, ports.chance.token())
    insisting(ports, lambda _: _resume(ports, kind, name, job))
    jobs.kick_jobs(ports, [job])
    return job


def _resume(ports: Ports, kind: type[System], name: str, job: Job) -> None:
    known = registry.started(ports, kind, name)
    _refuse_held(known)
    news = {"state": "active", "paused_at": "", "resumed_at": times.text(ports.now())}
    active = known.model_copy(update=news if known.state == "paused" else {})
    registry.store(ports, known, active, [jobs.job_write(job)])


def _refuse_held(known: Source | Target) -> None:
    if known.state == "held":
        raise ConflictError("Its guard holds it: POST .../release lets it go on.", kind="held")


def pause_all(ports: Ports, by: str) -> None:
    """All sources and targets rest from now on, whatever their own state."""
    insisting(ports, lambda _: _pause_all(ports, by))


def _pause_all(ports: Ports, by: str) -> None:
    known = everything(ports)
    if known.state != "paused":
        now = times.text(ports.now())
        _store(ports, known, state="paused", since=known.since or now, by=by)


def resume_all(ports: Ports) -> Job:
    """All go on but those that are paused by themselves; returns the job that sees to it.

    First what was kept is applied, then the targets hear of it.
    """
    job = jobs.new_job(ports, "resume", {}, ports.chance.token())
    insisting(ports, lambda _: _resume_all(ports, job))
    jobs.kick_jobs(ports, [job])
    return job


def _resume_all(ports: Ports, job: Job) -> None:
    known = everything(ports)
    state = "active" if known.state == "active" else "resuming"
    _store(ports, known, jobs.job_write(job), state=state, job=job.id)


def resumed_all(ports: Ports, job_id: str) -> None:
    """What was kept is applied: now the targets go on, unless all were paused again."""
    insisting(ports, lambda _: _resumed_all(ports, job_id))


def _resumed_all(ports: Ports, job_id: str) -> None:
    known = everything(ports)
    if known.state == "resuming" and known.job == job_id:
        now = times.text(ports.now())
        _store(ports, known, state="active", since="", by="", resumed_at=now)


def _store(ports: Ports, known: Pause, *also: Write, **news: str) -> None:
    stored = known.model_copy(update=news | {"rev": known.rev + 1})
    condition = Equals("rev", known.rev) if known.rev else Absent()
    ports.items.write([Put(PAUSE, stored.row(), condition), *also])
