"""Reopen: a person's `different` is retracted, and the question that it answered is open again."""

from collections.abc import Sequence

from chalicelib.domain import times
from chalicelib.domain.graph import Contact, united, without
from chalicelib.domain.judgements import Decision
from chalicelib.domain.settle import Step, Why, settle
from chalicelib.domain.versions import Cause
from chalicelib.flow.batches import Batch
from chalicelib.flow.changes import Change, change_writes, changed, insisting, kick
from chalicelib.flow.merging.link import commit, neighbours
from chalicelib.flow.merging.untie import reinstated
from chalicelib.flow.ports import Ports
from chalicelib.flow.ruling import rules
from chalicelib.store import contacts


def reopen(ports: Ports, word_id: str, undo: Batch) -> None:
    """Take a `different` off every contact that it names, for good; harmless when it is off.

    The machine looks at them again: it was kept from joining them.
    """
    kick(ports, insisting(ports, lambda _: _reopen(ports, word_id, undo)))


def _reopen(ports: Ports, word_id: str, undo: Batch) -> Sequence[Change]:
    decision = contacts.decision(ports.items, word_id)
    if decision is None:
        return ()
    gone = contacts.decision_write(taken_back(ports, decision, undo), new=False)
    if decision.retracted_at:
        ports.items.write([gone])
        return ()
    found = neighbours(ports, [decision.judgement])
    back = reinstated(ports, decision, [frozenset(c.records) for c in found])
    why = rules.why(ports, Cause(type="undo", by=undo.by), undo.id)
    steps = [_step(c, decision, back, why) for c in found]
    told = [c for s in steps for c in _changes(ports, s)]
    commit(
        ports,
        [w for step in steps for w in contacts.step_writes(step)]
        + [gone, *(contacts.decision_write(d.again, new=False) for d in back)]
        + change_writes(told),
    )
    return told


def taken_back(ports: Ports, word: Decision, undo: Batch) -> Decision:
    """A word as it is kept once its own undo has ended it: no other undo reinstates it."""
    at = word.retracted_at or times.text(ports.now())
    end = {"retracted_by": undo.by, "undo": {"batch": undo.id, "for_good": True}}
    return word.model_copy(update={"retracted_at": at, **end})


def _step(contact: Contact, gone: Decision, back: Sequence[Decision], why: Why) -> Step:
    ours = frozenset(contact.records)
    again = [d.judgement for d in back if d.judgement.concerns(ours)]
    kept = without(contact.head.judgements, [gone.judgement])
    return settle(contact.head, contact.records, united([*kept, *again]), why, ours)


def _changes(ports: Ports, step: Step) -> Sequence[Change]:
    after = step.after
    return changed(ports, after.id, after.rev, match=after.members, fan_out=True)
