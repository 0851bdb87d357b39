"""Walk: a job that visits every contact, page by page, and can be begun again at any point.

First the contacts that wait to be indexed, then the index: so none slips between the two.
A retired contact stands in neither: it says nothing that any rule could rank.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from chalicelib.domain.search_keys import EVERY, contact_of
from chalicelib.flow import jobs
from chalicelib.flow.changes import parked
from chalicelib.flow.jobs import Job
from chalicelib.flow.ports import Ports
from chalicelib.store import keys
from chalicelib.store.ports import Conflict

PAGE = 25
TIME_TO_STOP_MS = 60_000
_WAITING = [*keys.lane_shards(keys.MATCH), *map(parked, keys.lane_shards(keys.MATCH))]
EVERYONE = [("changes", pk) for pk in _WAITING] + [("index", key.partition) for key in EVERY]


class Place(NamedTuple):
    """The row that a walk comes to."""

    table: str
    pk: str
    sk: str

    @property
    def contact(self) -> str:
        """Whose row it is."""
        return contact_in(self.table, self.sk)

    @property
    def name(self) -> str:
        """The same for no other row."""
        return f"{self.pk}/{self.sk}"


def contact_in(table: str, sk: str) -> str:
    """The contact that a sort key names; of any table but the outbox it ends with the id."""
    return sk.partition("#")[0] if table == "changes" else contact_of(sk)


Visit = Callable[[Place], Iterable[str]]


def walk(
    ports: Ports,
    job: Job,
    visit: Visit,
    remaining_ms: Callable[[], int],
    partitions: Sequence[tuple[str, str]] = EVERYONE,
) -> Counter[str] | None:
    """Go on from where the job is; what `visit` tallied, once all `partitions` were gone through.

    None where the time is nearly over or another worker is at it. A page that was left
    half-way is visited again, and a contact that is indexed meanwhile, too.
    """
    at, after = job.progress.get("at", 0), job.progress.get("after")
    tally = Counter[str](job.progress.get("tally", {}))
    while at < len(partitions):
        if remaining_ms() < TIME_TO_STOP_MS:
            jobs.kick_jobs(ports, [job])
            return None
        table, pk = partitions[at]
        page = ports.items.query(table, pk, after=after, limit=PAGE)
        for row in page.items:
            tally.update(visit(Place(table, pk, row["sk"])))
        at, after = (at, page.next) if page.next else (at + 1, None)
        if not page.items:
            continue
        try:
            job = jobs.save(ports, job, progress={"at": at, "after": after, "tally": dict(tally)})
        except Conflict:
            return None  # if the other one stops half-way, the sweep goes on
    return tally
