"""Rejoining: which cuts of a split could not be taken back, foreseen without doing it. Pure."""

from collections.abc import Collection, Iterable, Sequence

from chalicelib.domain.graph import MEMBERS_CAP, Contact, components, united
from chalicelib.domain.judgements import Judgement

Part = frozenset[str]


def refusals(
    contacts: Iterable[Contact],
    cuts: Iterable[Judgement],
    gone: Collection[str],
    back: Iterable[Judgement],
) -> dict[str, str]:
    """Why an edge could not be in force again, for those that could not, one after the other.

    `contacts` are those at all ends of the cuts, `gone` names the judgements that end first,
    `back` are the `different` that would come back with them.
    """
    known = list(contacts)
    records = [r for c in known for r in c.records]
    words = [j for j in united(j for c in known for j in c.head.judgements) if j.id not in gone]
    edges = [j for j in words if j.verdict == "same"]
    parts = components(records, edges)
    words += [j for j in back if not any(j.parts(p, p) for p in parts)]
    apart = [j for j in words if j.verdict == "different"]
    refused = dict[str, str]()
    for cut in cuts:
        if reason := _refusal(cut, components(records, edges), apart):
            refused[cut.id] = reason
        else:
            edges.append(cut)
    return refused


def _refusal(cut: Judgement, parts: Sequence[Part], apart: Iterable[Judgement]) -> str:
    ours, theirs = (next(p for p in parts if side in p) for side in (cut.a[0], cut.b[0]))
    if ours == theirs:
        return ""
    if any(j.parts(ours, theirs) for j in apart):
        return "judged_different"
    return "too_large" if len(ours) + len(theirs) > MEMBERS_CAP else ""
