"""Contacts are joined, not records: a pair's verdict is upheld or not by all their records.

Chains are how matching hurts: a is like b, b like c, and strangers end in one contact. So
the weakest pair across counts as well as the best, no contradiction may stand between any
two, and what grows too large waits for a person.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.domain.matching.comparing import Comparison, compare
from chalicelib.domain.matching.looking import Card, Pair
from chalicelib.domain.matching.model import Model

TOO_LARGE, STRANGERS = "too_large", "strangers"


@dataclass(frozen=True)
class Ruling:
    """What is to be done about two contacts.

    `comparison` is the best pair's, its verdict that on the contacts and its contradictions
    those between any of their records; `likeness` is how alike they are as a whole: midway
    between the best pair's score and the mean of all pairs; `across` are these scores.
    """

    comparison: Comparison
    likeness: int
    across: Mapping[tuple[str, str], int]


def rule(
    pair: Pair,
    ours: Sequence[Card],
    theirs: Sequence[Card],
    shared: Mapping[str, int],
    model: Model,
) -> Ruling:
    """Judge the contacts of a pair, given all their records; the pair's own comparison, the
    plain one, is not made again unless one of its records has changed since.
    """
    known = pair.record, pair.candidate
    crossing = {
        (a.id, b.id): pair.comparison if (a, b) == known else compare(a.seen, b.seen, shared, model)
        for a in ours
        for b in theirs
    }
    across = {ids: comparison.score for ids, comparison in crossing.items()}
    if not across:
        across = {(pair.record.id, pair.candidate.id): pair.comparison.score}
    best = max(across.values())
    likeness = (best + sum(across.values()) // len(across)) // 2
    against = _against(crossing.values(), min(across.values()), len(ours) + len(theirs), model)
    verdict = pair.comparison.verdict
    if verdict == "same" and against:
        verdict = "unsure"
    elif verdict == "unsure" and likeness < model.unsure and best < model.same:
        verdict = "none"
    told = pair.comparison._replace(verdict=verdict, contradictions=tuple(sorted(against)))
    return Ruling(told, likeness, across)


def _against(
    crossing: Iterable[Comparison], weakest: int, size: int, model: Model
) -> frozenset[str]:
    """What stands against making one contact of them, whatever its best pair says."""
    against = {c for comparison in crossing for c in comparison.contradictions}
    strangers = {STRANGERS} if weakest < model.weakest else set()
    return frozenset(against | strangers | ({TOO_LARGE} if size > model.most else set()))
