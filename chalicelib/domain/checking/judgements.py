"""Judgements: each in force stands, as kept, on every head that it concerns and nowhere else."""

from collections.abc import Iterator, Mapping

from chalicelib.domain.checking.faults import Fault
from chalicelib.domain.checking.standing import Standing
from chalicelib.domain.graph import Head
from chalicelib.domain.judgements import Decision, Judgement


def carried_faults(standing: Standing) -> Iterator[Fault]:
    """From the contact's side: what its head carries is kept, and concerns it."""
    head = standing.head
    for judgement in head.judgements:
        kept = standing.decisions.get(judgement.id)
        if kept is None:
            yield _fault(judgement, "judgement_lost", f"on {head.id}, but not kept", head.id)
        elif kept.retracted_at or kept.judgement != judgement:
            yield _fault(judgement, "judgement_astray", f"on {head.id}, kept otherwise", head.id)
        if not judgement.concerns(frozenset(head.members)):
            yield _fault(judgement, "judgement_astray", f"on {head.id} without concern", head.id)


def decision_faults(decision: Decision, homes: Mapping[str, Head]) -> Iterator[Fault]:
    """From the judgement's side; `homes` are the contacts of the records that it names."""
    judgement = decision.judgement
    wanted = not decision.retracted_at
    for head in {home.id: home for home in homes.values()}.values():
        if wanted != (head.judged(judgement.id) == judgement):
            words = f"{'is not' if wanted else 'is still'} on {head.id}"
            yield _fault(judgement, "judgement_astray", f"{_said(decision)} {words}", head.id)
    if wanted and homes.keys() != {*judgement.a, *judgement.b}:
        yield _fault(judgement, "judgement_astray", f"{_said(decision)} names a lost record")


def _said(decision: Decision) -> str:
    return f"{'retracted ' if decision.retracted_at else ''}{decision.judgement.verdict}"


def _fault(judgement: Judgement, code: str, detail: str, *heads: str) -> Fault:
    seeds = (*judgement.a, *judgement.b, *heads)
    return Fault(code=code, of="judgement", id=judgement.id, detail=detail, seeds=seeds)
