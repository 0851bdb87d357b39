"""Rank: the reviews of a contact take the place in the stewards' queue that they have now.

    a contact changed -> its questions: still open? worth as much? -> their rows follow

A step of the match worker, so that each change of a contact is followed for certain. Who has
written looks whether one of the two contacts changed meanwhile: the worker of that change may
have found, in the row as it was, nothing to do.
"""

from collections.abc import Iterator, Mapping

from chalicelib.domain.graph import Head
from chalicelib.domain.judgements import Decision
from chalicelib.domain.priority import Worth, worth
from chalicelib.domain.versions import Version
from chalicelib.flow.changes import insisting
from chalicelib.flow.ports import Ports
from chalicelib.store import contacts, keys
from chalicelib.store.ports import Conflict

Homes = Mapping[str, tuple[Head, Version]]


def rank(ports: Ports, contact_id: str) -> None:
    """Bring the rows of a contact's questions up to date."""
    head = Head.of_row(ports.items.get(keys.head(contact_id)) or {"id": contact_id})
    for name in _stale(ports, head) if head.asked else ():
        _place(ports, name)


def _stale(ports: Ports, head: Head) -> Iterator[str]:
    """The questions whose rows are not as this contact alone would have them."""
    known = contacts.decisions(ports.items, [question.id for question in head.asked])
    version = contacts.version(ports.items, head.id, head.version)
    ours = dict.fromkeys(head.members, (head, version))
    for name, decision in known.items():
        if not decision.retracted_at and _placed(decision, ours) != decision:
            yield name


def _place(ports: Ports, name: str) -> None:
    insisting(ports, lambda _: _place_once(ports, name))


def _place_once(ports: Ports, name: str) -> None:
    decision = contacts.decision(ports.items, name)
    if decision is None or decision.retracted_at:
        return
    records = decision.judgement.a + decision.judgement.b
    homes = contacts.latest_of_many(ports.items, records)
    placed = _placed(decision, homes)
    if placed != decision:
        ports.items.write([contacts.decision_write(placed, new=False)])
        if contacts.latest_of_many(ports.items, records) != homes:
            raise Conflict  # what was written may be too old


def _placed(decision: Decision, homes: Homes) -> Decision:
    """The question as these contacts would have it; of a side that is not known all stays."""
    question, records = decision.judgement, decision.judgement.a + decision.judgement.b
    ends = zip(records, decision.desk.worth, strict=True)
    a, b = (worth_of(homes[r][1]) if r in homes else known for r, known in ends)
    settled = any(question not in homes[r][0].reviews for r in records if r in homes)
    desk = decision.desk.model_copy(update={"worth": (a, b), "settled": settled})
    return decision.model_copy(update={"desk": desk})


def worth_of(version: Version) -> Worth:
    """What a contact is worth to the stewards, as it was in a version."""
    sources = {source for source, _ in version.origins.values()}
    return worth(version.values, len(sources), len(version.members))
