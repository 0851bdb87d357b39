"""A store in memory that is fed one record at a time, as the worker feeds the real one.

The product's own `look` and `rule` decide; this only keeps rows, cards and contacts.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from chalicelib.domain.ids import keyed
from chalicelib.domain.matching import (
    Card,
    Looked,
    Model,
    Note,
    Pair,
    Ruling,
    Shelf,
    look,
    match_keys,
    note_of,
    rule,
)

_KEY = b"m" * 32


@cache
def hide(plain: str) -> str:
    """A print as the worker makes it."""
    return keyed(_KEY, plain)[:8]


@dataclass
class Costs:
    """What the looks took: key reads, rows read, cards read."""

    keys: int = 0
    rows: int = 0
    cards: int = 0


class Store(Shelf, Protocol):
    """A shelf that can be filled and counts what looks take from it."""

    @property
    def costs(self) -> Costs:
        """What was taken until now."""

    def put(self, card: Card, contact: str) -> None:
        """Write a record's rows and card."""

    def move(self, card: Card, contact: str) -> None:
        """Note on a record's rows to which contact it belongs now."""


class MemoryShelf:
    """`Store` of dictionaries; cards are kept as text, as the store keeps them."""

    def __init__(self) -> None:
        self._rows: defaultdict[str, list[str]] = defaultdict(list)
        self._notes: dict[str, Note] = {}
        self._cards: dict[str, str] = {}
        self.costs = Costs()

    def hide(self, plain: str) -> str:
        return hide(plain)

    def rows(self, key: str, limit: int) -> Sequence[tuple[str, Note]]:
        self.costs.keys += 1
        found = [(record, self._notes[record]) for record in self._rows.get(key, ())[:limit]]
        self.costs.rows += len(found)
        return found

    def cards(self, records: Sequence[str]) -> Iterable[Card]:
        self.costs.cards += len(records)
        return (Card.of(record, self._cards[record]) for record in records)

    def put(self, card: Card, contact: str) -> None:
        for key in match_keys(card.seen):
            self._rows[key].append(card.id)
        self._cards[card.id] = card.text()
        self.move(card, contact)

    def move(self, card: Card, contact: str) -> None:
        self._notes[card.id] = note_of(card.seen, contact, self.hide)


@dataclass(frozen=True)
class Judged:
    """One decision: the pair, and what was ruled on its contacts."""

    pair: Pair
    ruling: Ruling


class Shop:
    """Records become contacts, one record after another."""

    def __init__(self, model: Model, shelf: Store | None = None) -> None:
        self.model = model
        self.shelf = shelf or MemoryShelf()
        self.home: dict[str, str] = {}
        self.members: dict[str, list[Card]] = {}

    def arrive(self, card: Card) -> Iterator[Judged]:
        """A record arrives: it is looked for, judged against each contact, and joined."""
        looked = self._look(card)
        settled: set[str] = set()
        for pair in looked.pairs:
            ours, theirs = self.home[card.id], self.home[pair.candidate.id]
            if ours != theirs and theirs not in settled:
                settled.add(theirs)
                yield self._judge(pair, ours, theirs, looked.shared)
        if self.home[card.id] != card.id:
            self.shelf.move(card, self.home[card.id])

    def look_for(self, card: Card) -> list[Pair]:
        """A record arrives; the pairs that its look found, all of them judged."""
        looked = self._look(card)
        for pair in looked.pairs:
            ours, theirs = self.home[card.id], self.home[pair.candidate.id]
            if ours != theirs and pair.comparison.verdict == "same":
                self._judge(pair, ours, theirs, looked.shared)
        self.shelf.move(card, self.home[card.id])
        return looked.pairs

    def _look(self, card: Card) -> Looked:
        self.home[card.id], self.members[card.id] = card.id, [card]
        self.shelf.put(card, card.id)
        return look(self.shelf, card, (card.id,), self.model)

    def _judge(self, pair: Pair, ours: str, theirs: str, shared: dict[str, int]) -> Judged:
        sides = self.members[ours], self.members[theirs]
        ruling = rule(pair, *sides, shared, self.model)
        if ruling.comparison.verdict == "same":
            self._join(ours, theirs)
        return Judged(pair, ruling)

    def _join(self, ours: str, theirs: str) -> None:
        elder, younger = sorted((ours, theirs), key=lambda c: self.members[c][0].age)
        for card in self.members.pop(younger):
            self.home[card.id] = elder
            self.members[elder].append(card)
