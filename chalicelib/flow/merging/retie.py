"""Retie: an edge that a split cut is in force again, as it was, in one transaction.

The counterpart of `untie`, for whoever undoes the split: its `different` ends with it, and so
does what came back when the edge was cut. Its id, time and mode are those of before.
"""

from collections.abc import Iterable, Sequence

from chalicelib.domain.graph import forbids
from chalicelib.domain.judgements import Decision, Judgement
from chalicelib.domain.versions import Cause
from chalicelib.flow import batches, jobs
from chalicelib.flow.batches import Batch
from chalicelib.flow.changes import Change, change_writes, insisting, kick
from chalicelib.flow.merging.link import both, commit, graph_changes, link
from chalicelib.flow.merging.reopen import reopen, taken_back
from chalicelib.flow.ports import Ports
from chalicelib.flow.ruling import rules
from chalicelib.store import contacts


def retie(ports: Ports, edge_id: str, split: str, undo: Batch) -> bool:
    """Whether the edge is in force again; harmless where it is already.

    It is not where somebody undid it since the cut, or where what the machine had joined them
    by was taken back: then only the split's word goes, and the machine looks again. Raises
    `ConflictError` where another word stands between the two sides, or a cap.
    """
    stands, changes = insisting(ports, lambda _: _retie(ports, edge_id, split, undo))
    kick(ports, changes)
    return stands


def _retie(ports: Ports, edge_id: str, split: str, undo: Batch) -> tuple[bool, Sequence[Change]]:
    cut = contacts.decision(ports.items, edge_id)
    if cut is None or not cut.retracted_at:
        return cut is not None, ()
    stands = may_stand(ports, cut, split)
    for word in _own(ports, split, cut.undo.get("different", ())):
        if word.retracted_at or not stands:
            reopen(ports, word.judgement.id, undo)
    return stands, _again(ports, cut, split, undo) if stands else ()


def may_stand(ports: Ports, cut: Decision, split: str) -> bool:
    """Whether an edge is out of force by this split alone."""
    return cut.undo.get("batch") == split and not _groundless(ports, cut)


def _groundless(ports: Ports, cut: Decision) -> bool:
    """Whether something was taken back, since the cut, that the machine joined them by."""
    edge = cut.judgement
    if not edge.machine:
        return False
    told = (s for record in edge.a + edge.b for s in contacts.told(ports.items, record))
    undos = {s.retracted_by for s in told if s.retracted_by and s.recorded_at <= edge.at}
    return any(_was_at_it(ports, undo) >= cut.retracted_at for undo in sorted(undos))


def _was_at_it(ports: Ports, undo: str) -> str:
    """Until when an undo took things back: a job may have been ordered long before."""
    header, job = batches.find(ports, undo), jobs.find(ports, undo)
    return max(header.at if header else "", job.touched_at if job else "")


def _own(ports: Ports, split: str, words: Iterable[str]) -> list[Decision]:
    """Of these judgements those that the split made, and nobody made his own since."""
    found = contacts.decisions(ports.items, list(words))
    return [d for d in found.values() if d.batch == split]


def _again(ports: Ports, cut: Decision, split: str, undo: Batch) -> Sequence[Change]:
    edge = cut.judgement
    ours, theirs = both(ports, edge.a[0], edge.b[0])
    over = _over(ports, cut, split, undo, forbids(ours.head, theirs.head))
    why = rules.why(ports, Cause(type="undo", by=undo.by, merge=cut.merge), undo.id)
    linked = link(ports, ours, theirs, edge, [d.judgement for d in over], why)
    changes = graph_changes(ports, linked.steps, match=())
    commit(
        ports,
        linked.writes
        + [contacts.decision_write(d, new=False) for d in (cut.again, *over)]
        + change_writes(changes),
    )
    return changes


def _over(
    ports: Ports, cut: Decision, split: str, undo: Batch, between: Iterable[Judgement]
) -> list[Decision]:
    """What ends with it: the split's word, and what was answered by the edge before the cut."""
    own = _own(ports, split, (j.id for j in between))
    ends = cut.undo.get("reinstated", {})
    back = contacts.decisions(ports.items, list(ends)).values()
    answered = [d.model_copy(update=ends[d.judgement.id]) for d in back if not d.retracted_at]
    return [*(taken_back(ports, d, undo) for d in own), *answered]
