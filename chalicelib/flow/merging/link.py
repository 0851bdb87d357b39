"""Link: what contacts become by one `same` edge, be it new or in force again. Writes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chalicelib.domain.errors import ConflictError, TooLargeError
from chalicelib.domain.graph import (
    MEMBERS_CAP,
    Contact,
    Head,
    elder,
    forbids,
    without,
)
from chalicelib.domain.judgements import Judgement
from chalicelib.domain.settle import Step, Why, join, settle
from chalicelib.flow.changes import Change, changed
from chalicelib.flow.ports import Ports
from chalicelib.flow.ruling import rules
from chalicelib.store import contacts
from chalicelib.store.ports import Conflict, Write

WRITES_CAP = 100


@dataclass(frozen=True)
class Linked:
    """The contact that stays, first, and the one that is absorbed, if any; whose pointer moves.

    `others` are the contacts that only lose what ends with it.
    """

    steps: tuple[Step, ...]
    moved: Sequence[str]
    others: Sequence[Step]

    @property
    def winner(self) -> Head:
        """The head of the contact that stays."""
        return self.steps[0].after

    @property
    def writes(self) -> list[Write]:
        """Heads and versions of all, and pointers."""
        steps = [w for step in (*self.steps, *self.others) for w in contacts.step_writes(step)]
        return steps + contacts.pointer_writes(self.moved, self.winner.id)


def both(ports: Ports, a: str, b: str) -> tuple[Contact, Contact]:
    """The contacts of two records; `Conflict` when one is unknown to this very moment."""
    ours, theirs = contacts.load(ports.items, a), contacts.load(ports.items, b)
    if ours is None or theirs is None:
        raise Conflict
    return ours, theirs


def link(
    ports: Ports,
    ours: Contact,
    theirs: Contact,
    edge: Judgement,
    ended: Sequence[Judgement],
    why: Why,
) -> Linked:
    """Add an edge between two contacts, or inside one; `ended` are judgements that go with it.

    Raises `ConflictError` where a word that stays forbids it, or a cap.
    """
    if ours.head.id == theirs.head.id:
        steps, moved = _within(ours, edge, ended, why)
    else:
        _allow(ours, theirs, ended)
        steps, moved = _across(ours, theirs, edge, ended, why)
    return Linked(steps, moved, _released(ports, ours, theirs, ended, why))


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


def commit(ports: Ports, writes: Sequence[Write]) -> None:
    """Write all or nothing. Raises `TooLargeError` where it is too much for one transaction."""
    if len(writes) > WRITES_CAP:
        raise TooLargeError("Too much hangs on these contacts for one step.")
    ports.items.write(writes)
