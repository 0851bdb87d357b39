"""Merges by hand: contacts are joined edge by edge; each merge can be undone for ever.

Two contacts take one transaction. More are a job: its row stands before the first edge, so
that a merge that was begun is finished, in the request, by the queue or by the sweep.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.deciding import explained
from chalicelib.domain.errors import ConflictError, InvalidError, NotFoundError
from chalicelib.domain.graph import Contact, Head
from chalicelib.domain.judgements import Decision, Mode
from chalicelib.domain.model import digest
from chalicelib.flow import jobs
from chalicelib.flow.changes import insisting, kick
from chalicelib.flow.jobs import Job
from chalicelib.flow.ports import Ports
from chalicelib.flow.tie import Touch, Wish, tie
from chalicelib.flow.untie import untie
from chalicelib.store import contacts

EDGES_IN_REQUEST = 10
CONTACTS_CAP = 90


@dataclass(frozen=True)
class Order:
    """A merge as a person asks for it; `prefer` is whose values win (or are the only ones)."""

    contacts: tuple[str, ...]
    mode: Mode
    prefer: str
    by: str
    retract: tuple[str, ...] = ()


def merge(ports: Ports, order: Order) -> tuple[int, dict[str, Any]]:
    """Join contacts by hand: (200, the merge) or, for more than ten, (202, the job).

    Raises `InvalidError` for fewer than two or too many, `NotFoundError` for an unknown id,
    `ConflictError` where a `different` stands between them.
    """
    _check(order)
    # The first one last: if the same order is being done meanwhile, it is seen there.
    heads = [_known(ports, contact) for contact in reversed(order.contacts)]
    standing = _standing(ports, order, heads[-1])
    if standing:
        return 200, _repeat(ports, standing)
    name = _name(order, heads)
    if len(order.contacts) == 2:
        return 200, _answer(_edge(ports, order, name, name, order.contacts[1]))
    job = jobs.open_job(ports, "merge", _spec(order), name)
    if len(order.contacts) - 1 > EDGES_IN_REQUEST:
        jobs.kick_jobs(ports, [job])
        return 202, {"job": job.id}
    return 200, _finished(ports, job)


def _check(order: Order) -> None:
    named = len(set(order.contacts))
    if named != len(order.contacts) or named < 2:
        raise InvalidError("Name at least two different contacts.")
    if named > CONTACTS_CAP:
        raise InvalidError(f"At most {CONTACTS_CAP} contacts.", status=413)
    if order.prefer and order.prefer not in order.contacts:
        raise InvalidError("prefer must be one of the contacts.")


def _known(ports: Ports, contact_id: str) -> Head:
    head = _head(ports, contact_id)
    if head is None:
        raise NotFoundError("There is no contact under one of the ids.")
    return head


def _head(ports: Ports, contact_id: str) -> Head | None:
    return insisting(ports, lambda _: contacts.head_of(ports.items, contact_id))


def _name(order: Order, heads: Sequence[Head]) -> str:
    """The merge's id: the same for an order that is sent twice while nothing has changed."""
    return digest(_mark(order), *order.retract, *sorted(f"{h.id}#{h.rev}" for h in heads))


def _standing(ports: Ports, order: Order, head: Head) -> Decision | None:
    """The same merge, asked for before and standing: a repetition answers as the first."""
    wanted = _mark(order)
    ids = [e.id for e in head.edges if not e.machine]
    found = (contacts.decision(ports.items, i) for i in ids)
    return next((d for d in found if d and d.effect.get("asked") == wanted), None)


def _repeat(ports: Ports, standing: Decision) -> dict[str, Any]:
    """The first answer again; a merge of many that was left half-way is finished first."""
    job = jobs.find(ports, standing.merge)
    if job is None:
        return _answer(standing)
    return _finished(ports, job)


def _finished(ports: Ports, job: Job) -> dict[str, Any]:
    """What comes of a merge of many, worked off first where it is still open."""
    if job.state == "failed":
        raise ConflictError(job.result["detail"], kind=job.result["error"])
    return work(ports, job) if job.state == "open" else job.result


def _mark(order: Order) -> str:
    return digest(*sorted(order.contacts), order.mode, order.prefer)


def _edge(ports: Ports, order: Order, merge_id: str, edge_id: str, other: str) -> Decision:
    wish = Wish(
        id=edge_id,
        merge=merge_id,
        a=order.contacts[0],
        b=other,
        by=order.by,
        mode=order.mode,
        batch=merge_id,
        touch=_touch(order, other),
        retract=order.retract,
        asked=order.contacts,
        mark=_mark(order),
    )
    tied = tie(ports, wish)
    kick(ports, tied.changes)
    return tied.decision


def _touch(order: Order, other: str) -> Touch:
    """Overwrite lifts the records of the preferred side; skip mutes those of the others."""
    preferred = order.prefer or order.contacts[0]

    def touch(ours: Contact, theirs: Contact) -> tuple[tuple[str, ...], tuple[str, ...]]:
        sides = {order.contacts[0]: ours.head.members, other: theirs.head.members}
        if order.mode == "overwrite":
            return sides.get(preferred, ()), ()
        if order.mode == "skip":
            return (), tuple(r for c, side in sides.items() if c != preferred for r in side)
        return (), ()

    return touch


def _answer(decision: Decision) -> dict[str, Any]:
    effect = decision.effect
    return {
        "id": decision.merge,
        "winner": effect["winner"],
        "losers": effect["losers"],
        "version": effect["version"],
    }


def _spec(order: Order) -> dict[str, Any]:
    return {
        "contacts": list(order.contacts),
        "mode": order.mode,
        "prefer": order.prefer,
        "by": order.by,
        "retract": list(order.retract),
    }


def work(ports: Ports, job: Job) -> dict[str, Any]:
    """Do the edges of a job that are not done yet; all of them, or none where one may not be."""
    order = _order(job)
    try:
        done = [_edge_once(ports, order, job, other) for other in order.contacts[1:]]
    except ConflictError as refused:
        _take_back(ports, order, job)
        jobs.close(ports, job, "failed", {"error": refused.kind, "detail": refused.detail})
        raise
    answer = _answer(done[-1]) | {"losers": _losers(done)}
    jobs.close(ports, job, "done", answer)
    return answer


def _order(job: Job) -> Order:
    spec = job.spec
    return Order(
        tuple(spec["contacts"]), spec["mode"], spec["prefer"], spec["by"], tuple(spec["retract"])
    )


def _edge_id(order: Order, job: Job, other: str) -> str:
    return f"{job.id}.{order.contacts.index(other)}"


def _edge_once(ports: Ports, order: Order, job: Job, other: str) -> Decision:
    edge_id = _edge_id(order, job, other)
    known = contacts.decision(ports.items, edge_id)
    if known and known.retracted_at:
        raise ConflictError("This merge was taken back half-way.", kind="taken_back")
    return known or _edge(ports, order, job.id, edge_id, other)


def _losers(done: Sequence[Decision]) -> list[str]:
    winner = done[-1].effect["winner"]
    gone = {loser for d in done for loser in d.effect["losers"]}
    return sorted(gone - {winner})


def _take_back(ports: Ports, order: Order, job: Job) -> None:
    for other in order.contacts[1:]:
        edge_id = _edge_id(order, job, other)
        if contacts.decision(ports.items, edge_id):
            kick(ports, untie(ports, edge_id, order.by, job.id).changes)


def undo(ports: Ports, merge_id: str, by: str) -> dict[str, Any]:
    """Retract the edges of a merge, whatever came after; a repetition answers as the first.

    Raises `NotFoundError`; `ConflictError` for a merge whose job is still at work.
    """
    decision = contacts.decision(ports.items, merge_id)
    if decision and decision.judgement.verdict == "same":
        return _undo_answer(merge_id, [_untie(ports, merge_id, by)])
    job = jobs.find(ports, merge_id)
    if job is None or job.kind != "merge" or job.state == "failed":
        raise NotFoundError("There is no merge under this id.")
    if job.state == "open":
        raise ConflictError("This merge is still being done; try again.", kind="job_open")
    order = _order(job)
    edges = [_edge_id(order, job, other) for other in order.contacts[1:]]
    return _undo_answer(merge_id, [_untie(ports, edge, by) for edge in edges])


def _untie(ports: Ports, edge_id: str, by: str) -> Decision:
    tied = untie(ports, edge_id, by, f"undo-{edge_id}")
    kick(ports, tied.changes)
    return tied.decision


def _undo_answer(merge_id: str, undone: Sequence[Decision]) -> dict[str, Any]:
    """Which contacts stand apart now, and which merges still hold some of them together."""
    parts = {contact for d in undone for contact in d.undo["contacts"]}
    holding = undone[-1].undo["held_by"]
    return {"id": merge_id, "contacts": sorted(parts), "held_by": holding}


def merges_of(ports: Ports, contact_id: str, cursor: str | None, limit: int) -> dict[str, Any]:
    """The merges in which a contact took part, the newest first, undone ones included."""
    head = _head(ports, contact_id)
    if head is None:
        raise NotFoundError("There is no contact under this id.")
    versions, following = contacts.versions(ports.items, head.id, cursor, limit)
    names = dict.fromkeys(v.cause.merge for v in versions if v.cause.type == "merge")
    shown = [_shown(ports, name) for name in names if name]
    return {"items": [s for s in shown if s], "next": following}


def _shown(ports: Ports, merge_id: str) -> dict[str, Any] | None:
    decision = contacts.decision(ports.items, merge_id)
    decision = decision or contacts.decision(ports.items, f"{merge_id}.1")
    if decision is None:
        return None
    return _answer(decision) | {
        "mode": decision.judgement.mode,
        "by": decision.judgement.by,
        "at": decision.judgement.at,
        "score": decision.score,
        "reasons": list(decision.reasons),
        "explanation": explained(decision),
        "undone_at": decision.retracted_at or None,
    }
