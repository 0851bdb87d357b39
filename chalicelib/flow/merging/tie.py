"""Tie: one `same` edge is added, in one transaction.

Everything that joins contacts (the matcher, a merge by hand, a review) goes through here,
so that each state in between is lawful; `untie` is its counterpart.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain import times
from chalicelib.domain.graph import Contact, united
from chalicelib.domain.judgements import Decision, Judgement, Mode
from chalicelib.domain.settle import Step
from chalicelib.domain.versions import Cause
from chalicelib.flow import batches
from chalicelib.flow.batches import Kind
from chalicelib.flow.changes import Change, change_writes, insisting
from chalicelib.flow.merging.link import both, commit, graph_changes, link
from chalicelib.flow.ports import Ports
from chalicelib.flow.ruling import rules
from chalicelib.store import contacts
from chalicelib.store.ports import Write

Touch = Callable[[Contact, Contact], tuple[tuple[str, ...], tuple[str, ...]]]
Check = Callable[[Contact, Contact], None]


@dataclass(frozen=True)
class Wish:
    """A `same` edge that is asked for between the contacts of two records.

    `touch` fixes which records it lifts and mutes, `picks` whose word wins in single fields;
    `check` may refuse by raising; `retract` names judgements that end with it (a `different`
    that the person takes back, the question that it answers, which then keeps `outcome`);
    `mark` tells a repeated order; `kind` is that of the batch, where a person asks, and `does`
    what the batch says that it did by it.
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
    does: str = "merged"
    outcome: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Tied:
    """What a transaction on the graph did: the decision as kept, and the changes to kick."""

    decision: Decision
    changes: Sequence[Change]
    contacts: tuple[str, ...] = ()


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
    linked = link(ports, ours, theirs, edge, ended, why)
    decision = _decision(wish, edge, linked.steps, ended)
    changes = graph_changes(ports, linked.steps, match=())
    commit(
        ports,
        linked.writes
        + [contacts.decision_write(decision)]
        + _retractions(ports, ended, wish)
        + batches.joined(ports, wish.kind, wish.does, decision)
        + change_writes(changes),
    )
    return Tied(decision, changes, (linked.winner.id,))


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
