"""Split: a person parts some records from a contact, or moves them to another one.

    tie what stays together -> retract the edges across, the last with a `different` of both
    sides -> (a move) tie what left to the other contact

Each step is a lawful state; a job that was begun is finished by the queue or the sweep.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.errors import ConflictError, FieldError, InvalidError, NotFoundError
from chalicelib.domain.graph import Contact, forbids
from chalicelib.domain.model import digest
from chalicelib.domain.splitting import (
    HELD,
    MOVED,
    PARTED,
    across,
    edge_of,
    holding,
    role_of,
)
from chalicelib.flow import batches, jobs
from chalicelib.flow.changes import insisting, kick
from chalicelib.flow.jobs import Job
from chalicelib.flow.merging.tie import Check, Wish, tie
from chalicelib.flow.merging.untie import untie
from chalicelib.flow.ports import Ports
from chalicelib.store import contacts

STEPS_IN_REQUEST = 10


@dataclass(frozen=True)
class Parting:
    """Which records leave a contact, and which contact they go `to`, if any.

    `retract` names `different` judgements against that contact which the person takes back,
    `key` is her name for it: under it, it is done once.
    """

    contact: str
    records: tuple[str, ...]
    by: str
    key: str
    to: str = ""
    retract: tuple[str, ...] = ()


def split(ports: Ports, wish: Parting) -> tuple[int, dict[str, Any]]:
    """Part the records from the contact; with `to`, make them that contact's.

    (200, who stands where) or, for more than ten steps, (202, the job). Raises
    `InvalidError`, `NotFoundError`, `ConflictError` where the move may not be.
    """
    name = digest("split", wish.by, wish.key)
    job = jobs.find(ports, name) or _opened(ports, wish, name)
    if job.state == "failed":
        raise ConflictError(job.result["detail"], kind=job.result["error"])
    if job.state == "done":
        return 200, job.result
    if job.spec["steps"] > STEPS_IN_REQUEST:
        jobs.kick_jobs(ports, [job])
        return 202, {"job": job.id}
    return 200, work(ports, job)


def _opened(ports: Ports, wish: Parting, name: str) -> Job:
    contact = _found(ports, wish.contact)
    _check(contact, wish.records)
    if wish.to:
        _allow(contact, wish, _found(ports, wish.to))
    held, stays = holding(contact, wish.records), set(contact.records) - set(wish.records)
    spec = {
        "records": sorted(wish.records),
        "stays": sorted(stays),
        "held": [list(ends) for ends in held],
        "steps": len(held) + len(across(contact, wish.records, stays)),
        "to": wish.to,
        "retract": list(wish.retract),
        "by": wish.by,
    }
    return jobs.open_job(ports, "split", spec, name)


def _found(ports: Ports, contact_id: str) -> Contact:
    found = insisting(ports, lambda _: contacts.load(ports.items, contact_id))
    if found is None:
        raise NotFoundError("There is no contact under one of the ids.")
    return found


def _check(contact: Contact, records: Sequence[str]) -> None:
    strange = [n for n, record in enumerate(records) if record not in contact.records]
    if strange:
        detail = "This is no record of the contact."
        faults = [FieldError(f"/records/{n}", "not_a_member", detail) for n in strange]
        raise InvalidError("Some records are not the contact's.", faults)
    if not 0 < len(set(records)) < len(contact.records):
        detail = "Name some of the contact's records, but not all of them."
        raise InvalidError(detail, [FieldError("/records", "not_a_part", detail)])


def _allow(contact: Contact, wish: Parting, other: Contact) -> None:
    if other.head.id == contact.head.id:
        raise InvalidError("The records are that contact's already.")
    words = (j for j in forbids(contact.head, other.head) if j.id not in wish.retract)
    between = [j for j in words if j.concerns(frozenset(wish.records))]
    if between:
        raise ConflictError(
            "These records were judged different from that contact.",
            kind="judged_different",
            judgements=[j.id for j in between],
        )


def work(ports: Ports, job: Job) -> dict[str, Any]:
    """Do what is left to do; harmless when all is done."""
    try:
        answer = _work(ports, job)
    except ConflictError as refused:
        jobs.close(ports, job, "failed", {"error": refused.kind, "detail": refused.detail})
        raise
    jobs.close(ports, job, "done", answer)
    return answer


def _work(ports: Ports, job: Job) -> dict[str, Any]:
    spec = job.spec
    for number, (a, b) in enumerate(spec["held"]):
        _tie(ports, job, f"{HELD} {number}", a, b, _refuse_parted)
    different = _part(ports, job)
    if spec["to"]:
        _tie(ports, job, MOVED, spec["records"][0], spec["to"])
    sides = (spec["records"][0], spec["stays"][0])
    homes = [_found(ports, record).head.id for record in sides]
    return {"id": job.id, "contacts": homes, "different": different}


def _refuse_parted(ours: Contact, theirs: Contact) -> None:
    if ours.head.id != theirs.head.id:
        raise ConflictError("The contact has been parted meanwhile.", kind="changed")


def _tie(
    ports: Ports, job: Job, name: str, a: str, b: str, check: Check = lambda _ours, _theirs: None
) -> None:
    edge = edge_of(job.id, name)
    if contacts.decision(ports.items, edge) is None:
        wish = Wish(
            id=edge,
            merge=edge,
            a=a,
            b=b,
            by=job.spec["by"],
            mode="merge",
            batch=job.id,
            touch=lambda _ours, _theirs: ((), ()),
            check=check,
            retract=tuple(job.spec["retract"]),
            kind="split",
            does=role_of(edge, job.id),
        )
        kick(ports, tie(ports, wish).changes)


def _part(ports: Ports, job: Job) -> str:
    """Retract the edges across until the sides stand apart; the `different` between them.

    Each is named in the batch before it goes, so that an undo finds it.
    """
    leaving, staying, by = job.spec["records"], job.spec["stays"], job.spec["by"]
    while True:
        contact = _found(ports, leaving[0])
        edges = across(contact, leaving, staying)
        if not edges:
            words = [j for j in contact.head.judgements if j.verdict == "different"]
            sides = frozenset(leaving), frozenset(staying)
            return next((j.id for j in words if j.parts(*sides)), "")
        _name(ports, job, contact.head.id, edges[0].id)
        kick(ports, untie(ports, edges[0].id, by, job.id, says=by, kind="split").changes)


def _name(ports: Ports, job: Job, contact: str, edge: str) -> None:
    named = batches.judged(job.id, PARTED, contact, edge)

    def attempt(_: int) -> None:
        ports.items.write([*batches.opened(ports, "split", job.spec["by"], job.id), named])

    insisting(ports, attempt)
