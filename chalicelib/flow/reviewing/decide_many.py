"""Decide many: one verdict on a list of reviews, or on all that a filter finds, as one batch.

    chosen (the order is kept in the job) -> one after the other, each in a transaction of its
    own -> an outcome for each

The batch bears the job's name: each judgement and version that it makes says so. A job that
is begun again finds, by that name, what it has decided already.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.domain.errors import ConflictError, InvalidError, NotFoundError
from chalicelib.domain.judgements import Decision
from chalicelib.domain.model import digest
from chalicelib.flow import jobs
from chalicelib.flow.jobs import Job
from chalicelib.flow.ports import Ports
from chalicelib.flow.reviewing.desk import Wanted, asked
from chalicelib.flow.reviewing.review import DECIDED, Answer, Verdict, answer
from chalicelib.store import contacts
from chalicelib.store.ports import Conflict

IN_REQUEST = 20
REVIEWS_CAP = 500
TIME_TO_STOP_MS = 60_000


@dataclass(frozen=True)
class Order:
    """One verdict on these reviews, or on those that are `wanted`, at most `limit` of them."""

    verdict: Verdict
    by: str
    reviews: tuple[str, ...] = ()
    wanted: Wanted | None = None
    limit: int = REVIEWS_CAP


def preview(ports: Ports, order: Order) -> dict[str, Any]:
    """Which reviews would be decided: their number and ids; nothing is done.

    `more` says that the filter may find others beyond these.
    """
    chosen, more = _chosen(ports, order)
    return {"count": len(chosen), "reviews": chosen, "more": more}


def decide(ports: Ports, order: Order) -> tuple[int, dict[str, Any]]:
    """(200, the batch and each review's outcome) or, for more than twenty, (202, the job).

    A list that is sent again, while its answers stand, is answered as the first time. Raises
    `InvalidError` for too many, `NotFoundError` for an unknown id.
    """
    chosen, more = _chosen(ports, order)
    if not chosen:
        return 200, {"job": None, "batch": None, "outcomes": {}, "more": more}
    job = _job(ports, replace(order, reviews=tuple(chosen)))
    if len(chosen) > IN_REQUEST and job.state == "open":
        jobs.kick_jobs(ports, [job])
        return 202, {"job": job.id, "count": len(chosen), "more": more}
    if job.state == "open":
        _close(ports, job, _outcomes(ports, job, chosen))
    return 200, {"job": job.id, **jobs.job(ports, job.id).result, "more": more}


def _chosen(ports: Ports, order: Order) -> tuple[list[str], bool]:
    """The ids in the order in which they are decided, and whether there may be more."""
    if order.wanted is None:
        named = list(dict.fromkeys(order.reviews))
        if not 0 < len(named) <= REVIEWS_CAP:
            raise InvalidError(f"Name one to {REVIEWS_CAP} reviews.")
        return named, False
    found, place = asked(ports, order.wanted, None, order.limit)
    return [question.decision.judgement.id for question in found], place is not None


def _job(ports: Ports, order: Order) -> Job:
    """The job of an order: the one that has decided some of it, or else a new one."""
    known = contacts.decisions(ports.items, order.reviews)
    if any(r not in known or known[r].judgement.verdict != "unsure" for r in order.reviews):
        raise NotFoundError("There is no review under one of the ids.")
    spec = {"verdict": order.verdict, "by": order.by, "reviews": list(order.reviews)}
    begun = {str(d.undo["batch"]) for d in known.values() if "batch" in d.undo}
    found = (jobs.find(ports, name) for name in sorted(begun))
    standing = (job for job in found if job and job.spec == spec and _stands(job, known))
    revs = sorted(f"{name}#{d.rev}" for name, d in known.items())
    name = digest("decide", order.verdict, order.by, *revs)  # twice the same while nothing changed
    return next(standing, None) or jobs.open_job(ports, "decide", spec, name)


def _stands(job: Job, known: Mapping[str, Decision]) -> bool:
    """Whether nothing that the job has decided was taken back since."""
    outcomes = job.result.get("outcomes", {}).items()
    own = [review for review, outcome in outcomes if outcome == "decided"]
    return all(known[review].undo.get("batch") == job.id for review in own)


def work(ports: Ports, job: Job, remaining_ms: Callable[[], int]) -> None:
    """Decide what has no outcome yet, until it is done or the time is nearly over."""
    outcomes: dict[str, str] = dict(job.progress.get("outcomes", {}))
    while left := [r for r in job.spec["reviews"] if r not in outcomes]:
        if remaining_ms() < TIME_TO_STOP_MS:
            jobs.kick_jobs(ports, [job])
            return
        outcomes |= _outcomes(ports, job, left[:IN_REQUEST])
        if len(left) > IN_REQUEST:
            try:
                job = jobs.save(ports, job, progress={"done": len(outcomes), "outcomes": outcomes})
            except Conflict:
                return  # another worker is at it; if it stops half-way, the sweep goes on
    _close(ports, job, outcomes)


def _close(ports: Ports, job: Job, outcomes: Mapping[str, str]) -> None:
    jobs.close(ports, job, "done", {"batch": job.id, "outcomes": dict(outcomes)})


def _outcomes(ports: Ports, job: Job, reviews: Iterable[str]) -> dict[str, str]:
    return {review: _outcome(ports, job, review) for review in reviews}


def _outcome(ports: Ports, job: Job, review_id: str) -> str:
    """`decided` by this batch, `decided_already` by somebody else, or why it cannot be."""
    given = Answer(job.spec["verdict"], job.spec["by"], batch=job.id)
    try:
        done = answer(ports, review_id, given)
    except ConflictError as refused:
        return "decided_already" if refused.kind == DECIDED else refused.kind
    return "decided" if done.get("batch") == job.id else "decided_already"
