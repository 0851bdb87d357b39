"""Rehearse: try a model on all contacts, touch nothing, and note what would become of whom.

    each contact in the index -> what is foreseen for it -> a finding, kept with the job

Contacts that wait to be matched are not looked for: they will be matched anyway. Each
contact stands in one finding at most, so that all findings can be carried out.
"""

from collections import Counter
from collections.abc import Callable

from chalicelib.domain.errors import TooLargeError
from chalicelib.domain.findings import Finding
from chalicelib.domain.matching import Model
from chalicelib.domain.search_keys import EVERY, contact_of
from chalicelib.domain.settle import bounded
from chalicelib.flow import jobs
from chalicelib.flow.changes import insisting
from chalicelib.flow.jobs import Job
from chalicelib.flow.matching.foresee import foresee
from chalicelib.flow.ports import Ports
from chalicelib.flow.ruling.models import SWITCH
from chalicelib.store import contacts, keys
from chalicelib.store.ports import Absent, Conflict, Put

PAGE = 10
TIME_TO_STOP_MS = 60_000


def rehearse(ports: Ports, version: str) -> Job:
    """Open the job; returns it."""
    return SWITCH.rehearse(ports, version)


def work(ports: Ports, job: Job, remaining_ms: Callable[[], int]) -> None:
    """Go on from where the job is until it is done or the time is nearly over."""
    model = SWITCH.tried(ports, job)
    at, after = job.progress.get("at", 0), job.progress.get("after")
    found = Counter(job.progress.get("found", {}))
    while at < len(EVERY):
        if remaining_ms() < TIME_TO_STOP_MS:
            jobs.kick_jobs(ports, [job])
            return
        page = ports.items.query("index", EVERY[at].partition, after=after, limit=PAGE)
        kinds = [_walk(ports, job, model, contact_of(row["sk"])) for row in page.items]
        found.update(["contacts"] * len(kinds), **Counter(kind for kind in kinds if kind))
        at, after = (at, page.next) if page.next else (at + 1, None)
        progress = {"at": at, "after": after, "found": dict(found)}
        try:
            job = jobs.save(ports, job, progress=progress)
        except Conflict:
            return  # another worker is at it; if it stops half-way, the sweep goes on
    jobs.close(ports, job, "done", {"version": model.version, **found})


def _walk(ports: Ports, job: Job, model: Model, contact_id: str) -> str:
    """Judge one contact; the kind of its finding, if it is found from here."""
    try:
        return insisting(ports, lambda _: _judge(ports, job, model, contact_id))
    except TooLargeError:
        return "too_large"


def _judge(ports: Ports, job: Job, model: Model, contact_id: str) -> str:
    claim = ports.items.get(keys.claim(job.id, contact_id))
    if claim:
        return str(claim["kind"]) if claim["finding"] == contact_id else ""
    contact = contacts.load(ports.items, contact_id)
    if contact is None or contact.head.id != contact_id:
        return ""  # merged away a moment ago
    finding = foresee(ports, contact, model)
    if finding is None or _claimed(ports, job, finding):
        return ""
    bounded(finding)
    kept = {"finding": finding.id, "kind": finding.kind}
    claims = [Put(keys.claim(job.id, c), kept, Absent()) for c in finding.contacts]
    ports.items.write([Put(keys.finding(job.id, finding.id), finding.row()), *claims])
    return finding.kind


def _claimed(ports: Ports, job: Job, finding: Finding) -> bool:
    """Whether one of its contacts stands in another finding: it is left to the next rehearsal."""
    return bool(ports.items.get_many([keys.claim(job.id, c) for c in finding.contacts]))
