"""Reopen: a person's `different` is retracted, and the question that it answered is open again."""

from collections.abc import Sequence

from chalicelib.domain import times
from chalicelib.domain.errors import TooLargeError
from chalicelib.domain.graph import Contact, united, without
from chalicelib.domain.judgements import Decision
from chalicelib.domain.settle import Step, Why, settle
from chalicelib.domain.versions import Cause
from chalicelib.flow.batches import Batch
from chalicelib.flow.changes import Change, change_writes, changed, insisting, kick
from chalicelib.flow.merging.tie import WRITES_CAP, neighbours
from chalicelib.flow.merging.untie import reinstated
from chalicelib.flow.ports import Ports
from chalicelib.flow.ruling import rules
from chalicelib.store import contacts


def reopen(ports: Ports, word_id: str, undo: Batch) -> None:
    """Take a `different` off every contact that it names; harmless when it is off."""
    kick(ports, insisting(ports, lambda _: _reopen(ports, word_id, undo)))


def _reopen(ports: Ports, word_id: str, undo: Batch) -> Sequence[Change]:
    decision = contacts.decision(ports.items, word_id)
    if decision is None or decision.retracted_at:
        return ()
    found = neighbours(ports, [decision.judgement])
    back = reinstated(ports, decision, [frozenset(c.records) for c in found])
    why = rules.why(ports, Cause(type="undo", by=undo.by), undo.id)
    steps = [_step(c, decision, back, why) for c in found]
    told = [
        c for s in steps for c in changed(ports, s.after.id, s.after.rev, match=(), fan_out=True)
    ]
    ended = {
        "retracted_at": times.text(ports.now()),
        "retracted_by": undo.by,
        "undo": {"batch": undo.id},
    }
    gone = decision.model_copy(update=ended)
    writes = [w for step in steps for w in contacts.step_writes(step)]
    writes += [contacts.decision_write(d, new=False) for d in (gone, *back)]
    writes += change_writes(told)
    if len(writes) > WRITES_CAP:
        raise TooLargeError("Too much hangs on these contacts for one step.")
    ports.items.write(writes)
    return told


def _step(contact: Contact, gone: Decision, back: Sequence[Decision], why: Why) -> Step:
    ours = frozenset(contact.records)
    again = [d.judgement for d in back if d.judgement.concerns(ours)]
    kept = without(contact.head.judgements, [gone.judgement])
    return settle(contact.head, contact.records, united([*kept, *again]), why)
