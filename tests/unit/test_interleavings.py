"""The explorer finds races that are there, and runs no schedule twice."""

from collections.abc import Callable
from itertools import count
from math import comb
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.store.memory import MemoryItems
from chalicelib.store.ports import Conflict, Equals, Items, Key, Put, Set
from tests.support.calls import Conductor, wrap
from tests.support.interleavings import explore

HEAD = Key("contacts", "C#1", "HEAD")
LEFT, RIGHT = Key("contacts", "on-call", "left"), Key("contacts", "on-call", "right")


def world(conductor: Conductor) -> Items:
    items = MemoryItems()
    items.write([Put(HEAD, {"n": 0}), Put(LEFT, {"on": 1}), Put(RIGHT, {"on": 1})])
    return wrap(items, "items", conductor)


def number(items: Items) -> int:
    found = items.get(HEAD)
    assert found is not None
    n: int = found["n"]
    return n


def careless(items: Items) -> None:
    items.write([Set(HEAD, {"n": number(items) + 1})])


def careful(items: Items) -> None:
    while True:
        n = number(items)
        try:
            return items.write([Set(HEAD, {"n": n + 1}, Equals("n", n))])
        except Conflict:
            continue


def both_count(items: Items) -> None:
    assert number(items) == 2


def leave(key: Key) -> Callable[[Items], None]:
    """Go off call if somebody else stays on: right alone, wrong together."""

    def handler(items: Items) -> None:
        on = [item for item in items.query("contacts", "on-call").items if item["on"]]
        if len(on) == 2:
            items.write([Set(key, {"on": 0})])

    return handler


def somebody_stays(items: Items) -> None:
    assert any(item["on"] for item in items.query("contacts", "on-call").items)


def test_a_lost_update_is_found_with_its_schedule() -> None:
    with pytest.raises(AssertionError) as found:
        explore(world, [careless, careless], both_count)
    assert found.value.__notes__ == [
        f"schedule: 0: items.get({HEAD}); 1: items.get({HEAD}); "
        f"1: items.write({HEAD}); 0: items.write({HEAD})"
    ]


def test_a_conditional_update_is_never_lost() -> None:
    runs, complete = explore(world, [careful, careful], both_count)
    assert complete
    assert runs > 2


def test_a_write_skew_is_found() -> None:
    with pytest.raises(AssertionError):
        explore(world, [leave(LEFT), leave(RIGHT)], somebody_stays)


def test_a_lost_update_is_found_within_the_preemptions_too() -> None:
    with pytest.raises(AssertionError):
        explore(world, [careless, careless], both_count, limit=1, preemptions=1)
    explore(world, [careless, careless], both_count, limit=1, preemptions=0)


def writer(name: str, steps: int, apart: bool) -> Callable[[Items], None]:
    def handler(items: Items) -> None:
        for n in range(steps):
            items.write([Put(Key("contacts", name if apart else "p", "s"), {"by": name, "n": n})])

    return handler


def nothing(items: Items) -> None:
    """No end is wrong."""


@pytest.mark.parametrize("steps", [1, 2, 3, 5])
def test_every_order_of_calls_that_meet_is_run_once(steps: int) -> None:
    ends = []

    def check(items: Items) -> None:
        found = items.get(Key("contacts", "p", "s"))
        assert found is not None
        ends.append(found["by"])

    pair = [writer("a", steps, apart=False), writer("b", steps, apart=False)]
    assert explore(world, pair, check) == (comb(2 * steps, steps), True)
    assert set(ends) == {"a", "b"}


def test_calls_that_never_meet_are_run_in_one_order_only() -> None:
    three = [writer(name, 4, apart=True) for name in "abc"]
    assert explore(world, three, nothing) == (1, True)


def test_reads_are_run_in_one_order_only() -> None:
    assert explore(world, [number, number, number], nothing) == (1, True)


def test_a_read_stands_before_or_behind_each_write_that_it_could_see() -> None:
    assert explore(world, [number, careless], nothing) == (2, True)
    assert explore(world, [leave(LEFT), careless], nothing) == (1, True)


steps = st.tuples(st.sampled_from(["get", "query", "write", "pair"]), st.sampled_from("abc"))


def scripted(script: list[tuple[str, str]]) -> Callable[[Items], None]:
    """A handler that writes down, wherever it writes, all that it has seen."""

    def handler(items: Items) -> None:
        seen: list[Any] = []
        for n, (what, sk) in enumerate(script):
            key, other = Key("contacts", "p", sk), Key("contacts", "p", "a" if sk == "c" else "c")
            match what:
                case "get":
                    seen.append(items.get(key))
                case "query":
                    seen.append(items.query("contacts", "p", prefix=sk).items)
                case "write":
                    items.write([Put(key, {"n": n, "seen": repr(seen)})])
                case "pair":
                    items.write([Put(key, {"n": n}), Put(other, {"seen": repr(seen)})])

    return handler


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(steps, min_size=1, max_size=4), min_size=2, max_size=2))
def test_what_is_left_out_would_have_ended_as_what_is_run(
    scripts: list[list[tuple[str, str]]],
) -> None:
    def ends(limit: int) -> tuple[int, set[str]]:
        found: set[str] = set()
        handlers = [scripted(script) for script in scripts]
        explored = explore(
            world, handlers, lambda items: found.add(repr(whole(items))), limit, preemptions=9
        )
        return explored.runs, found

    reduced, every = ends(limit=1000), ends(limit=0)
    assert reduced[1] == every[1]
    assert reduced[0] <= every[0] == comb(sum(map(len, scripts)), len(scripts[0]))


def whole(items: Items) -> list[Any]:
    return items.query("contacts", "p").items


def test_above_the_limit_the_schedules_with_few_preemptions_are_run() -> None:
    pair = [writer("a", 4, apart=False), writer("b", 4, apart=False)]
    assert explore(world, pair, nothing, limit=10, preemptions=0) == (2, False)
    assert explore(world, pair, nothing, limit=10, preemptions=1) == (2 + 2 * 3, False)


def test_a_handler_with_a_memory_of_its_own_is_found_out() -> None:
    turns = count()

    def fickle(items: Items) -> None:
        items.write([Set(HEAD, {"turn": next(turns)})])

    with pytest.raises(RuntimeError):
        explore(world, [careful, fickle], nothing)


def test_what_a_handler_raises_is_raised() -> None:
    def broken(items: Items) -> None:
        items.get(HEAD)
        raise LookupError

    with pytest.raises(LookupError):
        explore(world, [broken, careful], nothing)
