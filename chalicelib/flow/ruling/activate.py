"""Activate: put a rehearsed model in force and do what its rehearsal listed, as one batch.

The model is in force from the transaction that opens the job. Then, finding by finding:
nothing has changed since -> retract its edges -> make its edges. What has changed is
skipped; where that is seen half-way, what was done is taken back first.
"""

from collections.abc import Callable

from chalicelib.domain.deciding import touched
from chalicelib.domain.errors import ConflictError
from chalicelib.domain.findings import Finding, Joining, Outcome, has_changed, is_strange
from chalicelib.domain.graph import Contact
from chalicelib.domain.judgements import Decision
from chalicelib.flow.changes import insisting, kick
from chalicelib.flow.jobs import Job
from chalicelib.flow.merging.tie import Wish, tie
from chalicelib.flow.merging.untie import NOBODY, untie
from chalicelib.flow.ports import Ports
from chalicelib.flow.ruling.findings import homes, work_off
from chalicelib.flow.ruling.models import SWITCH
from chalicelib.store import contacts


def activate(ports: Ports, version: str, rehearsal_id: str) -> Job:
    """Open the job, and put the model in force; the same rehearsal again is the same job.

    Raises as `Switch.activate`.
    """
    return SWITCH.activate(ports, version, rehearsal_id)


def work(ports: Ports, job: Job, remaining_ms: Callable[[], int]) -> None:
    """Go on from where the job is until it is done or the time is nearly over."""
    work_off(ports, job, _act, remaining_ms)


def _act(ports: Ports, job: Job, finding: Finding) -> Outcome:
    if insisting(ports, lambda _: _has_changed(ports, job, finding)):
        return _skip(ports, job, finding, "changed")
    try:
        _carry_out(ports, job, finding)
    except ConflictError as refused:
        return _skip(ports, job, finding, refused.kind)
    return Outcome(state="done")


def _has_changed(ports: Ports, job: Job, finding: Finding) -> bool:
    own = finding.edges(job.id)
    retracted = [decision.judgement.id for decision in _retracted(ports, job, finding)]
    return has_changed(finding, homes(ports, finding.records), own, retracted)


def _retracted(ports: Ports, activation: Job, finding: Finding) -> list[Decision]:
    """The edges that the activation itself has retracted."""
    found = (contacts.decision(ports.items, part.judgement) for part in finding.parts)
    return [d for d in found if d and d.retracted_at and d.undo.get("batch") == activation.id]


def _carry_out(ports: Ports, job: Job, finding: Finding) -> None:
    by, own = _by(job), finding.edges(job.id)

    def refuse(*found: Contact) -> None:
        if is_strange(finding, found, own):
            raise ConflictError("It has changed since the rehearsal.", kind="changed")

    for part in finding.parts:
        untied = untie(ports, part.judgement, by, job.id, says=NOBODY, check=refuse)
        kick(ports, untied.changes)
    for edge, join in zip(own, finding.joins, strict=True):
        if contacts.decision(ports.items, edge) is None:
            kick(ports, tie(ports, _wish(join, edge, by, job.id, refuse)).changes)


def _by(job: Job) -> str:
    """Who an activation acts as: its model."""
    return f"model:{job.spec['version']}"


def _wish(join: Joining, edge: str, by: str, batch: str, refuse: Callable[..., None]) -> Wish:
    return Wish(
        id=edge,
        merge=edge,
        a=join.a,
        b=join.b,
        by=by,
        mode=join.mode,
        batch=batch,
        touch=lambda _ours, _theirs: touched(join.mode, join.younger),
        check=refuse,
        score=join.score,
        reasons=join.reasons,
    )


def _skip(ports: Ports, job: Job, finding: Finding, reason: str) -> Outcome:
    take_back(ports, job, finding, _by(job), job.id, says=lambda _: NOBODY)
    return Outcome(state="skipped", reason=reason)


def take_back(
    ports: Ports,
    activation: Job,
    finding: Finding,
    by: str,
    batch: str,
    says: Callable[[Decision], str],
) -> list[str]:
    """Retract what an activation made of a finding, make again what it retracted.

    Returns the kinds of refusal of edges that may not be made again. `says` names who says
    from now on of the two sides of a retracted edge that they are different.
    """
    for edge in reversed(finding.edges(activation.id)):
        made = contacts.decision(ports.items, edge)
        if made:
            kick(ports, untie(ports, edge, by, batch, says=says(made)).changes)
    gone = _retracted(ports, activation, finding)[::-1]
    return [refusal for decision in gone if (refusal := _make_again(ports, decision, batch))]


def _make_again(ports: Ports, gone: Decision, batch: str) -> str:
    """An edge as the retracted one was, under an id of its own; why not, where it may not be."""
    edge = gone.judgement
    name = f"{batch}.{edge.id}"
    if contacts.decision(ports.items, name):
        return ""
    wish = Wish(
        id=name,
        merge=name,
        a=edge.a[0],
        b=edge.b[0],
        by=edge.by,
        mode=edge.mode,
        batch=batch,
        touch=lambda _ours, _theirs: (edge.lifts, edge.mutes),
        score=gone.score,
        reasons=gone.reasons,
    )
    try:
        kick(ports, tie(ports, wish).changes)
    except ConflictError as refused:
        return refused.kind
    return ""
