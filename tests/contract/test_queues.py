"""The queue port's contract."""

from collections.abc import Callable

import pytest

from chalicelib.queues.ports import Queues

World = tuple[Queues, Callable[[], list[str]]]


@pytest.mark.parametrize("count", [0, 1, 10, 11, 25])
def test_every_message_arrives(queues: World, count: int) -> None:
    port, take = queues
    messages = [f"018f-{n}" for n in range(count)]
    port.send("match", messages)
    assert sorted(take()) == sorted(messages)


def test_equal_messages_are_not_joined(queues: World) -> None:
    port, take = queues
    port.send("match", ["a", "a"])
    port.send("match", ["a"])
    assert take() == ["a", "a", "a"]


def test_a_queue_tells_how_much_it_holds(queues: World) -> None:
    port, take = queues
    assert port.depth("match") == 0
    port.send("match", ["a", "b", "c"])
    assert port.depth("match") == 3
    take()
