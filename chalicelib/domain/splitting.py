"""Splitting: which edges must come and go so that some records leave a contact. Pure.

What stays together is held by edges of the person's own first, so that the edges across can
go without parting more than was meant.
"""

from collections.abc import Collection, Sequence

from chalicelib.domain.graph import Contact, components
from chalicelib.domain.judgements import Judgement
from chalicelib.domain.model import digest

Ends = tuple[str, str]
MOVED, HELD, PARTED = "moved", "held", "parted"


def holding(contact: Contact, leaving: Collection[str]) -> list[Ends]:
    """The pairs to be tied so that each side hangs together without the edges across."""
    gone = frozenset(leaving)
    sides = (gone, frozenset(contact.records) - gone)
    return [ends for side in sides for ends in _chained(side, contact.head.edges)]


def _chained(side: frozenset[str], edges: Sequence[Judgement]) -> list[Ends]:
    inside = [e for e in edges if side.issuperset(e.a + e.b)]
    firsts = sorted(min(part) for part in components(side, inside))
    return [(firsts[0], other) for other in firsts[1:]]


def across(contact: Contact, leaving: Collection[str], staying: Collection[str]) -> list[Judgement]:
    """The edges that lead from those that leave to those that stay, or to what hangs on these.

    Records that came to the contact since the split was asked for stay, unless only those
    that leave hold them.
    """
    gone = frozenset(leaving)
    rest = frozenset(contact.records) - gone
    inside = [e for e in contact.head.edges if rest.issuperset(e.a + e.b)]
    parts = [part for part in components(rest, inside) if not part.isdisjoint(staying)]
    kept = frozenset().union(*parts)
    return [e for e in contact.head.edges if e.concerns(gone) and e.concerns(kept)]


def edge_of(split: str, name: str) -> str:
    """The id of an edge that a split makes: `MOVED`, or a name of a pair that it holds together."""
    return digest(split, name)


def role_of(edge: str, split: str) -> str:
    """What an edge that a split made is for."""
    return MOVED if edge == edge_of(split, MOVED) else HELD
