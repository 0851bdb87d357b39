"""One review whole: both contacts side by side, why the machine asks, and its group.

The group are the contacts that open questions connect: who is answered about here is often
asked about elsewhere.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from chalicelib.domain.desk_views import review_view
from chalicelib.domain.graph import Contact, Head
from chalicelib.domain.judgements import Decision, Judgement
from chalicelib.domain.side_by_side import side_by_side
from chalicelib.domain.verdicts import name_view
from chalicelib.flow.changes import insisting
from chalicelib.flow.merging.link import both
from chalicelib.flow.ports import Ports
from chalicelib.flow.reviewing.desk import Side, is_open
from chalicelib.flow.reviewing.review import question
from chalicelib.flow.ruling import rules
from chalicelib.store import contacts

GROUP_CAP = 20
Homes = dict[str, Side]


def show(ports: Ports, review_id: str) -> dict[str, Any]:
    """A question as it stands, also a settled or answered one; `NotFoundError`."""
    asked = question(ports, review_id)
    (a,), (b,) = asked.judgement.a, asked.judgement.b
    ours, theirs = insisting(ports, lambda _: both(ports, a, b))
    sides = (_side(ports, ours), _side(ports, theirs))
    return review_view(asked, *sides) | {
        "state": _state(asked, ours.head),
        "decided": asked.undo or None,
        "fields": side_by_side(ours, theirs, rules.RULES.active(ports)),
        "group": _group(ports, dict(zip((ours.head.id, theirs.head.id), sides, strict=True))),
    }


def _side(ports: Ports, contact: Contact) -> Side:
    head = contact.head
    return head, contacts.version(ports.items, head.id, head.version)


def _state(asked: Decision, head: Head) -> Literal["open", "postponed", "settled", "decided"]:
    if asked.retracted_at:
        return "decided"
    if not is_open(asked, head):
        return "settled"
    return "postponed" if asked.desk.postponed_until else "open"


def _group(ports: Ports, known: Homes) -> dict[str, Any]:
    """Who is connected, nearest first; `complete` says whether that is all of them."""
    reached = dict(known)
    while len(reached) < GROUP_CAP and (found := _beyond(ports, reached)):
        room = GROUP_CAP - len(reached)
        reached |= dict(list(found.items())[:room])
    questions = {q.id: q for head, _ in reached.values() for q in head.reviews}
    inside = {r: c for c, (head, _) in reached.items() for r in head.members}
    between = [q for q in questions.values() if inside.keys() >= {*q.a, *q.b}]
    return {
        "contacts": [name_view(version) for _, version in reached.values()],
        "questions": _questions(ports, between, inside),
        "complete": len(between) == len(questions),
    }


def _beyond(ports: Ports, reached: Homes) -> Homes:
    """The contacts that are one question away."""
    asked = (q for head, _ in reached.values() for q in head.reviews)
    inside = {r for head, _ in reached.values() for r in head.members}
    records = sorted({r for q in asked for r in q.a + q.b} - inside)[: GROUP_CAP * 5]
    homes = insisting(ports, lambda _: contacts.latest_of_many(ports.items, records))
    return {head.id: (head, version) for head, version in homes.values()}


def _questions(
    ports: Ports, asked: Iterable[Judgement], inside: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The questions between contacts that are shown, the most urgent first."""
    known = contacts.decisions(ports.items, [q.id for q in asked]).values()
    return [
        {
            "id": d.judgement.id,
            "score": d.score,
            "contacts": [inside[r] for r in d.judgement.a + d.judgement.b],
        }
        for d in sorted(known, key=lambda d: (-d.priority, d.judgement.at, d.judgement.id))
    ]
