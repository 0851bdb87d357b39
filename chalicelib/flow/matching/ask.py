"""Ask: the machine puts a pair to a person, as a question on the stewards' desk.

A question is an open `unsure` judgement, listed in both heads.
"""

from collections.abc import Sequence

from chalicelib.domain import times
from chalicelib.domain.deciding import askable
from chalicelib.domain.desk import Desk
from chalicelib.domain.graph import Contact, united
from chalicelib.domain.judgements import Decision, Judgement
from chalicelib.domain.matching import Pair
from chalicelib.domain.priority import Worth
from chalicelib.domain.settle import settle
from chalicelib.domain.versions import Cause
from chalicelib.flow.changes import insisting
from chalicelib.flow.merging.link import both
from chalicelib.flow.ports import Ports
from chalicelib.flow.reviewing.rank import worth_of
from chalicelib.flow.ruling import rules
from chalicelib.store import contacts


def ask(ports: Ports, pair: Pair, by: str) -> None:
    """Open a review for a pair, unless their contacts were asked about or judged before."""
    insisting(ports, lambda _: _ask(ports, pair, by))


def _ask(ports: Ports, pair: Pair, by: str) -> None:
    sides = both(ports, pair.record.id, pair.candidate.id)
    if askable(*sides):
        return
    decision = _question(ports, pair, by, sides)
    question = decision.judgement
    why = rules.why(ports, Cause(type="review", by=by), question.id)
    writes = [contacts.decision_write(decision)]
    for side in sides:
        words = united([*side.head.judgements, question])
        step = settle(side.head, side.records, words, rules.kept(ports, why, side.head))
        writes += contacts.step_writes(step)
    ports.items.write(writes)


def _question(ports: Ports, pair: Pair, by: str, sides: Sequence[Contact]) -> Decision:
    question = Judgement(
        id=ports.chance.token(),
        verdict="unsure",
        a=(pair.record.id,),
        b=(pair.candidate.id,),
        by=by,
        at=times.text(ports.now()),
    )
    ours, theirs = (_worth(ports, side) for side in sides)
    return Decision(
        judgement=question,
        batch=question.id,
        score=pair.comparison.score,
        reasons=tuple(r._asdict() for r in pair.comparison.reasons),
        contradictions=pair.comparison.contradictions,
        desk=Desk(worth=(ours, theirs)),
    )


def _worth(ports: Ports, contact: Contact) -> Worth:
    return worth_of(contacts.version(ports.items, contact.head.id, contact.head.version))
