"""Reviews: a person answers what the machine asked (`ask.py`); the answer holds for good.

`same` ties the two contacts; `different` names all their records, on both heads, and
nothing joins them again but a person. Each transaction is on the condition of both heads
and of the question's row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from chalicelib.domain import times
from chalicelib.domain.choosing import check_choices, picks_of
from chalicelib.domain.errors import ConflictError, FieldError, InvalidError, NotFoundError
from chalicelib.domain.graph import Contact, united
from chalicelib.domain.judgements import Decision, Judgement, Mode
from chalicelib.domain.settle import Step, Why, settle
from chalicelib.domain.versions import Cause
from chalicelib.flow import batches
from chalicelib.flow.changes import Change, change_writes, changed, insisting, kick
from chalicelib.flow.merging.link import both
from chalicelib.flow.merging.tie import Wish, tie
from chalicelib.flow.ports import Ports
from chalicelib.flow.ruling import rules
from chalicelib.store import contacts
from chalicelib.store.ports import Write

Verdict = Literal["same", "different"]
DECIDED = "already_decided"


@dataclass(frozen=True)
class Answer:
    """A steward's word on a question: for `same` the mode, and the contact whose values win.

    Without `prefer` that is the first of the two. `choices` name, field by field, the contact
    whose word counts; `batch` names the answers given together.
    """

    verdict: Verdict
    by: str
    mode: Mode = "merge"
    prefer: str = ""
    batch: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)

    def outcome(self, question: str, name: str) -> dict[str, Any]:
        """What is answered and kept; `name` is the merge or the judgement that was made."""
        made = "merge" if self.verdict == "same" else "judgement"
        said: dict[str, Any] = {"mode": self.mode, "prefer": self.prefer, "batch": self.batch}
        said |= {"choices": dict(self.choices)} if self.choices else {}
        meant = {word: value for word, value in said.items() if value not in ("", "merge")}
        return {"id": question, "verdict": self.verdict, made: name, **meant}

    def gave(self, outcome: dict[str, Any]) -> bool:
        """Whether an outcome is that of this very answer."""
        said = (outcome.get("verdict"), outcome.get("mode", "merge"), outcome.get("prefer", ""))
        same = said == (self.verdict, self.mode, self.prefer)
        return same and outcome.get("choices", {}) == dict(self.choices)


def question(ports: Ports, review_id: str) -> Decision:
    """A question by its id, also an answered one; `NotFoundError` where there is none."""
    decision = contacts.decision(ports.items, review_id)
    if decision is None or decision.judgement.verdict != "unsure":
        raise NotFoundError("There is no review under this id.")
    return decision


def decided() -> ConflictError:
    """The refusal of whoever comes after somebody else's answer."""
    return ConflictError("This review is decided already.", kind=DECIDED)


def answer(ports: Ports, review_id: str, given: Answer) -> dict[str, Any]:
    """Decide a review. Two who answer at once never both win: the second gets 409."""
    if given.verdict == "different" and (given.mode != "merge" or given.prefer or given.choices):
        detail = "mode, prefer and choices go with the verdict same."
        raise InvalidError(detail, [FieldError("/mode", "unexpected", detail)])
    asked = question(ports, review_id)
    if asked.retracted_at:
        return _repeated(asked, given)
    decide = _part if given.verdict == "different" else _join
    return decide(ports, asked, given)


def _repeated(asked: Decision, given: Answer) -> dict[str, Any]:
    """The first outcome again, for the same answer."""
    if not given.gave(asked.undo):
        raise decided()
    return asked.undo


def _join(ports: Ports, asked: Decision, given: Answer) -> dict[str, Any]:
    (a,), (b,) = asked.judgement.a, asked.judgement.b
    sides = _sides(*insisting(ports, lambda _: both(ports, a, b))) if given.choices else {}
    check_choices(given.choices, sides)
    wish = _wish(asked, given, picks_of(given.choices, sides), ports.chance.token())
    kick(ports, tie(ports, wish).changes)
    return wish.outcome


def _wish(asked: Decision, given: Answer, picks: Mapping[str, tuple[str, ...]], edge: str) -> Wish:
    """The merge that answers the question, as long as that is open."""
    question = asked.judgement

    def lawful(ours: Contact, theirs: Contact) -> None:
        _refuse_closed(question.id, ours, theirs)
        if given.prefer and given.prefer not in ours.head.members + theirs.head.members:
            detail = "prefer must be one of the two contacts."
            raise InvalidError(detail, [FieldError("/prefer", "unknown", detail)])

    return Wish(
        id=edge,
        merge=edge,
        a=question.a[0],
        b=question.b[0],
        by=given.by,
        mode=given.mode,
        batch=given.batch or edge,
        touch=lambda ours, theirs: _touched(given, ours, theirs),
        check=lawful,
        picks=picks,
        retract=(question.id,),
        outcome=given.outcome(question.id, edge),
        score=asked.score,
        reasons=asked.reasons,
        kind="review",
    )


def _sides(ours: Contact, theirs: Contact) -> dict[str, tuple[str, ...]]:
    """The records of the side on which each record stands."""
    return {r: c.head.members for c in (ours, theirs) for r in c.head.members}


def _touched(
    given: Answer, ours: Contact, theirs: Contact
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(lifted, muted): overwriting lifts the preferred side, skipping mutes the other one."""
    if ours.head.id == theirs.head.id:
        return (), ()  # joined meanwhile: there are no sides any more
    preferred, other = ours.head.members, theirs.head.members
    if given.prefer in other:
        preferred, other = other, preferred
    return preferred if given.mode == "overwrite" else (), other if given.mode == "skip" else ()


def _refuse_closed(question_id: str, ours: Contact, theirs: Contact) -> None:
    if ours.head.judged(question_id) is None or theirs.head.judged(question_id) is None:
        raise decided()


def _part(ports: Ports, asked: Decision, given: Answer) -> dict[str, Any]:
    changes, outcome = insisting(ports, lambda _: _part_once(ports, asked.judgement.id, given))
    kick(ports, changes)
    return outcome


def _part_once(
    ports: Ports, question_id: str, given: Answer
) -> tuple[Sequence[Change], dict[str, Any]]:
    asked = question(ports, question_id)
    if asked.retracted_at:
        return (), _repeated(asked, given)
    ours, theirs = both(ports, asked.judgement.a[0], asked.judgement.b[0])
    _refuse_closed(question_id, ours, theirs)
    if ours.head.id == theirs.head.id:
        raise ConflictError(
            "The two are one contact by now; undo the merge that joins them.",
            kind="joined",
            judgements=[e.id for e in ours.head.edges],
        )
    word = _word(ports, ours, theirs, given.by)
    batch, outcome = given.batch or word.id, given.outcome(question_id, word.id)
    why = rules.why(ports, Cause(type="review", by=given.by), batch)
    steps = [_with(c, word, question_id, rules.kept(ports, why, c.head)) for c in (ours, theirs)]
    told = _told(ports, steps)
    ports.items.write(
        [w for step in steps for w in contacts.step_writes(step)]
        + [contacts.decision_write(_kept(word, batch, question_id))]
        + batches.opened(ports, "review", given.by, batch)
        + [batches.judged(batch, "different", ours.head.id, word.id)]
        + [_closing(asked, outcome, given.by, word.at)]
        + change_writes(told)
    )
    return told, outcome


def _word(ports: Ports, ours: Contact, theirs: Contact, by: str) -> Judgement:
    return Judgement(
        id=ports.chance.token(),
        verdict="different",
        a=ours.head.members,
        b=theirs.head.members,
        by=by,
        at=times.text(ports.now()),
    )


def _kept(word: Judgement, batch: str, question_id: str) -> Decision:
    """A `different` as it is kept; who retracts it asks the question again."""
    return Decision(judgement=word, batch=batch, effect={"ended": [question_id]})


def _with(contact: Contact, word: Judgement, answered: str, why: Why) -> Step:
    kept = [j for j in contact.head.judgements if j.id != answered]
    return settle(contact.head, contact.records, united([*kept, word]), why)


def _told(ports: Ports, steps: Sequence[Step]) -> tuple[Change, ...]:
    """Tell the targets of both; what else was asked of the two is ranked by the worker."""
    ours, theirs = (step.after for step in steps)
    others = () if ours.asked else None
    return (
        *changed(ports, ours.id, ours.rev, match=others, fan_out=True),
        *changed(ports, theirs.id, theirs.rev, match=None, fan_out=True),
    )


def _closing(asked: Decision, outcome: dict[str, Any], by: str, at: str) -> Write:
    """The answered question: kept, but out of the queue."""
    closed = {"retracted_at": at, "retracted_by": by, "undo": outcome}
    return contacts.decision_write(asked.model_copy(update=closed), new=False)
