"""Mend: what is torn is written anew from the evidence, in one transaction for a region.

    fault -> the contacts that hang together with it -> are they (still) torn? ->
    what they shall be -> write it on each head's `rev`, with changes in both lanes

Harmless when repeated: what is whole is left as it is, to the byte.
"""

from collections.abc import Callable, Mapping, Sequence

from chalicelib.domain.checking import Fault, contact_faults
from chalicelib.domain.errors import TooLargeError
from chalicelib.domain.judgements import Decision
from chalicelib.domain.mending import Mended, Region, mended
from chalicelib.domain.settle import Step
from chalicelib.domain.versions import Cause
from chalicelib.flow.changes import Change, change_writes, changed, insisting, kick
from chalicelib.flow.checking.batched import BY, mend_batch
from chalicelib.flow.checking.examine import outbox_faults
from chalicelib.flow.checking.indexed import past_rows, rows_standing, wanted_rows
from chalicelib.flow.checking.interacted import mend_interaction
from chalicelib.flow.checking.region import Gathered, Walk
from chalicelib.flow.checking.standing import decisions, standing
from chalicelib.flow.checking.undone import mend_undo
from chalicelib.flow.matching import index, look
from chalicelib.flow.merging.link import commit
from chalicelib.flow.ports import Ports
from chalicelib.flow.reading import search_index
from chalicelib.flow.ruling import rules
from chalicelib.store import contacts, keys
from chalicelib.store.ports import Absent, Equals, Put, Write


def mend(ports: Ports, fault: Fault, batch: str, gathered: Gathered) -> None:
    """Mend what a fault says is torn, if it still is and evidence is left of it.

    Raises `TooLargeError` where too much hangs on it for one step.
    """
    if fault.of in BY_ROW:
        BY_ROW[fault.of](ports, fault)
    elif fault.seeds:
        kick(ports, insisting(ports, lambda _: _mend_region(ports, fault, batch, gathered)))


def _mend_region(ports: Ports, fault: Fault, batch: str, gathered: Gathered) -> Sequence[Change]:
    named = decisions(ports.items, [fault.id] if fault.of == "judgement" else [])
    walk = Walk(ports, named, gathered).around(fault.seeds)
    if walk.is_lost():
        return ()
    if walk.is_large():
        raise TooLargeError("Too much hangs on these contacts for one step.")
    region = walk.region()
    why = rules.why(ports, Cause(type="fsck", by=BY), batch)
    done = mended(region, why, _torn(ports, region, fault))
    changes = [c for step in done.steps for c in _changes(ports, step)]
    queued = [d for d in named.values() if fault.code == "queue_astray"]
    writes = _writes(region, done, walk, queued) + change_writes(changes)
    if writes:
        commit(ports, writes)
    return changes


def _torn(ports: Ports, region: Region, fault: Fault) -> set[str]:
    """The contacts of a region that have a fault of their own."""
    found = set()
    for head in region.heads.values():
        faults = [*contact_faults(standing(ports, head)), *outbox_faults(ports, head)]
        if any(not f.lost for f in faults):
            found.add(head.id)
    return found if fault.code != "queue_astray" else found | set(fault.seeds)


def _changes(ports: Ports, step: Step) -> Sequence[Change]:
    after = step.after
    return changed(ports, after.id, after.rev, match=after.members, fan_out=True)


def _writes(region: Region, done: Mended, walk: Walk, queued: Sequence[Decision]) -> list[Write]:
    steps = [w for step in done.steps for w in _step_writes(region, step)]
    moved = [contacts.pointer_writes([record], into) for record, into in done.pointers]
    folded = [r for name, r in region.records.items() if walk.records[name] != r]
    records = [contacts.record_write(record, born=False) for record in folded]
    judged = [contacts.decision_write(d, new=False) for d in [*done.decisions, *queued]]
    return [*steps, *(w for pointer in moved for w in pointer), *records, *judged]


def _step_writes(region: Region, step: Step) -> list[Write]:
    """As always, but for a head that is lost: it is written where none stands."""
    known = region.heads.get(step.after.id)
    condition = Equals("rev", known.rev) if known else Absent()
    head = Put(keys.head(step.after.id), step.after.row(), condition)
    return [head, *contacts.step_writes(step)[1:]]


def _mend_index(ports: Ports, fault: Fault) -> None:
    insisting(ports, lambda _: _relist(ports, fault, look.KIND))
    insisting(ports, lambda _: _relist(ports, fault, search_index.KIND))
    index.keep(ports, past_rows(ports, fault.seeds[0]))


def _relist(ports: Ports, fault: Fault, kind: str) -> None:
    """The list says what stands; then rows and list become what is wanted."""
    owner, *row = fault.seeds
    listed = index.listing(ports, owner, kind)
    strays = [(row[0], row[1])] if row and _is_of(row[0], kind) else []
    stands = rows_standing(ports, [*listed.rows, *strays])
    wanted, card = wanted_rows(ports, owner, kind) or (stands, listed.card)
    known = index.Listing(owner, kind, listed.rev, stands, listed.card)
    stale = dict(listed.rows) != stands
    index.update(ports, known, wanted, card, always=stale)


BY_ROW: Mapping[str, Callable[[Ports, Fault], None]] = {
    "index": _mend_index,
    "batch": mend_batch,
    "undo": mend_undo,
    "interaction": mend_interaction,
}


def _is_of(partition: str, kind: str) -> bool:
    return partition.startswith("match=") == (kind == look.KIND)
