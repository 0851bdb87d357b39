"""Switch: another release is rehearsed, put in force on account of that, and taken back.

In force is a release from the transaction that opens the job of its activation. One such job
is at work at a time, and only the last activation can be undone, as on a stack.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic

from chalicelib.domain.errors import ConflictError, FieldError, InvalidError, NotFoundError
from chalicelib.flow import jobs
from chalicelib.flow.changes import insisting
from chalicelib.flow.jobs import Job, Kind
from chalicelib.flow.ports import Ports
from chalicelib.flow.ruling.releases import Force, Releases, T
from chalicelib.store.ports import Write

Also = Callable[[Job], Sequence[Write]]


def nothing(_: Job) -> Sequence[Write]:
    """`Also` where there is nothing else to write."""
    return ()


@dataclass(frozen=True)
class Switch(Generic[T]):
    """The switch of one kind of releases; the other three name its kinds of jobs."""

    releases: Releases[T]
    rehearsing: Kind
    activating: Kind
    undoing: Kind

    def rehearse(self, ports: Ports, version: str) -> Job:
        """Open the job of a rehearsal; returns it."""
        mark = self.releases.mark_of(self.releases.named(ports, version))
        spec = {"version": version, "mark": mark}
        job = jobs.open_job(ports, self.rehearsing, spec, ports.chance.token())
        jobs.kick_jobs(ports, [job])
        return job

    def tried(self, ports: Ports, job: Job) -> T:
        """What a rehearsal tries; where a release brought another one the job has failed."""
        try:
            return self._rehearsed(ports, job)
        except ConflictError as refused:
            jobs.close(ports, job, "failed", {"error": refused.kind, "detail": refused.detail})
            raise

    def _rehearsed(self, ports: Ports, job: Job) -> T:
        thing = self.releases.named(ports, job.spec["version"])
        if self.releases.mark_of(thing) != job.spec["mark"]:
            kind = self.releases.kind
            detail = f"The bundled {kind} changed by now; rehearse again."
            raise ConflictError(detail, kind=f"{kind}_changed")
        return thing

    def activate(self, ports: Ports, version: str, rehearsal_id: str, also: Also = nothing) -> Job:
        """Open the job, and put the version in force; the same rehearsal again is the same job.

        `also` is written in the same transaction. Raises `InvalidError` where it names no
        rehearsal of this version, `ConflictError` where that is not done, was activated and
        undone, or another job is at work.
        """
        rehearsal = jobs.find(ports, rehearsal_id)
        if (
            rehearsal is None
            or rehearsal.kind != self.rehearsing
            or rehearsal.spec["version"] != version
        ):
            detail = "This is no rehearsal of this version."
            raise InvalidError(detail, [FieldError("/rehearsal", "unknown", detail)])
        if rehearsal.state != "done":
            raise ConflictError("This rehearsal is not done.", kind=f"rehearsal_{rehearsal.state}")
        job = insisting(ports, lambda _: self._activate(ports, rehearsal, also))
        jobs.kick_jobs(ports, [job] if job.state == "open" else [])
        return job

    def _activate(self, ports: Ports, rehearsal: Job, also: Also) -> Job:
        name = f"activate-{rehearsal.id}"
        if jobs.find(ports, f"undo-{name}"):
            raise ConflictError("This activation was undone; rehearse again.", kind="undone")
        known = jobs.find(ports, name)
        if known:
            return known
        force = self.releases.force(ports)
        _refuse_busy(ports, force)
        thing = self._rehearsed(ports, rehearsal)
        spec = {"version": thing.version, "rehearsal": rehearsal.id, "before": force.row()}
        job = jobs.new_job(ports, self.activating, spec, name)
        self._open(ports, job, force, self.releases.forced(thing, job.id), also)
        return job

    def _open(self, ports: Ports, job: Job, known: Force, news: Force, also: Also) -> None:
        force = self.releases.force_write(known, news)
        ports.items.write([jobs.job_write(job), force, *also(job)])

    def undo(
        self, ports: Ports, batch: str, by: str, also: Also = nothing
    ) -> tuple[int, dict[str, Any]]:
        """Put in force what was before: (202, the job), once it is done (200, what came of it).

        Raises `NotFoundError`; `ConflictError` where it is still being done, or where another
        activation came after it, which is to be undone first.
        """
        activation = jobs.find(ports, batch)
        if activation is None or activation.kind != self.activating:
            raise NotFoundError("There is no batch under this id that can be undone.")
        job = insisting(ports, lambda _: self._undo(ports, activation, by, also))
        if job.state == "failed":
            raise ConflictError(job.result["detail"], kind=job.result["error"])
        if job.state == "done":
            return 200, {"job": job.id, **job.result}
        jobs.kick_jobs(ports, [job])
        return 202, {"job": job.id}

    def _undo(self, ports: Ports, activation: Job, by: str, also: Also) -> Job:
        name = f"undo-{activation.id}"
        known = jobs.find(ports, name)
        if known:
            return known
        force = self.releases.force(ports)
        if force.batch != activation.id:
            detail = "Another activation came after this one; undo that first."
            raise ConflictError(detail, kind="not_the_last", batch=force.batch)
        _refuse_busy(ports, force)
        named = {n: activation.spec[n] for n in ("version", "rehearsal")}
        job = jobs.new_job(ports, self.undoing, {**named, "batch": activation.id, "by": by}, name)
        before = Force.of_row(activation.spec["before"]).model_copy(update={"job": job.id})
        self._open(ports, job, force, before, also)
        return job


def _refuse_busy(ports: Ports, force: Force) -> None:
    """One batch after the other: each goes by contacts that stand still."""
    last = jobs.find(ports, force.job) if force.job else None
    if last and last.state == "open":
        detail = "Another batch of this kind is at work."
        raise ConflictError(detail, kind="job_open", job=last.id)
