"""The desk: the open questions by priority, some of them by whose they are or whom they concern.

The queue is a sparse index that may still list what was settled a moment ago, so each
question is looked up on its heads before it is shown.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.desk_views import review_view
from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.filters import compile_filter
from chalicelib.domain.graph import Head
from chalicelib.domain.judgements import Decision
from chalicelib.domain.versions import Version
from chalicelib.domain.views import contact_view
from chalicelib.flow.changes import insisting
from chalicelib.flow.ports import Ports
from chalicelib.store import contacts, keys

LAST = "~"
PAGE, PAGES_CAP = 100, 10
AT_ONCE = 25
Side = tuple[Head, Version]
Place = Sequence[str | None]
"""Where to go on: behind this page of the index, and there behind this place in the order."""


@dataclass(frozen=True)
class Asked:
    """An open question and the contacts that it is about."""

    decision: Decision
    sides: tuple[Side, Side]


@dataclass(frozen=True)
class Wanted:
    """Which questions: None or "" means that it does not matter, but an `assignee` of "" nobody.

    `q` is a filter that both contacts must match.
    """

    assignee: str | None = None
    contact: str = ""
    postponed: bool = False
    min_score: int | None = None
    max_score: int | None = None
    q: str = ""

    def __post_init__(self) -> None:
        """Refuse a filter that cannot be read, whether or not there is anything to find."""
        compile_filter(self.q)

    @property
    def narrow(self) -> bool:
        """Whether many questions may have to be looked at to find one."""
        bounds = (self.assignee, self.min_score, self.max_score, self.q or None)
        return any(bound is not None for bound in bounds)

    def takes(self, decision: Decision) -> bool:
        """Whether a question may be one, by its row alone."""
        if self.assignee is not None and decision.desk.assignee != self.assignee:
            return False
        least, most = self.min_score, self.max_score
        above = least is None or decision.score >= least
        return above and (most is None or decision.score <= most)

    def matches(self, asked: Asked) -> bool:
        """Whether its contacts are such."""
        wanted = compile_filter(self.q)
        return all(wanted.matches(contact_view(version)) for _, version in asked.sides)


def reviews(
    ports: Ports, after: Place | None, limit: int, wanted: Wanted = Wanted()
) -> dict[str, Any]:
    """A page of the open questions, both contacts shown; a page of few can be short."""
    found, place = asked(ports, wanted, after, limit)
    return {"items": [review_view(a.decision, *a.sides) for a in found], "next": place}


def asked(
    ports: Ports, wanted: Wanted, after: Place | None, limit: int
) -> tuple[list[Asked], Place | None]:
    """Some open questions in the order of the queue, and where to go on."""
    found: list[Asked] = []
    place: Place | None = after or (None, "")
    for _ in range(PAGES_CAP):
        if place is None or len(found) == limit:
            break
        some, place = _take(ports, wanted, place, limit - len(found))
        found += some
    return found, place


def _take(
    ports: Ports, wanted: Wanted, place: Place, room: int
) -> tuple[list[Asked], Place | None]:
    """As many as there is room for, of one page of the index; and where to go on."""
    page_after, behind = place
    known, following = _page(ports, wanted, page_after, room)
    ahead = [d for d in known if _due(d) > (behind or "") and wanted.takes(d)]
    found: list[Asked] = []
    for question in _open(ports, ahead):
        if wanted.matches(question):
            found.append(question)
        if len(found) == room and question.decision is not ahead[-1]:
            return found, (page_after, _due(question.decision))
    return found, (following, "") if following else None


def _due(decision: Decision) -> str:
    """Where a question stands in its lane."""
    return contacts.lane_of(decision).get("due", "")


def _page(
    ports: Ports, wanted: Wanted, after: str | None, room: int
) -> tuple[Sequence[Decision], str | None]:
    if wanted.contact:
        return _of_contact(ports, wanted), None
    lane = keys.POSTPONED if wanted.postponed else keys.REVIEWS
    size = PAGE if wanted.narrow else max(room, AT_ONCE)
    page = ports.items.due("contacts", lane, LAST, after=after, limit=size)
    return [Decision.of_row(row) for row in page.items], page.next


def _of_contact(ports: Ports, wanted: Wanted) -> list[Decision]:
    """All that is asked of one contact, as the queue would have it."""
    head = insisting(ports, lambda _: contacts.head_of(ports.items, wanted.contact))
    if head is None:
        raise NotFoundError("There is no contact under this id.")
    known = contacts.decisions(ports.items, [question.id for question in head.reviews])
    meant = [d for d in known.values() if bool(d.desk.postponed_until) == wanted.postponed]
    return sorted(meant, key=_due)


def _open(ports: Ports, known: Sequence[Decision]) -> Iterator[Asked]:
    """Those that are still open, read with their contacts a few at a time."""
    for start in range(0, len(known), AT_ONCE):
        some = known[start : start + AT_ONCE]
        homes = sides_of(ports, some)
        for decision in some:
            question = Asked(decision, pair_of(decision, homes))
            if all(is_open(decision, head) for head, _ in question.sides):
                yield question


def sides_of(ports: Ports, known: Iterable[Decision]) -> Mapping[str, Side]:
    """The contact of each record that the questions name."""
    records = [r for d in known for r in d.judgement.a + d.judgement.b]
    return insisting(ports, lambda _: contacts.latest_of_many(ports.items, records))


def pair_of(decision: Decision, homes: Mapping[str, Side]) -> tuple[Side, Side]:
    """The two contacts that a question is about."""
    (a,), (b,) = decision.judgement.a, decision.judgement.b
    return homes[a], homes[b]


def is_open(decision: Decision, head: Head) -> bool:
    """Whether a contact still waits for the answer."""
    return decision.judgement.id in [question.id for question in head.reviews]
