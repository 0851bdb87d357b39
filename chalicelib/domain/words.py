"""Which judgements are in force where heads and kept judgements disagree. Pure.

What is kept under a judgement's own id goes before what a head carries. One that only heads
carry is written again with what is known of it. Of a `different` and the edges that join
what it parts the newest word counts.
"""

from collections.abc import Collection, Iterable, Mapping
from itertools import product

from chalicelib.domain.evidence import Record
from chalicelib.domain.graph import Head, components, path
from chalicelib.domain.judgements import Decision, Judgement


def words_of(
    heads: Iterable[Head],
    kept: Mapping[str, Decision],
    records: Mapping[str, Record],
) -> tuple[list[Judgement], list[Decision]]:
    """(the judgements in force, the decisions that have to be written for it)."""
    standing = list(heads)
    only_carried = {
        j.id: _rewritten(j, head) for head in standing for j in head.judgements if j.id not in kept
    }
    decisions = {**kept, **only_carried}
    ended: dict[str, Decision] = {}
    while loser := _contradicted(decisions | ended, standing, records):
        ended |= {loser.judgement.id: loser}
    active = [d.judgement for d in (decisions | ended).values() if not d.retracted_at]
    return active, list((only_carried | ended).values())


def _rewritten(judgement: Judgement, head: Head) -> Decision:
    """A decision of which only the judgement is left, on a head."""
    if judgement.verdict != "same":
        return Decision(judgement=judgement, batch=judgement.id)
    merge = judgement.id.partition(".")[0]
    asked = [*judgement.a, *judgement.b]
    effect = {"contacts": asked, "winner": head.id, "losers": [], "version": head.version}
    return Decision(judgement=judgement, batch=merge, merge=merge, effect=effect)


def _contradicted(
    decisions: Mapping[str, Decision], heads: Collection[Head], records: Mapping[str, Record]
) -> Decision | None:
    """A judgement that ends, since a newer one says the contrary; None where none does."""
    active = [d.judgement for d in decisions.values() if not d.retracted_at]
    edges = [j for j in active if j.verdict == "same"]
    apart = [j for j in active if j.verdict == "different"]
    parts = components(records, edges)
    for word, part in product(apart, parts):
        if word.parts(part, part):
            loser, winner = _judged(word, _between(word, part, edges), heads)
            return _ended(decisions[loser.id], winner)
    return None


def _between(
    word: Judgement, part: frozenset[str], edges: Iterable[Judgement]
) -> tuple[Judgement, ...]:
    """The edges of one way from a side of the word to the other."""
    one, other = (next(r for r in side if r in part) for side in (word.a, word.b))
    return path(tuple(edges), one, other)


def _judged(
    word: Judgement, way: Collection[Judgement], heads: Collection[Head]
) -> tuple[Judgement, Judgement]:
    """(who ends, by whose word): the newer counts, then the one that heads carry; else apart."""
    newest = max(way, key=lambda e: (e.at, e.id))
    if (newest.at, _carried(newest, heads)) > (word.at, _carried(word, heads)):
        return word, newest
    return max(way, key=lambda e: (not _carried(e, heads), e.at, e.id)), word


def _carried(judgement: Judgement, heads: Collection[Head]) -> bool:
    """Whether every head that it concerns carries it."""
    concerned = [h for h in heads if judgement.concerns(frozenset(h.members))]
    return all(h.judged(judgement.id) for h in concerned)


def _ended(decision: Decision, by: Judgement) -> Decision:
    """As it would be kept had it been ended by that word."""
    judgement = decision.judgement
    undo = {
        "batch": f"undo-{judgement.id}",
        "contacts": sorted({*judgement.a, *judgement.b}),
        "versions": [],
        "held_by": [],
    }
    said = undo if judgement.verdict == "same" else {}
    gone = {"retracted_at": by.at, "retracted_by": by.by, "undo": said}
    return decision.model_copy(update=gone)
