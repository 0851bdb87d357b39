"""The fault tape: what each fault does to a port call."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.connectors.memory import MemorySender
from chalicelib.connectors.ports import Request
from chalicelib.queues.memory import MemoryQueues
from chalicelib.store.memory import MemoryItems
from chalicelib.store.ports import Absent, Equals, Items, Key, Put, Set
from tests.support.calls import wrap
from tests.support.faults import Crash, Fault, Tape, single_faults

KEY, OTHER = Key("contacts", "p", "s"), Key("contacts", "p", "t")


def outcome(act: Callable[[], Any]) -> str:
    try:
        act()
    except BaseException as error:
        return type(error).__name__
    return "done"


@pytest.mark.parametrize(
    ("fault", "answer", "stored"),
    [
        (Fault.CRASH_BEFORE, "Crash", False),
        (Fault.CRASH_AFTER, "Crash", True),
        (Fault.THROTTLED, "Throttled", False),
        (Fault.LOST_ANSWER, "Conflict", True),
    ],
)
def test_a_fault_strikes_the_call_of_its_number_only(
    fault: Fault, answer: str, stored: bool
) -> None:
    memory = MemoryItems()
    items = wrap(memory, "items", Tape({1: fault}))
    assert items.get(KEY) is None
    assert outcome(lambda: items.write([Put(KEY, {}, Absent())])) == answer
    assert (items.get(KEY) is not None) is stored


@pytest.mark.parametrize(
    ("writes", "answer"),
    [
        ([Put(KEY, {"n": 2})], "done"),
        ([Set(KEY, {"n": 2}, Equals("n", 1))], "Conflict"),
        ([Set(KEY, {"m": 2}, Equals("n", 1))], "done"),
        ([Set(KEY, {"n": 2}, Equals("n", 1)), Put(OTHER, {}, Absent())], "done"),
        ([Set(KEY, {"n": 2}, Equals("n", 7)), Put(OTHER, {}, Absent())], "Conflict"),
    ],
)
def test_a_lost_answer_is_asked_for_again_as_the_sdk_does(writes: list[Any], answer: str) -> None:
    memory = MemoryItems()
    memory.write([Put(KEY, {"n": 1})])
    items = wrap(memory, "items", Tape({0: Fault.LOST_ANSWER}))
    assert outcome(lambda: items.write(writes)) == answer


def test_a_kick_whose_answer_is_lost_is_sent_twice() -> None:
    memory = MemoryQueues()
    wrap(memory, "queues", Tape({0: Fault.LOST_ANSWER})).send("match", ["a"])
    assert memory.take("match") == ["a", "a"]


@pytest.mark.parametrize(
    ("fault", "status", "told"), [(Fault.LOST_ANSWER, None, 1), (Fault.THROTTLED, 429, 0)]
)
def test_a_push_is_never_repeated_and_never_raises(
    fault: Fault, status: int | None, told: int
) -> None:
    memory = MemorySender()
    answer = wrap(memory, "sender", Tape({0: fault})).send(Request("https://t.example", {}, b""))
    assert (answer.status, len(memory.sent)) == (status, told)


def test_a_throttled_kick_is_lost_in_silence() -> None:
    memory = MemoryQueues()
    wrap(memory, "queues", Tape({0: Fault.THROTTLED})).send("match", ["a"])
    assert memory.take("match") == []


def test_no_handler_can_hold_up_a_crash() -> None:
    def handler(items: Items) -> None:
        try:
            items.get(KEY)
        except Exception:
            raise AssertionError("the process is dead") from None

    with pytest.raises(Crash):
        handler(wrap(MemoryItems(), "items", Tape({0: Fault.CRASH_BEFORE})))


def test_the_single_faults_of_a_run_are_all_faults_at_all_its_calls() -> None:
    tape = Tape()
    items = wrap(MemoryItems(), "items", tape)
    items.get(KEY)
    items.write([Put(KEY, {})])
    plans = list(single_faults(tape))
    assert len(plans) == 2 * len(Fault)
    assert {number for plan in plans for number in plan} == {0, 1}
