"""What was bought: amounts as they are written, and orders as they are summed up."""

from itertools import permutations
from typing import Any

import pytest

from chalicelib.domain.normal.amounts import money, quantity
from chalicelib.domain.normal.codec import Context, InvalidValueError
from chalicelib.domain.purchases import ITEMS_CAP, Bought, Order, folded, united
from tests.unit.normalising import TODAY

CONTEXT = Context("PL", TODAY)
PLN = {"currency": "PLN"}


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("129.9", "129.90"),
        ("129.90", "129.90"),
        ("0129.9000", "129.90"),
        (1000, "1000.00"),
        ("0.0050", "0.005"),
        ("-0.005", "-0.005"),
        ("-12.5", "-12.50"),
        ("-0", "0.00"),
        ("999999999999.9999", "999999999999.9999"),
    ],
)
def test_an_amount_has_one_normal_form(given: Any, value: str) -> None:
    normal = money({"value": given, "currency": " pln"}, CONTEXT)
    assert normal == PLN | {"value": value} == money(normal, CONTEXT)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("129.90", "not_an_amount"),
        ({"value": "1"}, "not_an_amount"),
        (PLN | {"value": "1", "tax": "0"}, "not_an_amount"),
        (PLN | {"value": 129.9}, "not_text"),
        (PLN | {"value": True}, "not_text"),
        (PLN | {"value": "1,50"}, "not_a_decimal"),
        (PLN | {"value": "1e3"}, "not_a_decimal"),
        (PLN | {"value": "0.00001"}, "not_a_decimal"),
        (PLN | {"value": "1234567890123"}, "not_a_decimal"),
        (PLN | {"value": "١٢"}, "not_a_decimal"),
        ({"value": "1", "currency": "zł"}, "not_a_currency"),
    ],
)
def test_what_is_no_amount_is_refused(given: Any, code: str) -> None:
    with pytest.raises(InvalidValueError) as refused:
        money(given, CONTEXT)
    assert refused.value.code == code


@pytest.mark.parametrize(("given", "normal"), [(2, "2"), ("100", "100"), ("2.50", "2.5")])
def test_a_quantity_has_one_normal_form(given: Any, normal: str) -> None:
    assert quantity(given, CONTEXT) == normal


def order(day: int, *names: str, value: str = "10.00", currency: str = "PLN") -> Order:
    amount = {"value": value, "currency": currency}
    items = [{"name": name, "amount": amount} for name in names]
    return f"2026-11-{day:02d}T12:00:00.000000Z", {"amount": amount, "items": items}


ORDERS = [
    order(3, "Kawa", "kawa", "Herbata"),
    order(1, "KAWA", value="0.005"),
    order(2, "Kubek", currency="EUR"),
    ("2026-11-04T00:00:00.000000Z", {"items": [{"sku": "K-1", "name": "Kawa"}]}),
]


def test_orders_are_summed_up_by_article_and_by_currency() -> None:
    bought = folded(ORDERS)
    assert bought is not None
    assert (bought.orders, bought.last) == (4, "2026-11-04")
    assert {c: (t.orders, t.amount) for c, t in bought.totals.items()} == {
        "EUR": (1, "10.00"),
        "PLN": (2, "10.005"),
    }
    assert [(i.sku, i.name, i.last[-2:], i.times, i.amounts) for i in bought.items] == [
        ("K-1", "Kawa", "04", 1, {}),
        ("", "Herbata", "03", 1, {"PLN": "10.00"}),
        ("", "kawa", "03", 2, {"PLN": "20.005"}),
        ("", "Kubek", "02", 1, {"EUR": "10.00"}),
    ]


def test_the_order_in_which_orders_come_and_are_united_is_no_matter() -> None:
    whole = folded(ORDERS)
    for orders in permutations(ORDERS):
        parts = [folded(orders[:2]), folded(orders[2:])]
        assert folded(orders) == united(p for p in parts if p) == whole


def test_only_the_latest_articles_are_kept_but_all_orders_count() -> None:
    old = order(1, *(f"old {n:03d}" for n in range(ITEMS_CAP)))
    bought = folded([old, order(2, "new")])
    assert bought is not None
    assert len(bought.items) == ITEMS_CAP
    assert (bought.items[0].name, bought.orders) == ("new", 2)


def test_of_nothing_there_is_no_summary() -> None:
    assert folded([]) is None


def test_a_summary_is_stored_as_it_is() -> None:
    bought = folded(ORDERS)
    assert bought is not None
    assert Bought.of_row(bought.row()) == bought
