"""Reviews: the machine asks, a person answers; the answer holds for good.

A question is an open `unsure` judgement, listed in both heads. `same` ties the two
contacts; `different` names all their records, on both heads, and nothing joins them again
but a person.
"""

from collections.abc import Sequence
from typing import Any, Literal

from chalicelib.domain import times
from chalicelib.domain.deciding import askable
from chalicelib.domain.errors import ConflictError, NotFoundError
from chalicelib.domain.graph import Contact, united
from chalicelib.domain.judgements import Decision, Judgement
from chalicelib.domain.matching import Pair
from chalicelib.domain.settle import Step, Why, settle
from chalicelib.domain.versions import Cause
from chalicelib.flow import rules
from chalicelib.flow.changes import Change, change_writes, changed, insisting, kick
from chalicelib.flow.ports import Ports
from chalicelib.flow.tie import Wish, both, tie
from chalicelib.store import contacts
from chalicelib.store.ports import Write

Verdict = Literal["same", "different"]


def ask(ports: Ports, pair: Pair, by: str) -> Sequence[Change]:
    """Open a review for a pair, unless their contacts were asked about or judged before."""
    return insisting(ports, lambda _: _ask(ports, pair, by))


def _ask(ports: Ports, pair: Pair, by: str) -> Sequence[Change]:
    ours, theirs = both(ports, pair.record.id, pair.candidate.id)
    if askable(ours, theirs):
        return ()
    question = Judgement(
        id=ports.chance.token(),
        verdict="unsure",
        a=(pair.record.id,),
        b=(pair.candidate.id,),
        by=by,
        at=times.text(ports.now()),
    )
    decision = Decision(
        judgement=question,
        batch=question.id,
        score=pair.comparison.score,
        reasons=tuple(r._asdict() for r in pair.comparison.reasons),
        contradictions=pair.comparison.contradictions,
    )
    why = rules.why(ports, Cause(type="review", by=by), question.id)
    steps = [_with(ports, c, [question], (), why) for c in (ours, theirs)]
    asked = contacts.decision_write(decision)
    ports.items.write(_writes(steps) + [asked])
    return ()


def _with(
    ports: Ports,
    contact: Contact,
    added: Sequence[Judgement],
    ended: Sequence[str],
    why: Why,
) -> Step:
    head = contact.head
    words = united([*(j for j in head.judgements if j.id not in ended), *added])
    return settle(head, contact.records, words, rules.kept(ports, why, head))


def _writes(steps: Sequence[Step]) -> list[Write]:
    return [w for step in steps for w in contacts.step_writes(step)]


def answer(ports: Ports, review_id: str, verdict: Verdict, by: str) -> dict[str, Any]:
    """Decide a review. Two who answer at once never both win: the second gets 409."""
    decision = contacts.decision(ports.items, review_id)
    if decision is None or decision.judgement.verdict != "unsure":
        raise NotFoundError("There is no review under this id.")
    if decision.retracted_at:
        return _answered(decision, verdict)
    if verdict == "different":
        return _part(ports, decision, by)
    return _join(ports, decision, by)


def _answered(decision: Decision, verdict: Verdict) -> dict[str, Any]:
    if decision.undo.get("verdict") != verdict:
        raise ConflictError("This review is decided already.", kind="already_decided")
    return decision.undo


def _join(ports: Ports, decision: Decision, by: str) -> dict[str, Any]:
    edge = ports.chance.token()
    question = decision.judgement

    def still_open(ours: Contact, theirs: Contact) -> None:
        _refuse_closed(question.id, ours, theirs)

    tied = tie(
        ports,
        Wish(
            id=edge,
            merge=edge,
            a=question.a[0],
            b=question.b[0],
            by=by,
            mode="merge",
            batch=edge,
            touch=lambda _ours, _theirs: ((), ()),
            check=still_open,
            retract=(question.id,),
            outcome={"id": question.id, "verdict": "same", "merge": edge},
            score=decision.score,
            reasons=decision.reasons,
        ),
    )
    kick(ports, tied.changes)
    return {"id": question.id, "verdict": "same", "merge": edge}


def _refuse_closed(question: str, ours: Contact, theirs: Contact) -> None:
    if ours.head.judged(question) is None or theirs.head.judged(question) is None:
        raise ConflictError("This review is decided already.", kind="already_decided")


def _part(ports: Ports, decision: Decision, by: str) -> dict[str, Any]:
    changes, outcome = insisting(ports, lambda _: _part_once(ports, decision, by))
    kick(ports, changes)
    return outcome


def _part_once(
    ports: Ports, decision: Decision, by: str
) -> tuple[Sequence[Change], dict[str, Any]]:
    question = decision.judgement
    ours, theirs = both(ports, question.a[0], question.b[0])
    _refuse_closed(question.id, ours, theirs)
    if ours.head.id == theirs.head.id:
        raise ConflictError(
            "The two are one contact by now; undo the merge that joins them.",
            kind="joined",
            judgements=[e.id for e in ours.head.edges],
        )
    word = Judgement(
        id=ports.chance.token(),
        verdict="different",
        a=ours.head.members,
        b=theirs.head.members,
        by=by,
        at=times.text(ports.now()),
    )
    outcome = {"id": question.id, "verdict": "different", "judgement": word.id}
    why = rules.why(ports, Cause(type="review", by=by), word.id)
    steps = [_with(ports, c, [word], [question.id], why) for c in (ours, theirs)]
    told = tuple(
        c for s in steps for c in changed(ports, s.after.id, s.after.rev, match=None, fan_out=True)
    )
    ports.items.write(
        _writes(steps)
        + [contacts.decision_write(Decision(judgement=word, batch=word.id))]
        + [_closing(decision, outcome, by, word.at)]
        + change_writes(told)
    )
    return told, outcome


def _closing(decision: Decision, outcome: dict[str, Any], by: str, at: str) -> Write:
    """The answered question: kept, but out of the queue."""
    closed = {"retracted_at": at, "retracted_by": by, "undo": outcome}
    return contacts.decision_write(decision.model_copy(update=closed), new=False)
