"""What the machine answers when it is asked: a ruling, a judgement, the model, as data."""

from collections.abc import Sequence
from typing import Any

from chalicelib.domain.deciding import explained
from chalicelib.domain.judgements import Decision, Judgement
from chalicelib.domain.matching import Model, Ruling, explain
from chalicelib.domain.versions import Version
from chalicelib.domain.views import contact_view

_SHOWN = ("id", "kind", "given_name", "family_name", "full_name", "organization")


def ruling_view(ruling: Ruling, judgements: Sequence[Judgement] = ()) -> dict[str, Any]:
    """A ruling with its reasons; a person's or the machine's standing word goes before it."""
    told = ruling.comparison
    return {
        "verdict": judgements[0].verdict if judgements else told.verdict,
        "score": told.score,
        "likeness": ruling.likeness,
        "reasons": [reason._asdict() for reason in told.reasons],
        "contradictions": list(told.contradictions),
        "explanation": {
            "en": explain(told, "en", judgements),
            "pl": explain(told, "pl", judgements),
        },
    }


def decision_view(decision: Decision) -> dict[str, Any]:
    """A judgement as it stands: whose, since when, and why it was said."""
    return {
        "id": decision.judgement.id,
        "verdict": decision.judgement.verdict,
        "by": decision.judgement.by,
        "at": decision.judgement.at,
        "merge": decision.merge or None,
        "score": decision.score,
        "reasons": list(decision.reasons),
        "explanation": explained(decision),
    }


def name_view(version: Version) -> dict[str, Any]:
    """As much of a golden contact as tells a person who it is."""
    view = contact_view(version)
    return {name: view[name] for name in _SHOWN}


def model_view(model: Model) -> dict[str, Any]:
    """The model's version and the thresholds that a score is held against."""
    return {"version": model.version, "same": model.same, "unsure": model.unsure}
