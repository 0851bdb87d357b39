"""Untie: one `same` edge is retracted, in one transaction; what it joined may part.

The counterpart of `tie`. What still holds two records together keeps them together.
"""

from collections.abc import Callable, Sequence

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
from chalicelib.flow.merging.tie import Tied, graph_changes, neighbours
from chalicelib.flow.ports import Ports
from chalicelib.flow.ruling import rules
from chalicelib.store import contacts, keys
from chalicelib.store.ports import Conflict, Write

NOBODY = ""
Check = Callable[[Contact], None]


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

    def attempt(_: int) -> Tied:
        header = batches.opened(ports, kind, by, batch)
        return _untie(ports, edge_id, by, batch, says, check, header)

    return insisting(ports, attempt)


def _untie(
    ports: Ports,
    edge_id: str,
    by: str,
    batch: str,
    says: str | None,
    check: Check,
    header: Sequence[Write],
) -> Tied:
    decision = contacts.decision(ports.items, edge_id)
    if decision is None:
        raise Conflict
    edge = decision.judgement
    contact = contacts.load(ports.items, edge.a[0])
    if contact is None or contact.head.judged(edge.id) is None:
        return _already(ports, decision, contact)
    check(contact)
    kept = [j for j in contact.head.judgements if j.id != edge.id]
    parts = components(contact.records, [j for j in kept if j.verdict == "same"])
    voice = (by if edge.machine else NOBODY) if says is None else says
    parted = [_different(ports, parts, voice)] if len(parts) > 1 and voice != NOBODY else []
    back = reinstated(ports, decision, parts)
    words = [*kept, *parted, *(d.judgement for d in back)]
    why = rules.why(ports, Cause(type="undo", by=by, merge=decision.merge), batch)
    steps, moved = _parted(ports, contact, parts, words, why)
    others = _told(ports, contact, [d.judgement for d in back], why)
    undone = _undone(ports, decision, steps, parted, by, batch)
    again = contact.head.members if len(parts) > 1 else ()
    changes = graph_changes(ports, steps, match=again)
    ports.items.write(
        [w for step in (*steps, *others) for w in contacts.step_writes(step)]
        + contacts.pointer_writes(moved, steps[-1].after.id)
        + [contacts.decision_write(d, new=False) for d in (undone, *back)]
        + [contacts.decision_write(Decision(judgement=j, batch=batch)) for j in parted]
        + [*header, *change_writes(changes)]
    )
    return Tied(undone, changes, tuple(s.after.id for s in steps))


def _already(ports: Ports, decision: Decision, contact: Contact | None) -> Tied:
    """Retracted before: by us with a lost answer, or by somebody at the same time."""
    known = contacts.decision(ports.items, decision.judgement.id) or decision
    if contact is None or not known.retracted_at:
        raise Conflict
    return Tied(known, (), tuple(known.undo.get("contacts", ())))


def _different(ports: Ports, parts: Sequence[frozenset[str]], by: str) -> Judgement:
    """Undoing what the machine did is a word that the two are different."""
    a, b = sorted(tuple(sorted(p)) for p in parts)
    return Judgement(
        id=ports.chance.token(), verdict="different", a=a, b=b, by=by, at=times.text(ports.now())
    )


def reinstated(ports: Ports, decision: Decision, parts: Sequence[frozenset[str]]) -> list[Decision]:
    """The judgements that ended with one that is retracted, once its sides stand apart.

    A person's `different`, or the question that the merge answered, is as it was before; but
    not where other edges have joined its two sides since.
    """
    if len(parts) == 1:
        return []
    found = (contacts.decision(ports.items, j) for j in decision.effect.get("ended", ()))
    ended = [d for d in found if d and d.retracted_at]
    apart = [d for d in ended if not any(d.judgement.parts(p, p) for p in parts)]
    open_again = {"retracted_at": "", "retracted_by": "", "undo": {}}
    return [d.model_copy(update=open_again) for d in apart if not _joined(ports, d.judgement)]


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
    decision: Decision,
    steps: Sequence[Step],
    parted: Sequence[Judgement],
    by: str,
    batch: str,
) -> Decision:
    undo = {
        "batch": batch,
        "contacts": [s.after.id for s in steps],
        "versions": [s.after.version for s in steps],
        "held_by": [] if len(steps) > 1 else [e.id for e in steps[0].after.edges],
        "different": [j.id for j in parted],
    }
    at = times.text(ports.now())
    return decision.model_copy(update={"retracted_at": at, "retracted_by": by, "undo": undo})
