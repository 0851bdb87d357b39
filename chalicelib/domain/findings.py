"""Findings: what a rehearsed model would do with some contacts, as it is kept. Pure.

A finding holds ids, digests and reasons as judgements hold them (values masked), and all
that is needed to do exactly this later, and to tell whether it may still be done.
"""

from collections.abc import Collection, Iterable
from typing import Any, Literal

from chalicelib.domain.graph import Contact
from chalicelib.domain.judgements import Judgement, Mode
from chalicelib.domain.matching import Comparison, Reason, explain
from chalicelib.domain.model import Entity, digest

Kind = Literal["merge", "part", "regroup"]
Verdict = Literal["same", "unsure", "none"]
Told = dict[str, dict[str, tuple[str, ...]]]


class Joining(Entity):
    """An edge that would be made, and why."""

    a: str
    b: str
    mode: Mode
    younger: str
    score: int
    reasons: tuple[dict[str, Any], ...]


class Parting(Entity):
    """An edge of the machine that would be retracted, and how its two sides look now."""

    judgement: str
    verdict: Verdict
    score: int
    reasons: tuple[dict[str, Any], ...]
    contradictions: tuple[str, ...]


class Finding(Entity):
    """Contacts that would become other contacts.

    `records` holds a digest of what each record says, `words` the judgements that bind
    (edges, and people's `different`s), `groups` the records of each contact to be, its id
    first; `told` the contacts of which each target would get an upsert or a removal.
    """

    id: str
    kind: Kind
    contacts: tuple[str, ...]
    records: dict[str, str]
    words: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    parts: tuple[Parting, ...]
    joins: tuple[Joining, ...]
    told: Told

    def edge(self, batch: str, number: int) -> str:
        """The id that the edge of a joining has once the batch has made it."""
        return digest(batch, self.id, str(number))

    def edges(self, batch: str) -> list[str]:
        """The ids of all edges that the batch makes here."""
        return [self.edge(batch, number) for number in range(len(self.joins))]


class Outcome(Entity):
    """What became of a finding in a batch; `reason` says why it was not done in full."""

    state: Literal["done", "skipped", "partly"]
    reason: str = ""


def kind_of(before: Collection[object], after: Collection[object]) -> Kind:
    """Two or more become one, one becomes two or more, or records change sides."""
    if len(after) == 1:
        return "merge"
    return "part" if len(before) == 1 else "regroup"


def binding(contacts: Iterable[Contact]) -> set[str]:
    """The judgements that a rehearsal went by: edges, and people's `different`s."""
    words = (j for c in contacts for j in c.head.judgements)
    return {j.id for j in words if j.verdict == "same" or _of_people(j)}


def _of_people(judgement: Judgement) -> bool:
    return judgement.verdict == "different" and not judgement.machine


def is_strange(finding: Finding, contacts: Collection[Contact], own: Collection[str]) -> bool:
    """Whether there is anything that the finding did not know; `own` are the batch's edges."""
    records = (r for c in contacts for r in c.records.values())
    if any(finding.records.get(r.id) != r.evidence() for r in records):
        return True
    return not binding(contacts) <= {*own, *finding.words}


def has_changed(
    finding: Finding,
    contacts: Collection[Contact],
    own: Collection[str],
    retracted: Collection[str],
) -> bool:
    """The same, or something is missing that the batch has not `retracted` itself."""
    missing = set(finding.words) - set(retracted) - binding(contacts)
    return bool(missing) or is_strange(finding, contacts, own)


def finding_view(finding: Finding, names: dict[str, str | None]) -> dict[str, Any]:
    """A finding as the outside sees it; `names` are those of its contacts and contacts to be."""
    return {
        "id": finding.id,
        "kind": finding.kind,
        "contacts": [{"id": c, "full_name": names.get(c)} for c in finding.contacts],
        "becomes": [{"id": group[0], "records": list(group)} for group in finding.groups],
        "joins": [_joining_view(join) for join in finding.joins],
        "retracts": [_parting_view(part) for part in finding.parts],
        "told": told_view(finding.told),
    }


def told_view(told: Told) -> list[dict[str, str]]:
    """The pushes that are foretold, one by one."""
    return [
        {"target": target, "event": event, "contact": contact}
        for target, events in told.items()
        for event, contacts in events.items()
        for contact in contacts
    ]


def _joining_view(join: Joining) -> dict[str, Any]:
    said = {"a": join.a, "b": join.b, "score": join.score, "reasons": list(join.reasons)}
    return said | {"explanation": _explained(join, "same", ())}


def _parting_view(part: Parting) -> dict[str, Any]:
    said = {"merge": part.judgement, "score": part.score, "reasons": list(part.reasons)}
    return said | {"explanation": _explained(part, part.verdict, part.contradictions)}


def _explained(
    said: Joining | Parting, verdict: Verdict, contradictions: tuple[str, ...]
) -> dict[str, str]:
    reasons = tuple(Reason(**reason) for reason in said.reasons)
    comparison = Comparison(said.score, reasons, contradictions, verdict)
    return {"en": explain(comparison, "en"), "pl": explain(comparison, "pl")}
