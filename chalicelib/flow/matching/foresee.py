"""Foresee: what a model would do with one contact and with what hangs together with it.

contact -> its neighbourhood -> regroup -> the golden contacts to be -> what targets hear
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from chalicelib.domain.deciding import card_of, touched
from chalicelib.domain.findings import Finding, Joining, Parting, Told, binding, kind_of
from chalicelib.domain.foretelling import becoming, foretold
from chalicelib.domain.graph import Contact
from chalicelib.domain.judgements import Judgement
from chalicelib.domain.matching import Model, Pair, compare, rule
from chalicelib.domain.regrouping import Accepted, Group, Regrouped, Sights, reach, regroup
from chalicelib.domain.settle import Step
from chalicelib.domain.sources import Target
from chalicelib.domain.versions import Cause, Version
from chalicelib.flow import registry
from chalicelib.flow.matching.neighbours import Neighbourhood, around
from chalicelib.flow.ports import Ports
from chalicelib.flow.ruling import rules
from chalicelib.store import keys
from chalicelib.store.ports import Item

READS = 100


def foresee(ports: Ports, contact: Contact, model: Model) -> Finding | None:
    """What the model would do with a contact and what hangs together with it."""
    near = around(ports, contact, model)
    made = regroup(near.contacts, near.sights, model)
    members = {frozenset(c.records): c for c in near.contacts}
    inside = reach(frozenset(contact.records), [*members, *made.groups])
    before = [c for records, c in members.items() if records <= inside]
    groups = [g for g in made.groups if g <= inside]
    if {frozenset(c.records) for c in before} == set(groups):
        return None
    return _noted(ports, contact.head.id, before, groups, near, made, model)


def _noted(
    ports: Ports,
    name: str,
    before: Sequence[Contact],
    groups: Sequence[Group],
    near: Neighbourhood,
    made: Regrouped,
    model: Model,
) -> Finding:
    records = {r.id: r for c in before for r in c.records.values()}
    joins = [_joining(a) for a in made.joined if a.pair.record.id in records]
    parted = [e for e in made.parted if e.a[0] in records]
    parts = [_parting(e, before, made, near.sights, model) for e in parted]
    words = [j for c in before for j in c.head.judgements if j not in parted]
    words += [_edge(join, model) for join in joins]
    words += [_question(e) for e, p in zip(parted, parts, strict=True) if p.verdict == "unsure"]
    why = rules.why(ports, Cause(type="rehearsal", by=model.by), "")
    steps = becoming([c.head.id for c in before], groups, records, words, why)
    return Finding(
        id=name,
        kind=kind_of(before, groups),
        contacts=tuple(sorted(c.head.id for c in before)),
        records={r.id: r.evidence() for r in records.values()},
        words=tuple(sorted(binding(before))),
        groups=tuple(s.after.members for s in steps if not s.after.absorbed),
        parts=tuple(parts),
        joins=tuple(joins),
        told=told(ports, steps),
    )


def _joining(accepted: Accepted) -> Joining:
    pair = accepted.pair
    return Joining(
        a=pair.record.id,
        b=pair.candidate.id,
        mode=accepted.mode or "merge",
        younger=max(pair.record, pair.candidate, key=lambda card: card.age).id,
        score=pair.comparison.score,
        reasons=tuple(r._asdict() for r in pair.comparison.reasons),
    )


def _edge(join: Joining, model: Model) -> Judgement:
    lifts, mutes = touched(join.mode, join.younger)
    return Judgement(
        id=f"{join.a} {join.b}",
        verdict="same",
        a=(join.a,),
        b=(join.b,),
        by=model.by,
        at="~",
        mode=join.mode,
        lifts=lifts,
        mutes=mutes,
    )


def _question(edge: Judgement) -> Judgement:
    """What the matcher will ask of the two sides of a parted edge, which a target may wait for."""
    return edge.model_copy(update={"id": f"? {edge.id}", "verdict": "unsure"})


def _parting(
    edge: Judgement,
    before: Sequence[Contact],
    made: Regrouped,
    sights: Sights,
    model: Model,
) -> Parting:
    """How the two sides of an edge look to the model that would not make it."""
    cards = {r.id: card_of(r) for c in before for r in c.records.values() if r.alive}
    a, b = cards[edge.a[0]], cards[edge.b[0]]
    shared = sights.among(made.homes, a.id, b.id)
    pair = Pair(a, b, compare(a.seen, b.seen, shared, model))
    sides = [[cards[r] for r in made.homes[end.id] if r in cards] for end in (a, b)]
    ruled = rule(pair, sides[0], sides[1], shared, model).comparison
    reasons = tuple(r._asdict() for r in ruled.reasons)
    return Parting(
        judgement=edge.id,
        verdict="none" if ruled.verdict == "none" else "unsure",
        score=ruled.score,
        reasons=reasons,
        contradictions=ruled.contradictions,
    )


def told(ports: Ports, steps: Sequence[Step], sent: Mapping[str, Version] | None = None) -> Told:
    """What targets would hear of these steps; those who hold a contact were `sent` a version."""
    targets = [t for t in registry.listed(ports, Target) if t.enabled]
    ids = [s.after.id for s in steps]
    present = {(t.id, r["contact"]) for t in targets for r in _rows(ports, t, ids) if r["present"]}
    return foretold(targets, steps, present, sent or {}, _listed(ports, targets, steps))


def _listed(ports: Ports, targets: Iterable[Target], steps: Sequence[Step]) -> set[tuple[str, str]]:
    """Which of the contacts' records are on a list of a target that has only those."""
    records = [r for s in steps for r in s.after.members]
    asked = [t for t in targets if t.audience == "lists"]
    return {(t.id, r["contact"]) for t in asked for r in _rows(ports, t, records) if r.get("lists")}


def _rows(ports: Ports, target: Target, ids: Collection[str]) -> Iterable[Item]:
    """What the target has of these; at most as many as one finding has."""
    wanted = [keys.delivery(target.id, c) for c in dict.fromkeys(ids)]
    return ports.items.get_many(wanted[:READS]).values()
