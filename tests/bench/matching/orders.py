"""Whether the order of arrival decides: the same records in many orders.

A record's outcome differs where its fellows (the other records of its contact) are not
those of the first order. A difference waits in the review queue where every fellow that it
lost or won is in a contact about which, with its own, the machine asked a person.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from random import Random
from typing import NamedTuple

from chalicelib.domain.matching import MODEL, Card
from infra.matching.sets import card_of
from infra.matching.shop import Shop
from tests.bench.matching.growth import SEED, arriving
from tests.bench.matching.quality import SHARED, rows_of
from tests.bench.matching.tables import show
from tests.bench.matching.traps import traps

_OWN = 10_000
_OF_TRAPS = 100
_HEAD = ("set", "records", "orders", "differ, mean", "differ, worst", "of these in review")


class Outcome(NamedTuple):
    """Who ended with whom, and between which records a person is asked."""

    home: dict[str, str]
    members: dict[str, frozenset[str]]
    asked: frozenset[tuple[str, str]]

    def fellows(self, record: str) -> frozenset[str]:
        """All records of its contact, itself included."""
        return self.members[self.home[record]]

    def asks(self, a: str, b: str) -> bool:
        """Whether a review stands between the contacts of two records."""
        first, second = self.home[a], self.home[b]
        return (min(first, second), max(first, second)) in self.asked


def outcome(cards: Iterable[Card]) -> Outcome:
    """Feed a store in this order."""
    shop = Shop(MODEL)
    doubts = []
    for card in cards:
        for judged in shop.arrive(card):
            if judged.ruling.comparison.verdict == "unsure":
                doubts.append((judged.pair.record.id, judged.pair.candidate.id))
    asked = {tuple(sorted((shop.home[a], shop.home[b]))) for a, b in doubts}
    members = {c: frozenset(card.id for card in cards) for c, cards in shop.members.items()}
    return Outcome(shop.home, members, frozenset((a, b) for a, b in asked if a != b))


def differing(first: Outcome, other: Outcome) -> tuple[set[str], set[str]]:
    """The records whose fellows differ, and those of them that wait in a review."""
    apart = {record for record in first.home if first.fellows(record) != other.fellows(record)}
    return apart, {record for record in apart if _waits(record, first, other)}


def _waits(record: str, first: Outcome, other: Outcome) -> bool:
    lost = first.fellows(record) - other.fellows(record)
    won = other.fellows(record) - first.fellows(record)
    return all(other.asks(record, fellow) for fellow in lost) and all(
        first.asks(record, fellow) for fellow in won
    )


def _row(name: str, cards: Sequence[Card], orders: int) -> Sequence[object]:
    first, random = outcome(cards), Random(SEED)
    shares, apart, waiting = [], 0, 0
    for _ in range(orders - 1):
        order = random.sample(cards, len(cards))
        aged = (card._replace(first_seen=f"{n:09d}") for n, card in enumerate(order))
        differ, wait = differing(first, outcome(aged))
        shares.append(len(differ) / len(cards))
        apart, waiting = apart + len(differ), waiting + len(wait)
    in_review = f"{waiting / apart:.1%}" if apart else "none differs"
    mean = sum(shares) / len(shares)
    return name, len(cards), orders, f"{mean:.3%}", f"{max(shares):.3%}", in_review


def main(nightly: bool) -> None:
    """Print how much the order decides."""
    orders = 100 if nightly else 10
    rows = [_row("traps", traps(), _OF_TRAPS)]
    rows.append(_row("invented people", list(islice(arriving(), _OWN)), orders))
    if SHARED.exists():
        pl10k = [card_of(row, number) for number, row in enumerate(rows_of("pl10k"))]
        rows.append(_row("pl10k", pl10k, orders))
    show("Order of arrival (records whose fellows differ from the first order's)", _HEAD, rows)
    if not nightly:
        print("  100 orders of the sets: with KARTOTEKA_NIGHTLY=1")
