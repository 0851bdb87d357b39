"""Undo of batches: what they did is taken back, the newest first, as one job that is a batch.

the job, with the header of its batch -> for each batch: it is claimed, and closed for what
its call has not come to yet -> each of its effects is taken back, and what became of it kept

It can be begun again at any point: every step finds what was done.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from chalicelib.domain import times
from chalicelib.domain.errors import ConflictError, NotFoundError
from chalicelib.domain.model import digest
from chalicelib.flow import batches, jobs
from chalicelib.flow.batches import Batch, Chosen
from chalicelib.flow.changes import insisting
from chalicelib.flow.intake.ingest import UNDONE, Effect
from chalicelib.flow.jobs import Job, Kind
from chalicelib.flow.ports import Ports
from chalicelib.flow.ruling import deactivate, switch_rules
from chalicelib.flow.undoing.outcome import Taking, Undone, place_of
from chalicelib.flow.undoing.take_back import UNDOABLE, take_back
from chalicelib.store import keys
from chalicelib.store.ports import Absent, Conflict, Equals, Item, Put, Set

_SWITCHED: Mapping[Kind, Callable[[Ports, str, str], tuple[int, dict[str, Any]]]] = {
    "activate": deactivate.undo,
    "activate_rules": switch_rules.undo,
}
IN_REQUEST = 10
PAGE = 25
TIME_TO_STOP_MS = 60_000


def undo(ports: Ports, batch_id: str, by: str) -> tuple[int, dict[str, Any]]:
    """Take one batch back: (200, what came of it) or, for more than ten effects, (202, the job).

    A repetition answers as the first. Raises `NotFoundError`, and `ConflictError` where a
    batch of this kind is not taken back as a whole.
    """
    made = jobs.find(ports, batch_id)
    if made and made.kind in _SWITCHED:
        return _SWITCHED[made.kind](ports, batch_id, by)
    batch = known(ports, batch_id)
    job = _open(ports, Chosen(id=batch_id), by, batch.undone_by or f"undo-batch-{batch_id}")
    if job.state == "open" and job.spec["id"] and _is_small(ports, batch_id):
        work(ports, job, lambda: TIME_TO_STOP_MS)
        job = jobs.job(ports, job.id)
    return _answer(ports, job)


def _is_small(ports: Ports, batch_id: str) -> bool:
    """Whether a batch has no more effects than can be taken back in the request."""
    return len(batches.effects(ports, batch_id, None, IN_REQUEST + 2).items) <= IN_REQUEST + 1


def known(ports: Ports, batch_id: str) -> Batch:
    """A batch that can be taken back; see `undo` for what is raised."""
    batch = batches.find(ports, batch_id)
    if batch is None:
        raise NotFoundError("There is no batch under this id.")
    if batch.kind not in UNDOABLE:
        detail = "A batch of this kind is not taken back: do again what it undid."
        raise ConflictError(detail, kind="not_undoable")
    return batch


def undo_chosen(ports: Ports, wanted: Chosen, by: str, name: str) -> tuple[int, dict[str, Any]]:
    """Take back somebody's batches of a name or a time, up to now: (202, the job).

    `name` is the caller's own for this order: the same again is the same job. Raises
    `ConflictError` where it stands for another order.
    """
    now = times.text(ports.now())
    upto = min(wanted.upto or now, now)
    wanted = Chosen(by=wanted.by, name=wanted.name, since=wanted.since, upto=upto)
    job = _open(ports, wanted, by, digest("undo", by, name))
    if {**job.spec, "upto": upto} != _spec(wanted, by):
        raise ConflictError("This key was used before, for another undo.", kind="id_reused")
    return _answer(ports, job)


def _open(ports: Ports, wanted: Chosen, by: str, name: str) -> Job:
    """The job under that name; a new one is written with the header of its batch."""
    job = jobs.new_job(ports, "undo_batch", _spec(wanted, by), name)
    header = Batch(id=name, kind="undo", by=by, at=job.created_at, name=wanted.name)
    standing = jobs.find(ports, name)
    if standing:
        return standing
    try:
        ports.items.write([jobs.job_write(job), batches.opening(header)])
    except Conflict:
        return jobs.job(ports, name)
    return job


def _spec(wanted: Chosen, by: str) -> dict[str, Any]:
    return {**asdict(wanted), "who": by}


def chosen_by(job: Job) -> Chosen:
    """The batches that a job takes back."""
    return Chosen(**{name: value for name, value in job.spec.items() if name != "who"})


def _answer(ports: Ports, job: Job) -> tuple[int, dict[str, Any]]:
    if job.state == "done":
        return 200, {"job": job.id, **job.result}
    jobs.kick_jobs(ports, [job])
    return 202, {"job": job.id}


def work(ports: Ports, job: Job, remaining_ms: Callable[[], int]) -> None:
    """Go on from where the job is until it is done or the time is nearly over."""
    wanted = chosen_by(job)
    while True:
        if remaining_ms() < TIME_TO_STOP_MS:
            jobs.kick_jobs(ports, [job])
            return
        found, following = batches.chosen(ports, wanted, job.progress.get("batches"), 1)
        progress = _next(ports, job, found, following)
        if not found or not (progress["effects"] or following):
            break
        try:
            job = jobs.save(ports, job, progress=progress)
        except Conflict:
            return  # another worker is at it; if it stops half-way, the sweep goes on
    jobs.close(ports, job, "done", progress["counts"])


def _next(ports: Ports, job: Job, found: list[Batch], following: str | None) -> dict[str, Any]:
    """Take back some effects of the batch that is next; returns how far the job is then."""
    counts = Counter(job.progress.get("counts", {}))
    after = None
    for batch in found:
        if not _claimed(ports, job, batch):
            counts["left"] += batch.id != job.id
            continue
        page = batches.effects(ports, batch.id, job.progress.get("effects"), PAGE)
        done = (u for row in page.items for u in _undone(ports, job, batch, row))
        counts.update(u.state for u in done)
        counts["batches"] += page.next is None
        after = page.next
    here = job.progress.get("batches") if after else following
    return {"batches": here, "effects": after, "counts": dict(+counts)}


def _claimed(ports: Ports, job: Job, batch: Batch) -> bool:
    """Mark the batch as undone by this job, if it can be and no other job was first."""
    if batch.kind not in UNDOABLE:
        return False
    if not insisting(ports, lambda _: _marked(ports, job, batch.id)):
        return False
    insisting(ports, lambda _: _bar(ports, batch.id))
    return True


def _marked(ports: Ports, job: Job, batch_id: str) -> bool:
    batch = batches.find(ports, batch_id)
    if batch is None or batch.undone_by:
        return batch is not None and batch.undone_by == job.id
    ports.items.write([Set(keys.batch(batch_id), {"undone_by": job.id}, Equals("undone_by", ""))])
    return True


def _bar(ports: Ports, batch_id: str) -> None:
    """Stand where the batch's next effect would: a call on its way, or repeated, ends there."""
    pk = keys.batch(batch_id).pk
    last = ports.items.query("contacts", pk, prefix="0", limit=1, newest_first=True).items
    if last and last[0]["outcome"] == UNDONE:
        return
    position = int(last[0]["sk"]) + 1 if last else 0
    bar = Effect(outcome=UNDONE)
    ports.items.write([Put(keys.effect(batch_id, position), bar.row(), Absent())])


def _undone(ports: Ports, job: Job, batch: Batch, row: Item) -> list[Undone]:
    """What became of one effect; nothing for the header, and for what left nothing behind."""
    if row["sk"] == keys.batch(batch.id).sk:
        return []
    undo = Batch(id=job.id, kind="undo", by=job.spec["who"], at=job.created_at)
    place = place_of(job.id, batch.id, row["sk"])
    return take_back(ports, Taking(undo, batch, place, Effect.of_row(row)))
