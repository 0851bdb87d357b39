"""What a look may cost: a stated number of reads, whatever stands in the store."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.matching import MODEL, Card, features, match_keys
from chalicelib.domain.matching.keys import MOST_KEYS, cap_of
from chalicelib.domain.matching.looking import CANDIDATES_CAP
from infra.matching.shop import Shop
from tests.bench.matching.adverse import (
    CROWDS,
    LARGEST_NOTE,
    asker,
    askers,
    card_units,
    crowd,
    fill,
    largest_values,
    looked,
    most_units,
    usual_most_units,
)
from tests.bench.matching.growth import arriving
from tests.bench.matching.shelves import SizedStore, Spent, StoredStore, row_size

SMALL = dict.fromkeys(CROWDS, 120)


@pytest.fixture(scope="module")
def store() -> StoredStore:
    """The true shelf, on which every crowd is larger than any cap."""
    filled = StoredStore()
    fill(filled, SMALL)
    return filled


@pytest.mark.parametrize("who", askers(CROWDS))
def test_no_look_costs_more_than_the_cap(store: StoredStore, who: str) -> None:
    values = askers(CROWDS)[who]
    spent = looked(store, store.costs, values)
    assert spent.keys <= MOST_KEYS
    assert spent.rows <= sum(cap_of(key) + 1 for key in match_keys(features(values)))
    assert spent.cards <= CANDIDATES_CAP
    assert 0 < spent.units <= usual_most_units()


def test_a_crowd_of_the_largest_cards_stays_under_the_cap() -> None:
    store, values = StoredStore(), largest_values()
    for number in range(CANDIDATES_CAP + 5):
        record = f"{number:036}"
        store.put(Card(record, "s" * 40, "0" * 20, features(values)), record)
    spent = looked(store, store.costs, values)
    assert spent.cards == CANDIDATES_CAP
    assert usual_most_units() < spent.units <= most_units()


def test_the_stated_cap_is_this_number() -> None:
    assert (usual_most_units(), card_units(), most_units()) == (56, 4, 116)


def test_no_key_leads_further_than_a_name() -> None:
    everything = asker() | largest_values()
    kinds = {key for values in (everything, asker()) for key in match_keys(features(values))}
    assert max(map(cap_of, kinds)) <= cap_of("name=")


@given(st.integers(0, 10**6), st.sampled_from(sorted(CROWDS)))
def test_what_a_record_says_bounds_what_its_row_holds(number: int, name: str) -> None:
    store = SizedStore()
    record = f"{number:036}"
    store.put(Card(record, "crm", "1", features(crowd(name, number))), record)
    key = match_keys(features(crowd(name, number)))[0]
    ((_, note),) = store.rows(key, 5)
    assert row_size(record, note) <= row_size(record, LARGEST_NOTE)


def test_the_sized_store_counts_as_the_meter_does() -> None:
    true, likeness = StoredStore(), SizedStore()
    for shop in (Shop(MODEL, true), Shop(MODEL, likeness)):
        for _, card in zip(range(150), arriving(), strict=False):
            for _ in shop.arrive(card):
                pass
    assert true.costs == likeness.costs
    assert true.costs != Spent()
