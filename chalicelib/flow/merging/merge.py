"""Merges by hand: contacts are joined edge by edge; each merge can be undone for ever.

Two contacts take one transaction. More are a job: its row stands before the first edge, so
that a merge that was begun is finished, in the request, by the queue or by the sweep.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.domain.choosing import check_choices, picks_of
from chalicelib.domain.errors import ConflictError, InvalidError, NotFoundError
from chalicelib.domain.graph import Head
from chalicelib.domain.judgements import Decision, Mode
from chalicelib.domain.model import canonical, digest
from chalicelib.flow import jobs
from chalicelib.flow.changes import insisting, kick
from chalicelib.flow.jobs import Job
from chalicelib.flow.merging.tie import Touch, Wish, tie
from chalicelib.flow.merging.untie import untie
from chalicelib.flow.ports import Ports
from chalicelib.store import contacts

CONTACTS_IN_REQUEST = 10
CONTACTS_CAP = 90


@dataclass(frozen=True)
class Order:
    """A merge as a person asks for it; `prefer` is whose values win (or are the only ones).

    `choices` name the contact whose word on a field counts, whatever the mode; `sides` are the
    records that stood under each contact when it was asked for.
    """

    contacts: tuple[str, ...]
    mode: Mode
    prefer: str
    by: str
    retract: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    sides: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def preferred(self) -> str:
        """Whose values win: the first contact's where nobody is named."""
        return self.prefer or self.contacts[0]


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
    order = replace(order, sides=_sides(order.contacts, heads[::-1]))
    if len(order.contacts) == 2:
        return 200, answer_of(_edge(ports, order, name, name, order.contacts[1]))
    job = jobs.open_job(ports, "merge", _spec(order), name)
    if len(order.contacts) > CONTACTS_IN_REQUEST:
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
    check_choices(order.choices, order.contacts)


def _known(ports: Ports, contact_id: str) -> Head:
    head = head_under(ports, contact_id)
    if head is None:
        raise NotFoundError("There is no contact under one of the ids.")
    return head


def head_under(ports: Ports, contact_id: str) -> Head | None:
    """The head that an id leads to now; None for an unknown one."""
    return insisting(ports, lambda _: contacts.head_of(ports.items, contact_id))


def _sides(named: Sequence[str], heads: Sequence[Head]) -> dict[str, tuple[str, ...]]:
    """The records under each name; of names that are one contact, only the named record."""
    ids = [head.id for head in heads]
    return {
        name: head.members if ids.count(head.id) == 1 else (name,)
        for name, head in zip(named, heads, strict=True)
    }


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
        return answer_of(standing)
    return _finished(ports, job)


def _finished(ports: Ports, job: Job) -> dict[str, Any]:
    """What comes of a merge of many, worked off first where it is still open."""
    if job.state == "failed":
        raise ConflictError(job.result["detail"], kind=job.result["error"])
    return work(ports, job) if job.state == "open" else job.result


def _mark(order: Order) -> str:
    preferred = order.preferred if order.mode != "merge" else ""
    chosen = canonical(dict(order.choices))
    return digest(*sorted(order.contacts), order.mode, preferred, chosen)


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
        picks=picks_of(order.choices, {c: order.sides[c] for c in (order.contacts[0], other)}),
        retract=order.retract,
        asked=order.contacts,
        mark=_mark(order),
    )
    tied = tie(ports, wish)
    kick(ports, tied.changes)
    return tied.decision


def _touch(order: Order, other: str) -> Touch:
    """Overwrite lifts the records of the preferred side; skip mutes those of the others."""
    ends = {name: order.sides[name] for name in (order.contacts[0], other)}
    lifts = ends.get(order.preferred, ()) if order.mode == "overwrite" else ()
    muted = (r for name, side in ends.items() if name != order.preferred for r in side)
    mutes = tuple(muted) if order.mode == "skip" else ()
    return lambda _ours, _theirs: (lifts, mutes)


def answer_of(decision: Decision) -> dict[str, Any]:
    """What a merge answers: its id, the contact whose id stays, those whose ids went."""
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
        "choices": dict(order.choices),
        "sides": {name: list(side) for name, side in order.sides.items()},
    }


def work(ports: Ports, job: Job) -> dict[str, Any]:
    """Do the edges of a job that are not done yet; all of them, or none where one may not be."""
    order = _order(job)
    try:
        pairs = zip(edge_ids(job), order.contacts[1:], strict=True)
        done = [_edge_once(ports, order, edge_id, other) for edge_id, other in pairs]
    except ConflictError as refused:
        take_back(ports, job)
        jobs.close(ports, job, "failed", {"error": refused.kind, "detail": refused.detail})
        raise
    answer = answer_of(done[-1]) | {"losers": _losers(done)}
    jobs.close(ports, job, "done", answer)
    return answer


def _order(job: Job) -> Order:
    spec = job.spec
    return Order(
        contacts=tuple(spec["contacts"]),
        mode=spec["mode"],
        prefer=spec["prefer"],
        by=spec["by"],
        retract=tuple(spec["retract"]),
        choices=spec["choices"],
        sides={name: tuple(side) for name, side in spec["sides"].items()},
    )


def edge_ids(job: Job) -> list[str]:
    """The edges of a merge of many, in the order in which they are made."""
    return [f"{job.id}.{n}" for n in range(1, len(job.spec["contacts"]))]


def merge_of(edge_id: str) -> str:
    """The merge that an edge belongs to."""
    return edge_id.partition(".")[0]


def _edge_once(ports: Ports, order: Order, edge_id: str, other: str) -> Decision:
    known = contacts.decision(ports.items, edge_id)
    if known and known.retracted_at:
        raise ConflictError("This merge was taken back half-way.", kind="taken_back")
    return known or _edge(ports, order, merge_of(edge_id), edge_id, other)


def _losers(done: Sequence[Decision]) -> list[str]:
    winner = done[-1].effect["winner"]
    gone = {loser for d in done for loser in d.effect["losers"]}
    return sorted(gone - {winner})


def take_back(ports: Ports, job: Job) -> None:
    """Retract the edges of a merge that cannot be done as a whole."""
    for edge_id in edge_ids(job):
        if contacts.decision(ports.items, edge_id):
            kick(ports, untie(ports, edge_id, job.spec["by"], job.id).changes)
