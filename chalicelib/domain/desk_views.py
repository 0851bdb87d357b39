"""What a steward sees of a question: why now, whose, of whom, and what else is asked of them."""

from typing import Any

from chalicelib.domain.deciding import explained
from chalicelib.domain.graph import Head
from chalicelib.domain.judgements import Decision
from chalicelib.domain.versions import Version
from chalicelib.domain.views import contact_view


def review_view(
    decision: Decision, ours: tuple[Head, Version], theirs: tuple[Head, Version]
) -> dict[str, Any]:
    """A question with its two contacts; `others` are the further questions open of these."""
    question, sides = decision.judgement, (ours, theirs)
    others = {q.id for head, _ in sides for q in head.reviews} - {question.id}
    return {
        "id": question.id,
        "score": decision.score,
        "reasons": list(decision.reasons),
        "explanation": explained(decision),
        "asked_at": question.at,
        "priority": priority_view(decision),
        **desk_view(decision),
        "contacts": [contact_view(version) for _, version in sides],
        "others": sorted(others),
    }


def priority_view(decision: Decision) -> dict[str, Any]:
    """The priority and its parts: the score, and what each of the contacts is worth."""
    worth = [side.row() for side in decision.desk.worth]
    return {"total": decision.priority, "score": decision.score, "worth": worth}


def desk_view(decision: Decision) -> dict[str, Any]:
    """How a question lies on the desk."""
    desk = decision.desk
    return {
        "assignee": desk.assignee or None,
        "postponed_until": desk.postponed_until or None,
        "note": desk.note or None,
    }
