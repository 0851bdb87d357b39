"""Overtake: who undoes a merge that a split has cut already has undone it for good.

Nothing stands apart that did not before; but the split's own undo leaves the edge retracted.
"""

from collections.abc import Sequence
from typing import Any

from chalicelib.domain.graph import Contact
from chalicelib.domain.judgements import Decision
from chalicelib.flow import batches
from chalicelib.flow.ports import Ports
from chalicelib.store import contacts
from chalicelib.store.ports import Write


def is_cut(ports: Ports, edge: Decision) -> bool:
    """Whether it was a split that retracted the edge."""
    header = batches.find(ports, edge.undo.get("batch", ""))
    return header is not None and header.kind == "split"


def is_left(ports: Ports, edge: Decision) -> bool:
    """Whether somebody could still undo the edge: it is in force, or only a split keeps it out."""
    return not edge.retracted_at or is_cut(ports, edge)


def overtake(
    ports: Ports,
    edge: Decision,
    contact: Contact,
    batch: str,
    speaks: bool,
    header: Sequence[Write],
) -> Decision:
    """Make the retraction this batch's; with `speaks`, the `different` of the split with it.

    `contact` is that of one side. Raises `Conflict` where the edge is in force again meanwhile.
    """
    sides = frozenset(edge.judgement.a), frozenset(edge.judgement.b)
    said = [j.id for j in contact.head.judgements if j.verdict == "different" and j.parts(*sides)]
    split = edge.undo["batch"]
    kept = [d for d in contacts.decisions(ports.items, said).values() if d.batch == split]
    words = [d.model_copy(update={"batch": batch}) for d in kept] if speaks else []
    mine = edge.model_copy(update={"undo": edge.undo | {"batch": batch} | _apart(ports, edge)})
    ports.items.write(
        [contacts.decision_write(d, new=False) for d in (mine, *words)] + list(header)
    )
    return mine


def _apart(ports: Ports, edge: Decision) -> dict[str, Any]:
    """Who stands apart by now; when the edge was cut, others may still have held them."""
    sides = (edge.judgement.a[0], edge.judgement.b[0])
    found = (contacts.head_of(ports.items, record) for record in sides)
    heads = {head.id: head.version for head in found if head}
    if len(heads) < len(sides):
        return {}
    return {"contacts": list(heads), "versions": list(heads.values()), "held_by": []}
