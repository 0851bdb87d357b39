"""What the machine may do with a comparison: join, ask a person, or leave it. Pure.

The machine only adds edges, the best pair first, and joins whole contacts: so it is the
contacts that must not contradict each other, not only the pair.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

from chalicelib.domain.evidence import Record
from chalicelib.domain.graph import JUDGEMENTS_CAP, MEMBERS_CAP, Contact, forbids
from chalicelib.domain.judgements import Decision, Mode
from chalicelib.domain.matching import (
    MODEL,
    Comparison,
    Reason,
    compare,
    contradicts,
    explain,
)

MATCHED_FIELDS = (
    "kind",
    "given_name",
    "family_name",
    "full_name",
    "nicknames",
    "emails",
    "phones",
    "addresses",
    "organization",
    "job_title",
    "birth_date",
    "identifiers",
)
CANDIDATES_CAP = 90

Obstacle = Literal["", "joined", "judged_different", "too_large", "contradiction", "asked_before"]


@dataclass(frozen=True)
class Pair:
    """A record and a candidate, compared."""

    record: Record
    candidate: Record
    comparison: Comparison


def ranked(record: Record, candidates: Iterable[Record], shared: Mapping[str, int]) -> list[Pair]:
    """The pairs that are more than nothing, the best first, in one order for ever."""
    mine = record.values()
    pairs = [Pair(record, c, compare(mine, c.values(), shared, MODEL)) for c in candidates]
    telling = [p for p in pairs if p.comparison.verdict != "none"]
    return sorted(telling, key=lambda p: (-p.comparison.score, p.candidate.age))


def obstacle(ours: Contact, theirs: Contact) -> Obstacle:
    """Why the machine may not join two contacts; empty when it may."""
    if ours.head.id == theirs.head.id:
        return "joined"
    if forbids(ours.head, theirs.head):
        return "judged_different"
    if len(ours.records) + len(theirs.records) > MEMBERS_CAP or _crowded(ours, theirs):
        return "too_large"
    if any(contradicts(a.values(), b.values()) for a, b in _across(ours, theirs)):
        return "contradiction"
    return ""


def _crowded(ours: Contact, theirs: Contact) -> bool:
    return len(ours.head.judgements) + len(theirs.head.judgements) >= JUDGEMENTS_CAP


def _across(ours: Contact, theirs: Contact) -> Iterable[tuple[Record, Record]]:
    return product(_alive(ours), _alive(theirs))


def _alive(contact: Contact) -> Sequence[Record]:
    return [r for r in contact.records.values() if r.alive]


def askable(ours: Contact, theirs: Contact) -> Obstacle:
    """Why the machine need not ask about two contacts: nobody is asked twice."""
    if ours.head.id == theirs.head.id:
        return "joined"
    if forbids(ours.head, theirs.head):
        return "judged_different"
    a, b = frozenset(ours.head.members), frozenset(theirs.head.members)
    asked = any(j.verdict == "unsure" and j.parts(a, b) for j in ours.head.judgements)
    return "asked_before" if asked else ""


def touched(policy: Mode, younger: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(lifted, muted): what a source's policy does with the younger record of a pair."""
    return ((younger,) if policy == "overwrite" else (), (younger,) if policy == "skip" else ())


def explained(decision: Decision) -> dict[str, str]:
    """What spoke for and against a judgement of the machine, as a sentence in each language."""
    if not decision.reasons:
        return {}
    joined = decision.judgement.machine and decision.judgement.verdict == "same"
    verdict: Literal["same", "unsure"] = "same" if joined else "unsure"
    reasons = tuple(Reason(**reason) for reason in decision.reasons)
    comparison = Comparison(decision.score, reasons, decision.contradictions, verdict)
    return {"en": explain(comparison, "en"), "pl": explain(comparison, "pl")}


def doubtful(pair: Pair) -> Pair:
    """The same pair as a question: its score stands, the machine only does not act on it."""
    return replace(pair, comparison=replace(pair.comparison, verdict="unsure"))
