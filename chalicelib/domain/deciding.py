"""What the machine may do with two contacts: join them, ask a person, or leave them. Pure."""

from typing import Literal

from chalicelib.domain.evidence import Record
from chalicelib.domain.graph import JUDGEMENTS_CAP, MEMBERS_CAP, Contact, forbids
from chalicelib.domain.judgements import Decision, Mode
from chalicelib.domain.matching import (
    Card,
    Comparison,
    Pair,
    Reason,
    explain,
    features,
)
from chalicelib.domain.pins import pinned_values
from chalicelib.domain.sources import Source

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

Obstacle = Literal["", "joined", "judged_different", "too_large", "contradiction", "asked_before"]


def card_of(record: Record) -> Card:
    """A record as the matcher sees it: what a steward pinned counts as said.

    One that says nothing any more is nobody, whatever is pinned on it.
    """
    said = pinned_values(record) if record.alive else {}
    return Card(record.id, record.source, record.first_seen, features(said))


def matters(before: Record, after: Record) -> bool:
    """Whether the matcher would look at the record with other eyes."""
    old, new = pinned_values(before), pinned_values(after)
    return before.alive != after.alive or any(old.get(n) != new.get(n) for n in MATCHED_FIELDS)


def cards_of(contact: Contact) -> list[Card]:
    """The records of a contact that say something, the oldest first."""
    alive = [r for r in contact.records.values() if r.alive]
    return [card_of(r) for r in sorted(alive, key=lambda r: r.age)]


def obstacle(ours: Contact, theirs: Contact) -> Obstacle:
    """Why the machine may not join two contacts; empty when it may."""
    if ours.head.id == theirs.head.id:
        return "joined"
    if forbids(ours.head, theirs.head):
        return "judged_different"
    crowded = len(ours.head.judgements) + len(theirs.head.judgements) >= JUDGEMENTS_CAP
    if crowded or len(ours.records) + len(theirs.records) > MEMBERS_CAP:
        return "too_large"
    return ""


def askable(ours: Contact, theirs: Contact) -> Obstacle:
    """Why the machine need not ask about two contacts: nobody is asked twice."""
    if ours.head.id == theirs.head.id:
        return "joined"
    if forbids(ours.head, theirs.head):
        return "judged_different"
    a, b = frozenset(ours.head.members), frozenset(theirs.head.members)
    asked = any(j.verdict == "unsure" and j.parts(a, b) for j in ours.head.judgements)
    return "asked_before" if asked else ""


def policy(younger: Record, source: Source | None) -> Mode | None:
    """What the younger record of a pair does with a duplicate: its import's wish, else its
    source's; None where the source leaves that to a person."""
    if source and not source.automatic_merge:
        return None
    return younger.duplicates or (source.duplicate_policy if source else "merge")


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
    return pair._replace(comparison=pair.comparison._replace(verdict="unsure"))
