"""Fsck: the whole store is examined; what a torn restore left is mended where evidence is.

    look at every item -> note its faults; to mend: gather judgements that heads have lost
    -> mend fault by fault -> look again -> what is left is reported

A job like others: it notes how far it came, and can be begun again at any point.
"""

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from chalicelib.domain.checking import Fault, fault_view
from chalicelib.domain.errors import FieldError, InvalidError, TooLargeError
from chalicelib.domain.judgements import Judgement
from chalicelib.domain.model import canonical, digest
from chalicelib.flow import jobs
from chalicelib.flow.checking.examine import TABLES, examine
from chalicelib.flow.checking.mend import BY_ROW, mend
from chalicelib.flow.checking.region import Walk
from chalicelib.flow.checking.standing import rows
from chalicelib.flow.jobs import Job
from chalicelib.flow.ports import Ports
from chalicelib.store import keys
from chalicelib.store.ports import Conflict, Item, Page, Put

PAGE = 50
TIME_TO_STOP_MS = 60_000
SAMPLE = 100
PARTS = (4096, 64, 1)  # parts of a table: a sample begins at any of many, if it holds enough
LOOK, GATHER, MEND = "look", "gather", "mend"
ONCE = (LOOK,)
MENDING = (LOOK, GATHER, MEND, LOOK, GATHER, MEND, LOOK)  # twice: the first may lay more bare
_log = logging.getLogger(__name__)
Left = Callable[[], int]


def fsck(ports: Ports, *, mend: bool, sample: int | None) -> Job:
    """Open the job; returns it. `sample` looks only at about so many items of each table.

    Raises `InvalidError` for both: what is mended must be found again, or not, in the end.
    """
    if mend and sample:
        detail = "A sample is not mended; leave it out."
        raise InvalidError(detail, [FieldError("/sample", "not_with_mend", detail)])
    spec = {"mend": mend, "sample": sample}
    job = jobs.open_job(ports, "fsck", spec, ports.chance.token())
    jobs.kick_jobs(ports, [job])
    return job


def fsck_sample(ports: Ports) -> int:
    """Examine a sample of each table, from anywhere; each fault rings; returns how many."""
    found = [f for table, item in _sample(ports, SAMPLE) for f in examine(ports, table, item)]
    for fault in found:
        _log.error(json.dumps({"fsck_fault": fault.code, fault.of: fault.id}))
    return len(found)


def work(ports: Ports, job: Job, remaining_ms: Left) -> None:
    """Go on from where the job is until it is done or the time is nearly over."""
    phases = MENDING if job.spec["mend"] else ONCE
    try:
        while (phase := job.progress.get("phase", 0)) < len(phases):
            if remaining_ms() < TIME_TO_STOP_MS:
                jobs.kick_jobs(ports, [job])
                return
            job = jobs.save(ports, job, progress=PHASES[phases[phase]](ports, job))
    except Conflict:
        return  # another worker is at it; if it stops half-way, the sweep goes on
    jobs.close(ports, job, "done", _result(ports, job))


def _look(ports: Ports, job: Job) -> dict[str, Any]:
    """Examine a page of a table, or the sample."""
    at = job.progress.get("at", 0)
    if job.spec["sample"]:
        sample = list(_sample(ports, job.spec["sample"]))
        for table, item in sample:
            _note(ports, job, table, item)
        return _following(job, Page(), len(TABLES), len(sample))
    page = _page(ports, job, TABLES[at])
    for item in page.items:
        _note(ports, job, TABLES[at], item)
    return _following(job, page, len(TABLES), len(page.items))


def _note(ports: Ports, job: Job, table: str, item: Item) -> None:
    """Keep the faults of an item, with the phase in which they were last seen."""
    for fault in examine(ports, table, item):
        key = keys.finding(job.id, digest(canonical(fault.row())))
        ports.items.write([Put(key, fault.row() | {"phase": job.progress.get("phase", 0)})])


def _gather(ports: Ports, job: Job) -> dict[str, Any]:
    """Note the judgements that name a record near a fault: its head may have lost them."""
    near = _near(ports, job)
    page = _page(ports, job, "contacts") if near else Page()
    for item in page.items:
        if item["pk"].startswith("J#"):
            judgement = Judgement.of_row(item["judgement"])
            for record in near.intersection(judgement.a + judgement.b):
                ports.items.write([Put(keys.gathered(job.id, record, judgement.id), {})])
    return _following(job, page, 1, 0)


def _near(ports: Ports, job: Job) -> set[str]:
    faults = (f for f in _seen_before(ports, job) if f.of not in BY_ROW)
    return {r for f in faults for r in Walk(ports).around(f.seeds).records}


def _mend(ports: Ports, job: Job) -> dict[str, Any]:
    """Mend a page of faults; what is too large is left, and found again."""
    page = _findings(ports, job, PAGE)
    for fault in _of_phase(page, job.progress["phase"] - 2):
        try:
            mend(ports, fault, job.id, lambda record: _gathered(ports, job, record))
        except TooLargeError:
            _log.warning(json.dumps({"not_mended": fault.id, "why": "too_large"}))
    return _following(job, page, 1, 0)


def _gathered(ports: Ports, job: Job, record: str) -> list[str]:
    found = rows(ports.items, keys.gathered(job.id, record))
    return [row["sk"].rpartition("#")[2] for row in found]


def _following(job: Job, page: Page, parts: int, looked: int) -> dict[str, Any]:
    """The progress after a page: the next page, part or phase."""
    now = job.progress
    done = {"looked": now.get("looked", 0) + looked, "phase": now.get("phase", 0)}
    at = now.get("at", 0)
    if page.next:
        return done | {"at": at, "after": page.next}
    if at + 1 < parts and not job.spec["sample"]:
        return done | {"at": at + 1}
    return done | {"phase": done["phase"] + 1}


def _page(ports: Ports, job: Job, table: str) -> Page:
    return ports.items.scan(table, after=job.progress.get("after"), limit=PAGE)


def _findings(ports: Ports, job: Job, limit: int) -> Page:
    after = job.progress.get("after")
    pk = keys.job(job.id).pk
    return ports.items.query("contacts", pk, prefix=keys.FINDINGS, after=after, limit=limit)


def _seen_before(ports: Ports, job: Job) -> Iterator[Fault]:
    """The faults that the look before found."""
    found = rows(ports.items, keys.finding(job.id, ""))
    return _of_phase(Page(list(found)), job.progress["phase"] - 1)


def _of_phase(page: Page, phase: int) -> Iterator[Fault]:
    return (Fault.of_row(row) for row in page.items if row["phase"] == phase)


def _sample(ports: Ports, count: int) -> Iterator[tuple[str, Item]]:
    for table in TABLES:
        found = Page()
        for segments in PARTS:
            if len(found.items) < count:
                segment = int(ports.chance.share() * segments)
                found = ports.items.scan(table, segment=segment, segments=segments, limit=count)
        yield from ((table, item) for item in found.items)


def _result(ports: Ports, job: Job) -> dict[str, Any]:
    """How much was looked at, and the faults by their codes: found, and left unmended."""
    found = list(rows(ports.items, keys.finding(job.id, "")))
    last = job.progress["phase"] - 1
    left = Counter(row["code"] for row in found if row["phase"] == last)
    counts = {"looked": job.progress["looked"], "found": dict(Counter(r["code"] for r in found))}
    return counts | ({"left": dict(left)} if job.spec["mend"] else {})


def finding_view(job: Job, row: Item) -> dict[str, Any]:
    """A fault as the outside sees it; of a job that mends also what became of it."""
    left = row["phase"] == len(MENDING) - 1
    outcome = ("left" if left else "mended") if job.spec["mend"] and job.state == "done" else None
    return fault_view(Fault.of_row(row)) | {"outcome": outcome}


PHASES = {LOOK: _look, GATHER: _gather, MEND: _mend}
