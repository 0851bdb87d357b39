"""Rank: the reviews of a contact take the place in the stewards' queue that they have now.

    a contact changed -> its questions: still open? worth as much? -> their rows follow

A step of the match worker, so that each change of a contact is followed for certain. Who has
written looks whether the contact changed meanwhile, as whoever writes index rows does.
"""

from collections.abc import Iterator

from chalicelib.domain.graph import Head
from chalicelib.domain.judgements import Decision
from chalicelib.domain.priority import Worth, worth
from chalicelib.domain.versions import Version
from chalicelib.flow.changes import insisting
from chalicelib.flow.ports import Ports
from chalicelib.store import contacts
from chalicelib.store.ports import Conflict


def rank(ports: Ports, head: Head) -> None:
    """Bring the rows of a contact's questions up to date; `head` was read a moment ago."""
    if head.asked:
        insisting(ports, lambda tried: _rank(ports, head.id, None if tried else head))


def _rank(ports: Ports, contact_id: str, read: Head | None) -> None:
    head = read or contacts.head_of(ports.items, contact_id)
    if head is None or not head.asked:
        return
    stale = list(_stale(ports, head))
    for decision in stale:
        ports.items.write([contacts.decision_write(decision, new=False)])
    if stale and contacts.head_of(ports.items, contact_id) != head:
        raise Conflict  # what was written may be too old


def _stale(ports: Ports, head: Head) -> Iterator[Decision]:
    """The questions whose rows must change, as they shall be."""
    known = contacts.decisions(ports.items, [question.id for question in head.asked])
    value = worth_of(contacts.version(ports.items, head.id, head.version))
    open_ones = {question.id for question in head.reviews}
    for decision in known.values():
        placed = _placed(decision, head, value, decision.judgement.id not in open_ones)
        if placed != decision and not decision.retracted_at:
            yield placed


def _placed(decision: Decision, head: Head, value: Worth, settled: bool) -> Decision:
    ends = zip(decision.judgement.a + decision.judgement.b, decision.desk.worth, strict=True)
    a, b = (value if record in head.members else known for record, known in ends)
    desk = decision.desk.model_copy(update={"worth": (a, b), "settled": settled})
    return decision.model_copy(update={"desk": desk})


def worth_of(version: Version) -> Worth:
    """What a contact is worth to the stewards, as it was in a version."""
    sources = {source for source, _ in version.origins.values()}
    return worth(version.values, len(sources), len(version.members))
