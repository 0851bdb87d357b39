"""Examples to learn from: labelled sets, seen one record at a time as the worker sees them."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from chalicelib.domain.matching import MODEL, Card
from infra.matching.estimate import Example, example_of
from infra.matching.sets import card_of
from infra.matching.shop import Shop

_EVERYTHING = -1_000_000
_PARTS = 10


class Labelled:
    """A set `NAME.csv` with its `NAME.truth.csv` (id, entity_id)."""

    def __init__(self, path: Path) -> None:
        truth = path.with_suffix(".truth.csv")
        self.entity = {row["id"]: row["entity_id"] for row in _rows(truth)}
        self.cards = [card_of(row, number) for number, row in enumerate(_rows(path))]

    def examples(self) -> Iterator[Example]:
        """From one store of all, and from ten small ones: what proves much in a small store
        proves less in a large one, and the levels that count bearers must learn it.
        """
        yield from self._examples(self.cards)
        order = {e: n for n, e in enumerate(sorted(set(self.entity.values()), key=_by_number))}
        for part in range(_PARTS):
            of_part = [
                c for c in self.cards if order[self.entity[c.id]] * _PARTS // len(order) == part
            ]
            yield from self._examples(of_part)

    def _examples(self, cards: Sequence[Card]) -> Iterator[Example]:
        shop = Shop(replace(MODEL, unsure=_EVERYTHING))
        for card in cards:
            for pair in shop.look_for(card):
                if pair.comparison.reasons:
                    same = self.entity[card.id] == self.entity[pair.candidate.id]
                    yield example_of(pair.comparison, same)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _by_number(entity: str) -> tuple[int, str]:
    digits = "".join(filter(str.isdigit, entity))
    return (int(digits or 0), entity)
