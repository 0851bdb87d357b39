"""Untie: one `same` edge is retracted, in one transaction; what it joined may part.

The counterpart of `tie`. What still holds two records together keeps them together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chalicelib.domain import times
from chalicelib.domain.evidence import Record
from chalicelib.domain.graph import (
    Contact,
    Head,
    components,
    eldest,
    shared_out,
    united,
)
from chalicelib.domain.judgements import Decision, Judgement
from chalicelib.domain.settle import Step, Why, settle
from chalicelib.domain.versions import Cause
from chalicelib.flow import batches
from chalicelib.flow.batches import Kind
from chalicelib.flow.changes import change_writes, insisting
from chalicelib.flow.merging.link import graph_changes, neighbours
from chalicelib.flow.merging.overtake import is_cut, overtake
from chalicelib.flow.merging.tie import Tied
from chalicelib.flow.ports import Ports
from chalicelib.flow.ruling import rules
from chalicelib.store import contacts, keys
from chalicelib.store.ports import Conflict, Write

NOBODY = ""
Check = Callable[[Contact], None]


@dataclass(frozen=True)
class Cut:
    """An edge that is to go, by whom and as part of which batch, and who says `different`."""

    edge: str
    by: str
    batch: str
    says: str | None
    check: Check

    @property
    def model(self) -> bool:
        """Whether a model retracts it."""
        return self.by.startswith("model:")

    def voice(self, edge: Judgement) -> str:
        """Who says that the two parts are different; undoing the machine says so by itself."""
        if self.says is None:
            return self.by if edge.machine else NOBODY
        return self.says


def untie(
    ports: Ports,
    edge_id: str,
    by: str,
    batch: str,
    *,
    says: str | None = None,
    check: Check = lambda _: None,
    kind: Kind = "undo",
) -> Tied:
    """Retract the edge; both parts are matched again. `check` may refuse by raising.

    `says` is who says from now on that the parts are different: `NOBODY`, a person, or a model,
    whose word binds the machine alone. None: who retracts, where the machine had joined them.
    `kind` is that of the batch, where a person retracts.
    """
    cut = Cut(edge_id, by, batch, says, check)
    return insisting(ports, lambda _: _untie(ports, cut, batches.opened(ports, kind, by, batch)))


def _untie(ports: Ports, cut: Cut, header: Sequence[Write]) -> Tied:
    decision = contacts.decision(ports.items, cut.edge)
    if decision is None:
        raise Conflict
    edge = decision.judgement
    contact = contacts.load(ports.items, edge.a[0])
    if contact is None or contact.head.judged(edge.id) is None:
        return _already(ports, cut, decision, contact, header)
    cut.check(contact)
    kept = [j for j in contact.head.judgements if j.id != edge.id]
    parts = components(contact.records, [j for j in kept if j.verdict == "same"])
    said = _said(ports, cut, edge, parts)
    back = reinstated(ports, decision, parts)
    why = rules.why(ports, Cause(type="undo", by=cut.by, merge=decision.merge), cut.batch)
    words = [*kept, *said, *(d.judgement for d in back)]
    steps, moved = _parted(ports, contact, parts, words, why)
    others = _told(ports, contact, [d.judgement for d in back], why)
    undone = _undone(ports, cut, decision, steps, said, back)
    changes = graph_changes(ports, steps, match=contact.head.members if len(parts) > 1 else ())
    ports.items.write(
        [w for step in (*steps, *others) for w in contacts.step_writes(step)]
        + contacts.pointer_writes(moved, steps[-1].after.id)
        + [contacts.decision_write(d, new=False) for d in (undone, *(d.again for d in back))]
        + [contacts.decision_write(Decision(judgement=j, batch=cut.batch)) for j in said]
        + [*header, *change_writes(changes)]
    )
    return Tied(undone, changes, tuple(s.after.id for s in steps))


def _already(
    ports: Ports,
    cut: Cut,
    decision: Decision,
    contact: Contact | None,
    header: Sequence[Write],
) -> Tied:
    """Retracted before: by us with a lost answer, or by somebody else."""
    known = contacts.decision(ports.items, decision.judgement.id) or decision
    if contact is None or not known.retracted_at:
        raise Conflict
    if known.undo.get("batch") != cut.batch and not cut.model and is_cut(ports, known):
        speaks = cut.voice(known.judgement) != NOBODY
        known = overtake(ports, known, contact, cut.batch, speaks, header)
    return Tied(known, (), tuple(known.undo.get("contacts", ())))


def _said(
    ports: Ports, cut: Cut, edge: Judgement, parts: Sequence[frozenset[str]]
) -> list[Judgement]:
    """The word that the two parts are different, where they are two and somebody says so."""
    voice = cut.voice(edge)
    if len(parts) == 1 or voice == NOBODY:
        return []
    a, b = sorted(tuple(sorted(p)) for p in parts)
    name, at = ports.chance.token(), times.text(ports.now())
    return [Judgement(id=name, verdict="different", a=a, b=b, by=voice, at=at)]


def reinstated(ports: Ports, decision: Decision, parts: Sequence[frozenset[str]]) -> list[Decision]:
    """The judgements that ended with one that is retracted, once its sides stand apart.

    A person's `different`, or the question that the merge answered, is in force again; but
    not where other edges have joined its two sides since, or it was taken back for good.
    """
    if len(parts) == 1:
        return []
    found = (contacts.decision(ports.items, j) for j in decision.effect.get("ended", ()))
    ended = [d for d in found if d and d.retracted_at and not d.final]
    apart = [d for d in ended if not any(d.judgement.parts(p, p) for p in parts)]
    return [d for d in apart if not _joined(ports, d.judgement)]


def _joined(ports: Ports, judgement: Judgement) -> bool:
    """Whether some other contact holds records of both sides by now."""
    heads = {r: contacts.head_of(ports.items, r) for r in judgement.a + judgement.b}
    sides = [{h.id for r in side if (h := heads[r])} for side in (judgement.a, judgement.b)]
    return len(sides[0] & sides[1]) > 1


def _told(ports: Ports, contact: Contact, back: Sequence[Judgement], why: Why) -> list[Step]:
    """Other contacts whose records a reinstated judgement names hold it again too."""
    return [
        settle(
            c.head,
            c.records,
            united([*c.head.judgements, *_naming(back, c)]),
            rules.kept(ports, why, c.head),
        )
        for c in neighbours(ports, back, contact)
    ]


def _naming(judgements: Sequence[Judgement], contact: Contact) -> list[Judgement]:
    return [j for j in judgements if j.concerns(frozenset(contact.records))]


def _parted(
    ports: Ports,
    contact: Contact,
    parts: Sequence[frozenset[str]],
    judgements: Sequence[Judgement],
    why: Why,
) -> tuple[tuple[Step, ...], Sequence[str]]:
    """One step for each part; the one without the contact's id comes back under its own."""
    if len(parts) == 1:
        return (settle(contact.head, contact.records, judgements, why),), ()
    stays = next(p for p in parts if contact.head.id in p)
    leaves = next(p for p in parts if contact.head.id not in p)
    back = ports.items.get(keys.head(eldest(leaves, contact.records)))
    heads = (contact.head, Head.of_row(back or {}))
    steps = tuple(
        settle(head, _of(contact, part), shared_out(judgements, part), why, part)
        for head, part in zip(heads, (stays, leaves), strict=True)
    )
    return steps, sorted(leaves - {heads[1].id})


def _of(contact: Contact, part: frozenset[str]) -> dict[str, Record]:
    return {r: contact.records[r] for r in part}


def _undone(
    ports: Ports,
    cut: Cut,
    decision: Decision,
    steps: Sequence[Step],
    said: Sequence[Judgement],
    back: Sequence[Decision],
) -> Decision:
    """The edge as it is kept: retracted, with all that its `retie` will want to know."""
    undo = {
        "batch": cut.batch,
        "contacts": [s.after.id for s in steps],
        "versions": [s.after.version for s in steps],
        "held_by": [] if len(steps) > 1 else [e.id for e in steps[0].after.edges],
        "different": [j.id for j in said],
        "reinstated": {d.judgement.id: d.end for d in back},
    }
    end = {"retracted_at": times.text(ports.now()), "retracted_by": cut.by, "undo": undo}
    return decision.model_copy(update=end)
