"""Sizes and units as DynamoDB bills them, and what the meter makes of them."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pytest

from chalicelib.store.memory import MemoryItems
from chalicelib.store.meter import Metered, Units
from chalicelib.store.ports import Absent, Conflict, Delete, Key, Put, Set, Write
from chalicelib.store.sizes import item_size, read_units, write_units

KEY, OTHER = Key("contacts", "p", "s"), Key("contacts", "p", "t")
KEY_SIZE = len("pk" + "p" + "sk" + "s")
LISTED = {"lane": "x", "due": "1"}


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ("", 0),
        ("abc", 3),
        ("ż😀", 6),
        (True, 1),
        (None, 1),
        (0, 1),
        (7, 2),
        (99, 2),
        (100, 2),
        (101, 3),
        (-99, 3),
        (1_700_000_000_123_456, 9),
        ([], 3),
        (["a", "b"], 3 + 2 * 2),
        ({}, 3),
        ({"ab": "c"}, 3 + 1 + 3),
        ({"a": [None]}, 3 + 1 + 1 + 3 + 1 + 1),
    ],
)
def test_the_size_of_a_value(value: Any, size: int) -> None:
    assert item_size({"name": value}) == 4 + size


@pytest.mark.parametrize("value", [1.0, b"x", {1}, ("a",), {1: "a"}, [0.5], object()])
def test_values_that_the_port_does_not_take(value: Any) -> None:
    with pytest.raises(TypeError):
        item_size({"name": value})


def test_units_are_rounded_up_and_never_none() -> None:
    assert [read_units(size) for size in (0, 4096, 4097)] == [1, 1, 2]
    assert [write_units(size) for size in (0, 1024, 1025)] == [1, 1, 2]


def kilobytes(count: int) -> dict[str, Any]:
    """Values that make an item under `KEY` exactly so large."""
    return {"x": "y" * (count * 1024 - KEY_SIZE - 1)}


@pytest.mark.parametrize(
    ("before", "writes", "units"),
    [
        pytest.param({}, [Put(KEY, kilobytes(3))], 3, id="alone"),
        pytest.param({}, [Put(KEY, kilobytes(3)), Put(OTHER, {})], 8, id="twice in a transaction"),
        pytest.param(kilobytes(5), [Put(KEY, {})], 5, id="the larger of old and new"),
        pytest.param(kilobytes(2), [Set(KEY, {"y": "z"})], 3, id="a set costs the whole item"),
        pytest.param(kilobytes(2), [Delete(KEY)], 2, id="a deletion costs what stood"),
        pytest.param({}, [Delete(OTHER)], 1, id="a deletion of nothing"),
        pytest.param(kilobytes(2), [Put(KEY, {}, Absent())], 2, id="a conflict is billed"),
        pytest.param({}, [Put(KEY, LISTED)], 2, id="listed"),
        pytest.param(LISTED, [Put(KEY, LISTED)], 1, id="listed and unchanged"),
        pytest.param(LISTED, [Set(KEY, {"n": 1})], 2, id="listed with another value"),
        pytest.param(LISTED, [Set(KEY, {"due": "2"})], 3, id="listed elsewhere"),
        pytest.param(LISTED, [Put(KEY, {})], 2, id="listed no more"),
        pytest.param(LISTED, [Delete(KEY), Delete(OTHER)], 6, id="index twice in a transaction"),
        pytest.param(LISTED, [Put(KEY, {}, Absent())], 1, id="a conflict changes no index"),
    ],
)
def test_the_units_of_writes(before: dict[str, Any], writes: Sequence[Write], units: int) -> None:
    items = MemoryItems()
    if before:
        items.write([Put(KEY, before)])
    metered = Metered(items)
    with suppress(Conflict):
        metered.write(writes)
    assert metered.units == {"other": Units(reads=0, writes=units, calls=1)}


def test_the_units_of_reads() -> None:
    items = MemoryItems()
    items.write([Put(KEY, kilobytes(5) | LISTED), Put(OTHER, LISTED)])
    metered = Metered(items)
    with metered.operation("get"):
        metered.get(KEY)
        metered.get(Key("contacts", "p", "none"))
    with metered.operation("many"):
        metered.get_many([KEY, OTHER, Key("contacts", "p", "none"), KEY])
    with metered.operation("query"):
        metered.query("contacts", "p")
    with metered.operation("due"):
        metered.due("contacts", "x", "1")
    assert metered.units == {
        "get": Units(reads=3, calls=2),
        "many": Units(reads=4, calls=1),
        "query": Units(reads=2, calls=1),
        "due": Units(reads=1, calls=1),
    }


def test_operations_may_stand_in_each_other() -> None:
    metered = Metered(MemoryItems())
    with metered.operation("outer"):
        metered.get(KEY)
        with metered.operation("inner") as inner:
            metered.get(KEY)
        metered.get(KEY)
    assert inner.calls == 1
    assert metered.units["outer"].calls == 2


def test_a_fork_goes_its_own_way() -> None:
    items = MemoryItems()
    items.write([Put(KEY, LISTED)])
    fork = items.fork()
    assert fork.snapshot() == items.snapshot()
    fork.write([Put(OTHER, LISTED)])
    fork.write([Delete(KEY)])
    assert items.snapshot().keys() == {KEY}
    assert [item["sk"] for item in items.query("contacts", "p").items] == ["s"]
    assert [item["sk"] for item in fork.due("contacts", "x", "1").items] == ["t"]
