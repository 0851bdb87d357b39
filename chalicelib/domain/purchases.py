"""What was bought: a small summary of orders, for a contact to show and a filter to ask.

    orders -> `folded`, a record's -> `united`, a contact's

`united` is order-free. It keeps the 200 items bought last; totals are of all that it is
given. Days are of UTC.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from chalicelib.domain.model import Entity

Order = tuple[str, Mapping[str, Any]]
"""When it was placed, and its content in normal form (`interactions.py`)."""
ITEMS_CAP = 200
ORDERS_CAP = 500
"""How many of a record's orders count, the latest: what a refold reads has an end."""


class Item(Entity):
    """One article over all orders: in how many, when last, for how much by currency."""

    sku: str = ""
    name: str = ""
    last: str
    times: int
    amounts: dict[str, str] = {}

    @property
    def key(self) -> str:
        """What makes two lines the same article: its number, or else its name."""
        return (self.sku or self.name).casefold()


class Total(Entity):
    """All orders in one currency."""

    orders: int
    amount: str
    last: str


class Bought(Entity):
    """The summary: `last` is the day of the latest order, `items` begin with the latest."""

    orders: int
    last: str
    totals: dict[str, Total] = {}
    items: tuple[Item, ...] = ()


def folded(orders: Iterable[Order]) -> Bought | None:
    """The summary of some orders; None of none."""
    return united(map(_bought, orders))


def _bought(order: Order) -> Bought:
    """What one order says; an article on several of its lines was bought once."""
    occurred_at, content = order
    day = occurred_at[:10]
    lines = [_line(line, day) for line in content.get("items", ())]
    items = (_item(same, times=1) for same in _by_key(i for i in lines if i.key))
    total = {c: Total(orders=1, amount=value, last=day) for c, value in _amounts(content).items()}
    return Bought(orders=1, last=day, totals=total, items=_latest(items))


def _line(line: Mapping[str, Any], day: str) -> Item:
    named = {part: line.get(part, "") for part in ("sku", "name")}
    return Item(**named, last=day, times=1, amounts=_amounts(line))


def _amounts(told: Mapping[str, Any]) -> dict[str, str]:
    return {told["amount"]["currency"]: told["amount"]["value"]} if "amount" in told else {}


def united(parts: Iterable[Bought]) -> Bought | None:
    """All that some summaries say; None where there is none."""
    told = list(parts)
    if not told:
        return None
    currencies = sorted({c for b in told for c in b.totals})
    items = _by_key(i for b in told for i in b.items)
    return Bought(
        orders=sum(b.orders for b in told),
        last=max(b.last for b in told),
        totals={c: _total(b.totals[c] for b in told if c in b.totals) for c in currencies},
        items=_latest(_item(same, times=sum(i.times for i in same)) for same in items),
    )


def _by_key(items: Iterable[Item]) -> Iterable[list[Item]]:
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(item.key, []).append(item)
    return groups.values()


def _item(same: list[Item], times: int) -> Item:
    """One article of several; it is named as it was last."""
    newest = max(same, key=lambda i: (i.last, i.name, i.sku))
    currencies = sorted({c for i in same for c in i.amounts})
    amounts = {c: _sum(i.amounts[c] for i in same if c in i.amounts) for c in currencies}
    return newest.model_copy(update={"times": times, "amounts": amounts})


def _total(same: Iterable[Total]) -> Total:
    told = list(same)
    amount = _sum(t.amount for t in told)
    return Total(orders=sum(t.orders for t in told), amount=amount, last=max(t.last for t in told))


def _sum(amounts: Iterable[str]) -> str:
    return f"{sum(map(Decimal, amounts), Decimal('0.00')):f}"


def _latest(items: Iterable[Item]) -> tuple[Item, ...]:
    by_key = sorted(items, key=lambda i: i.key)
    return tuple(sorted(by_key, key=lambda i: i.last, reverse=True)[:ITEMS_CAP])


def purchases_view(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any] | None:
    """What a contact's records bought, together; null where they bought nothing."""
    bought = united(Bought.of_row(dict(row)) for row in rows)
    return bought.row() if bought else None
