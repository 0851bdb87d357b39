"""Failed deliveries: listed by their reason, and tried again by one call.

They are looked for among all of the target's, page by page: what is few is retried at once,
the rest as a job.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from chalicelib.domain.deliveries import Delivery
from chalicelib.domain.sources import Target
from chalicelib.flow import jobs, registry
from chalicelib.flow.jobs import Job
from chalicelib.flow.ports import Ports
from chalicelib.flow.telling import pacing
from chalicelib.flow.telling.fan_out import kick_deliveries, mark_again
from chalicelib.store.ports import Conflict

FAILED = ("failed", "given_up")
AT_ONCE = 5  # pages in a request
TIME_TO_STOP_MS = 10_000


class Retried(NamedTuple):
    """How many are due again; the job that goes on, where there are more to look through."""

    found: int
    job: str | None = None


def retry(ports: Ports, target_id: str, reason: str = "") -> Retried:
    """Set a target's failed and given-up deliveries (of one reason) due now, and probe it."""
    target = registry.registered(ports, Target, target_id)
    pacing.reopen(ports, target.id)
    count, after = 0, None
    for _ in range(AT_ONCE):
        found, after = _page(ports, target.id, reason, after)
        count += found
        if after is None:
            return Retried(count)
    spec = {"target": target.id, "reason": reason, "after": after, "retried": count}
    job = jobs.open_job(ports, "retry", spec, ports.chance.token())
    jobs.kick_jobs(ports, [job])
    return Retried(count, job.id)


def work(ports: Ports, job: Job, remaining_ms: Callable[[], int]) -> None:
    """Go on from where the job is until it is done or the time is nearly over."""
    so_far = {"after": job.spec["after"], "retried": job.spec["retried"], **job.progress}
    after, count = so_far["after"], so_far["retried"]
    while after is not None:
        if remaining_ms() < TIME_TO_STOP_MS:
            jobs.kick_jobs(ports, [job])
            return
        found, after = _page(ports, job.spec["target"], job.spec["reason"], after)
        count += found
        if after is not None:
            try:
                job = jobs.save(ports, job, progress={"after": after, "retried": count})
            except Conflict:
                return  # another worker is at it; if it stops half-way, the sweep goes on
    jobs.close(ports, job, "done", {"target": job.spec["target"], "retried": count})


def _page(ports: Ports, target: str, reason: str, after: str | None) -> tuple[int, str | None]:
    page = ports.items.query("deliveries", target, after=after)
    rows = (Delivery.of_row(row) for row in page.items)
    again = [due for row in rows if is_failed(row, reason) for due in _again(ports, row, reason)]
    kick_deliveries(ports, again)
    return len(again), page.next


def is_failed(row: Delivery, reason: str) -> bool:
    """Whether it failed, for that reason where one is named."""
    return row.state in FAILED and reason in ("", row.reason)


def _again(ports: Ports, delivery: Delivery, reason: str) -> Iterator[Delivery]:
    """Unless it was retried meanwhile."""
    name, contact = delivery.target, delivery.contact
    return mark_again(ports, name, contact, lambda known: is_failed(known, reason))


def view(retried: Retried) -> dict[str, Any]:
    """As the outside sees it."""
    return {"retried": retried.found} | ({"job": retried.job} if retried.job else {})
