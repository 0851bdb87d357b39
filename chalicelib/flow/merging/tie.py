"""Tie: one `same` edge is added, in one transaction.

Everything that joins contacts (the matcher, a merge by hand, a review) goes through here,
so that each state in between is lawful; `untie` is its counterpart.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain import times
from chalicelib.domain.errors import ConflictError, TooLargeError
from chalicelib.domain.graph import (
    MEMBERS_CAP,
    Contact,
    elder,
    forbids,
    united,
    without,
)
from chalicelib.domain.judgements import Decision, Judgement, Mode
from chalicelib.domain.settle import Step, Why, join, settle
from chalicelib.domain.versions import Cause
from chalicelib.flow import batches
from chalicelib.flow.batches import Kind
from chalicelib.flow.changes import Change, change_writes, changed, insisting
from chalicelib.flow.ports import Ports
from chalicelib.flow.ruling import rules
from chalicelib.store import contacts
from chalicelib.store.ports import Conflict, Write

Touch = Callable[[Contact, Contact], tuple[tuple[str, ...], tuple[str, ...]]]
Check = Callable[[Contact, Contact], None]
WRITES_CAP = 100


@dataclass(frozen=True)
class Wish:
    """A `same` edge that is asked for between the contacts of two records.

    `touch` fixes which records it lifts and mutes, `picks` whose word wins in single fields;
    `check` may refuse by raising; `retract`
    names judgements that end with it (a `different` that the person takes back, the question
    that it answers, which then keeps `outcome`); `mark` tells a repeated order; `kind` is that
    of the batch, where a person asks.
    """

    id: str
    merge: str
    a: str
    b: str
    by: str
    mode: Mode
    batch: str
    touch: Touch
    picks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    check: Check = lambda _ours, _theirs: None
    retract: tuple[str, ...] = ()
    score: int = 0
    reasons: tuple[dict[str, Any], ...] = ()
    asked: tuple[str, ...] = ()
    mark: str = ""
    kind: Kind = "merge"
    outcome: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Tied:
    """What a transaction on the graph did: the decision as kept, and the changes to kick."""

    decision: Decision
    changes: Sequence[Change]
    contacts: tuple[str, ...] = ()


def both(ports: Ports, a: str, b: str) -> tuple[Contact, Contact]:
    """The contacts of two records; `Conflict` when one is unknown to this very moment."""
    ours, theirs = contacts.load(ports.items, a), contacts.load(ports.items, b)
    if ours is None or theirs is None:
        raise Conflict
    return ours, theirs


def tie(ports: Ports, wish: Wish) -> Tied:
    """Add the edge. Raises `ConflictError` where a person's word or a cap stands against it."""
    return insisting(ports, lambda tried: _tie(ports, wish, tried))


def _tie(ports: Ports, wish: Wish, tried: int) -> Tied:
    known = contacts.decision(ports.items, wish.id) if tried else None
    if known:
        return Tied(known, ())  # another worker on the same order was first
    ours, theirs = both(ports, wish.a, wish.b)
    wish.check(ours, theirs)
    edge = _edge(ports, wish, ours, theirs)
    why = rules.why(ports, Cause(type="merge", by=wish.by, merge=wish.merge), wish.batch)
    ended = _ended(ours, theirs, wish)
    if ours.head.id == theirs.head.id:
        steps, moved = _within(ours, edge, ended, why)
    else:
        _allow(ours, theirs, ended)
        steps, moved = _across(ours, theirs, edge, ended, why)
    released = _released(ports, ours, theirs, ended, why)
    decision = _decision(wish, edge, steps, ended)
    changes = graph_changes(ports, steps, match=())
    writes = (
        [w for step in (*steps, *released) for w in contacts.step_writes(step)]
        + contacts.pointer_writes(moved, steps[0].after.id)
        + [contacts.decision_write(decision)]
        + _retractions(ports, ended, wish)
        + batches.joined(ports, wish.kind, wish.by, wish.batch, steps[0].after.id, wish.id)
        + change_writes(changes)
    )
    if len(writes) > WRITES_CAP:
        raise TooLargeError("Too much hangs on these contacts for one step.")
    ports.items.write(writes)
    return Tied(decision, changes, (steps[0].after.id,))


def _edge(ports: Ports, wish: Wish, ours: Contact, theirs: Contact) -> Judgement:
    lifts, mutes = wish.touch(ours, theirs)
    return Judgement(
        id=wish.id,
        verdict="same",
        a=(wish.a,),
        b=(wish.b,),
        by=wish.by,
        at=times.text(ports.now()),
        mode=wish.mode,
        lifts=lifts,
        mutes=mutes,
        picks=dict(wish.picks),
    )


def _ended(ours: Contact, theirs: Contact, wish: Wish) -> tuple[Judgement, ...]:
    """Those named in `retract` that stand between the two, and what the machine was told.

    A `different` of the machine's own keeps it from joining by itself; whoever may tie across
    it (a person, a rehearsed batch) has thought better of it.
    """
    a, b = frozenset(ours.head.members), frozenset(theirs.head.members)
    between = [j for j in ours.head.judgements + theirs.head.judgements if j.parts(a, b)]
    named = (j for j in between if j.verdict != "same" and j.id in wish.retract)
    return united([*named, *(j for j in between if j.verdict == "different" and j.machine)])


def _released(
    ports: Ports, ours: Contact, theirs: Contact, ended: Sequence[Judgement], why: Why
) -> list[Step]:
    """Other contacts lose an ended judgement too, where it names records of theirs."""
    return [
        settle(
            c.head,
            c.records,
            without(c.head.judgements, ended),
            rules.kept(ports, why, c.head),
        )
        for c in neighbours(ports, ended, ours, theirs)
    ]


def neighbours(ports: Ports, judgements: Iterable[Judgement], *inside: Contact) -> list[Contact]:
    """The contacts outside that the judgements name; `Conflict` if one comes in meanwhile."""
    named = {r for j in judgements for r in j.a + j.b}
    outside = sorted(named.difference(*(c.records for c in inside)))
    found = (contacts.load(ports.items, r) for r in outside)
    others = {c.head.id: c for c in found if c}
    if others.keys() & {c.head.id for c in inside}:
        raise Conflict
    return list(others.values())


def _allow(ours: Contact, theirs: Contact, ended: Sequence[Judgement]) -> None:
    against = [j.id for j in without(forbids(ours.head, theirs.head), ended)]
    if against:
        raise ConflictError(
            "These contacts were judged different; name the judgements to retract.",
            kind="judged_different",
            judgements=against,
        )
    if len(ours.records) + len(theirs.records) > MEMBERS_CAP:
        detail = f"A contact has at most {MEMBERS_CAP} records; a value may be shared by many."
        raise TooLargeError(detail)


def _within(
    contact: Contact, edge: Judgement, ended: Sequence[Judgement], why: Why
) -> tuple[tuple[Step, ...], Sequence[str]]:
    """An edge inside one contact: a second word on what stands."""
    kept = without(contact.head.judgements, ended)
    return (settle(contact.head, contact.records, [*kept, edge], why),), ()


def _across(
    ours: Contact, theirs: Contact, edge: Judgement, ended: Sequence[Judgement], why: Why
) -> tuple[tuple[Step, ...], Sequence[str]]:
    """Both steps, and the records whose pointer moves: those of the side whose id goes."""
    winner, loser = elder(ours, theirs)
    kept = without(winner.head.judgements + loser.head.judgements, ended)
    records = winner.records | loser.records
    steps = join(winner.head, loser.head, records, [*kept, edge], why)
    return steps, [r for r in loser.head.members if r != loser.head.id]


def _decision(
    wish: Wish, edge: Judgement, steps: Sequence[Step], ended: Sequence[Judgement]
) -> Decision:
    winner = steps[0].after
    effect = {
        "contacts": list(wish.asked or (wish.a, wish.b)),
        "winner": winner.id,
        "losers": [s.after.id for s in steps[1:]],
        "version": winner.version,
        "asked": wish.mark,
        "ended": [j.id for j in ended],
    }
    return Decision(
        judgement=edge,
        batch=wish.batch,
        merge=wish.merge,
        score=wish.score,
        reasons=wish.reasons,
        effect=effect,
    )


def _retractions(ports: Ports, ended: Iterable[Judgement], wish: Wish) -> list[Write]:
    """The judgements that end with the edge; an answered question leaves the queue."""
    found = [contacts.decision(ports.items, j.id) for j in ended]
    at = times.text(ports.now())
    gone = {"retracted_at": at, "retracted_by": wish.by, "undo": wish.outcome}
    kept = [d.model_copy(update=gone) for d in found if d]
    return [contacts.decision_write(d, new=False) for d in kept]


def graph_changes(ports: Ports, steps: Iterable[Step], match: Iterable[str]) -> tuple[Change, ...]:
    """The change rows of the contacts that got a version: match these records again, tell."""
    wanted = tuple(match)
    rows = [
        changed(
            ports,
            step.after.id,
            step.after.rev,
            match=[r for r in wanted if r in step.after.members],
            fan_out=True,
        )
        for step in steps
        if step.version
    ]
    return tuple(c for pair in rows for c in pair)
