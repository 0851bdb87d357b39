"""The jobs of an account: accepted at once, done after a delay, each item on its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from .store import Rejected, Store, stamp

Step = Callable[[], str]  # does one item, says what of it: created, updated, deleted


@dataclass
class Job:
    """`errors` holds why items failed, by their place in the request."""

    id: str
    kind: str
    steps: Sequence[Step]
    started: datetime
    due: datetime
    finished: datetime | None = None
    counts: dict[str, int] = field(default_factory=dict)
    errors: dict[int, str] = field(default_factory=dict)

    @property
    def status(self) -> str:
        """Pending, then completed, errored (some failed) or failed (all did)."""
        if self.finished is None:
            return "pending"
        if not self.errors:
            return "completed"
        return "failed" if len(self.errors) == len(self.steps) else "errored"

    def run(self) -> None:
        """Do every item; one that fails does not stop the others."""
        for place, step in enumerate(self.steps):
            try:
                said = step()
                self.counts[said] = self.counts.get(said, 0) + 1
            except Rejected as why:
                self.errors[place] = str(why)
        self.finished = self.due

    def shown(self) -> dict[str, Any]:
        """As the import status shows it."""
        done = {"finished_at": stamp(self.finished)} if self.finished else {}
        return {
            "id": self.id,
            "status": self.status,
            "job_type": self.kind,
            "results": self._results() if self.finished else {},
            "started_at": stamp(self.started),
            **done,
        }

    def _results(self) -> dict[str, Any]:
        counts = {f"{said}_count": self.counts.get(said, 0) for said in ("created", "updated")}
        url = f"https://sendgrid.example/errors/{self.id}.csv"
        return {
            "requested_count": len(self.steps),
            **counts,
            "deleted_count": self.counts.get("deleted", 0),
            "errored_count": len(self.errors),
            **({"errors_url": url} if self.errors else {}),
        }


class Jobs:
    """In the order in which they came; run when their time has come and somebody looks."""

    def __init__(self, store: Store, delay: timedelta) -> None:
        self.all: dict[str, Job] = {}
        self.delay = delay
        self._store = store

    def begin(self, kind: str, steps: Sequence[Step]) -> Job:
        """Accept one."""
        now = self._store.now()
        job = Job(self._store.new_id(), kind, steps, now, now + self.delay)
        self.all[job.id] = job
        return job

    def settle(self) -> None:
        """Do what is due."""
        for job in self.all.values():
            if job.finished is None and job.due <= self._store.now():
                job.run()
