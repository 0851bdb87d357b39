"""What a look costs as the store grows: rows, key reads, cards, DynamoDB's read units.

Counted over the looks of the records that bring the store from nine tenths of a size to it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import mean
from typing import NamedTuple

from chalicelib.domain.matching import MODEL, Card
from infra.matching.sets import card_of
from infra.matching.shop import Shop
from tests.bench.matching.shelves import SizedStore, Spent, StoredStore
from tests.bench.matching.tables import percentile, show
from tests.bench.matching.telling import told

SEED = 2026
_HEAD = (
    "contacts", "store", "records", "rows/contact", "written/record", "key reads", "cards",
    "units p50", "p95", "max", "mean",
)  # fmt: skip


class Point(NamedTuple):
    """The figures at one size of the store; units are of one look."""

    contacts: int
    store: str
    records: int
    rows_per_contact: float
    written: float
    keys: float
    cards: float
    p50: float
    p95: float
    most: float
    units: float


def arriving() -> Iterator[Card]:
    """The invented people's records as the matcher sees them, without end."""
    return (card_of(record.row, number) for number, record in enumerate(told(SEED)))


def curve(
    shop: Shop, spent: Spent, cards: Iterable[Card], sizes: Sequence[int], store: str
) -> Iterator[Point]:
    """Fill a shop and take the figures at each size (contacts); it stands there meanwhile."""
    log: list[Spent] = []
    rising = iter(sizes)
    size = next(rising)
    for card in cards:
        for _ in shop.arrive(card):
            pass
        if len(shop.members) >= 0.9 * size:
            log.append(replace(spent))
        if len(shop.members) >= size:
            yield _point(shop, store, log)
            log, size = [], next(rising, 0)
            if not size:
                return


def _point(shop: Shop, store: str, log: Sequence[Spent]) -> Point:
    units = sorted(after.units - before.units for before, after in pairwise(log))
    first, last, each = log[0], log[-1], len(units)
    return Point(
        len(shop.members),
        store,
        len(shop.home),
        last.placed / len(shop.members),
        (last.written - first.written) / each,
        (last.keys - first.keys) / each,
        (last.cards - first.cards) / each,
        percentile(units, 0.5),
        percentile(units, 0.95),
        units[-1],
        mean(units),
    )


def main(nightly: bool) -> None:
    """Print the curves, and what grows from ten thousand contacts on."""
    true, likeness = StoredStore(), SizedStore()
    sizes = [1_000, 10_000, 100_000] + [1_000_000] * nightly
    points = [
        *curve(Shop(MODEL, true), true.costs, arriving(), sizes[:2], "true"),
        *curve(Shop(MODEL, likeness), likeness.costs, arriving(), sizes, "sized"),
    ]
    show("What a look costs (units: DynamoDB's, consistent reads)", _HEAD, points)
    at_10k, last = points[3], points[-1]
    growth = (("key reads", "keys"), ("cards", "cards"), ("units", "units"))
    rows = [(name, getattr(last, f) / getattr(at_10k, f)) for name, f in growth]
    show(f"Growth from {at_10k.contacts:,} to {last.contacts:,} contacts", ("mean", "times"), rows)
    same = points[1][3:] == at_10k[3:]
    print(f"  the sized store's figures at 10,000 are the true store's: {'yes' if same else 'NO'}")
    if not nightly:
        print("  1,000,000 contacts: with KARTOTEKA_NIGHTLY=1")
