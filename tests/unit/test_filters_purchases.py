"""Filters on purchases: what matches lies where it is looked for, on whatever day."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.filters import compile_filter
from chalicelib.domain.purchases import folded, purchases_view
from chalicelib.domain.search_keys import search_rows

TODAY = date(2026, 11, 22)
ITEMS = ("Kawa", "kawa", "a#1", "a", "#")


def ordered(days_ago: int, item: str, value: int, currency: str = "PLN") -> dict[str, Any]:
    """The purchases of one order."""
    amount = {"value": f"{value}.00", "currency": currency}
    day = TODAY - timedelta(days=days_ago)
    bought = folded([(f"{day}T10:00:00.000000Z", {"amount": amount, "items": [{"name": item}]})])
    assert bought is not None
    view = purchases_view([bought.row()])
    return {"id": "c-1", "purchases": view}


@given(
    st.builds(ordered, st.integers(0, 5), st.sampled_from(ITEMS), st.integers(-2, 9)),
    st.sampled_from(ITEMS),
    st.integers(1, 5),
    st.sampled_from(["bought:{q}", "bought_within:{n}", "bought_within:{nq}", "spent:>={n}"]),
)
def test_who_matches_is_found(contact: dict[str, Any], item: str, n: int, form: str) -> None:
    text = form.format(q=f'"{item}"', n=n, nq=f'"{n}/{item}"') if item != "#" else f"spent:<{n}"
    compiled = compile_filter(text, TODAY)
    rows = search_rows("c-1", contact)
    found = any(key.holds(*row) for key in compiled.plan() for row in rows)
    assert found or not compiled.matches(contact)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("bought:KAWA", True),
        ("bought:kaw", False),
        ("bought_within:3", True),
        ("bought_within:2", False),
        ("bought_within:3/kawa", True),
        ('bought_within:"3/kawa"', True),
        ('bought_within:"2/kawa"', False),
        ('bought_within:"3/herbata"', False),
        ("spent:>=10", True),
        ("spent:>10", False),
        ("spent:<=10", True),
        ("spent:<10", False),
        ('spent:">=10 PLN"', True),
        ('spent:">=10 EUR"', False),
        ('spent:>="9.99 pln"', True),
    ],
)
def test_what_a_filter_on_purchases_means(text: str, holds: bool) -> None:
    assert compile_filter(text, TODAY).matches(ordered(3, "Kawa", 10)) is holds


def test_who_never_ordered_is_in_no_such_set() -> None:
    for text in ("bought:kawa", "bought_within:9", "spent:<10", "spent:>=0"):
        assert not compile_filter(text, TODAY).matches({"id": "c-1", "purchases": None})


def test_a_filter_that_hangs_on_the_clock_does_not_guess_the_day() -> None:
    with pytest.raises(ValueError, match="what day it is"):
        compile_filter("bought_within:9").matches(ordered(3, "Kawa", 10))
