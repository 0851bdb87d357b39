"""The findings of a rehearsal: listed with what became of them, and worked off one by one."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from chalicelib.domain.errors import ConflictError, NotFoundError
from chalicelib.domain.findings import Finding, Outcome, finding_view
from chalicelib.domain.graph import Contact
from chalicelib.domain.views import contact_view
from chalicelib.flow import jobs
from chalicelib.flow.changes import insisting
from chalicelib.flow.checking import fsck
from chalicelib.flow.jobs import Job, Kind
from chalicelib.flow.listing import enlist
from chalicelib.flow.ports import Ports
from chalicelib.flow.rehearsing import rehearse as rehearse_target
from chalicelib.flow.ruling import rehearse_rules
from chalicelib.store import contacts, keys
from chalicelib.store.ports import Absent, Conflict, Item, Page, Put

PAGE = 10
TIME_TO_STOP_MS = 60_000
Act = Callable[[Ports, Job, Finding], Outcome]


def findings(ports: Ports, job_id: str, after: str | None, limit: int) -> dict[str, Any]:
    """What a rehearsal or a check found; of what acts on it also what became of each."""
    job = jobs.job(ports, job_id)
    if job.kind not in SHOWN:
        raise NotFoundError("This job has no findings.")
    page = _page(ports, job, after, limit)
    shown = [SHOWN[job.kind](ports, job, row) for row in page.items]
    return {"items": shown, "next": page.next}


def _page(ports: Ports, job: Job, after: str | None, limit: int) -> Page:
    pk = keys.job(job.spec.get("rehearsal", job.id)).pk
    return ports.items.query("contacts", pk, prefix=keys.FINDINGS, after=after, limit=limit)


def _shown(ports: Ports, job: Job, found: Item) -> dict[str, Any]:
    finding = Finding.of_row(found)
    view = finding_view(finding, {c: _name(ports, c) for c in finding.contacts})
    row = ports.items.get(keys.outcome(job.id, finding.id))
    return view | {"outcome": Outcome.of_row(row).row() if row else None}


SHOWN: Mapping[Kind, Callable[[Ports, Job, Item], dict[str, Any]]] = {
    "rehearse": _shown,
    "activate": _shown,
    "deactivate": _shown,
    "rehearse_rules": rehearse_rules.shown,
    "rehearse_target": rehearse_target.shown,
    "push_list": lambda ports, _, row: enlist.shown(row) | {"full_name": _name(ports, row["id"])},
    "fsck": lambda _, job, row: fsck.finding_view(job, row),
}


def _name(ports: Ports, contact_id: str) -> str | None:
    """What the contact that an id leads to is called now."""
    found = insisting(ports, lambda _: contacts.latest(ports.items, contact_id))
    name: str | None = contact_view(found[1])["full_name"] if found else None
    return name


def work_off(ports: Ports, job: Job, act: Act, remaining_ms: Callable[[], int]) -> None:
    """Act on every finding that has no outcome yet, until it is done or time is nearly over."""
    after, counts = job.progress.get("after"), dict(job.progress.get("findings", {}))
    while True:
        if remaining_ms() < TIME_TO_STOP_MS:
            jobs.kick_jobs(ports, [job])
            return
        page = _page(ports, job, after, PAGE)
        for row in page.items:
            state = _settled(ports, job, Finding.of_row(row), act).state
            counts[state] = counts.get(state, 0) + 1
        after = page.next
        if after is None:
            break
        try:
            job = jobs.save(ports, job, progress={"after": after, "findings": counts})
        except Conflict:
            return  # another worker is at it; if it stops half-way, the sweep goes on
    jobs.close(ports, job, "done", {"version": job.spec["version"], "findings": counts})


def _settled(ports: Ports, job: Job, finding: Finding, act: Act) -> Outcome:
    key = keys.outcome(job.id, finding.id)
    row = ports.items.get(key)
    if row:
        return Outcome.of_row(row)
    try:
        outcome = act(ports, job, finding)
    except ConflictError as refused:  # one contact in the way does not stop the others
        outcome = Outcome(state="partly", reason=refused.kind)
    try:
        ports.items.write([Put(key, outcome.row(), Absent())])
    except Conflict:
        return Outcome.of_row(ports.items.get(key) or outcome.row())
    return outcome


def homes(ports: Ports, records: Iterable[str]) -> list[Contact]:
    """The contacts in which these records stand now."""
    found: dict[str, Contact] = {}
    for record in records:
        if record not in found:
            contact = contacts.load(ports.items, record)
            found |= dict.fromkeys(contact.records, contact) if contact else {}
    return list({c.head.id: c for c in found.values()}.values())
