"""Undo an activation: the model before it is in force again, then its findings are taken back.

What the activation joined is left with a `different` of the model's own: it keeps the
machine's hands off, or the next match might join the two again, but binds no person and no
later rehearsal. What the activation parted is joined again where that is still lawful.
"""

from collections.abc import Callable
from typing import Any

from chalicelib.domain.findings import Finding, Outcome
from chalicelib.flow import jobs
from chalicelib.flow.jobs import Job
from chalicelib.flow.ports import Ports
from chalicelib.flow.ruling.activate import take_back
from chalicelib.flow.ruling.findings import work_off
from chalicelib.flow.ruling.models import SWITCH


def undo(ports: Ports, batch: str, by: str) -> tuple[int, dict[str, Any]]:
    """Take an activation back: (202, the job), and once that is done (200, what came of it).

    Raises as `Switch.undo`.
    """
    return SWITCH.undo(ports, batch, by)


def work(ports: Ports, job: Job, remaining_ms: Callable[[], int]) -> None:
    """Go on from where the job is until it is done or the time is nearly over."""
    activation = jobs.job(ports, job.spec["batch"])

    def act(ports: Ports, job: Job, finding: Finding) -> Outcome:
        refusals = take_back(
            ports, activation, finding, job.spec["by"], job.id, says=lambda d: d.judgement.by
        )
        reason = ", ".join(sorted(set(refusals)))
        return Outcome(state="partly" if refusals else "done", reason=reason)

    work_off(ports, job, act, remaining_ms)
