"""Faults at every port call: a crash before or after it, a lost answer, throttling.

A `Tape` numbers the calls of one run. Record a run without faults first; then
`single_faults` gives the plans of all runs with one fault each.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from enum import Enum
from typing import Any

from chalicelib.connectors.ports import Answer
from chalicelib.domain.errors import BusyError

from .calls import Call, Do


class Crash(BaseException):
    """The process died; no handler's `except Exception` can hold it up."""


class Throttled(BusyError):
    """What the store raises once the SDK's own attempts are used up."""


class Fault(Enum):
    """What befalls a call; after a lost answer it was done, when throttled it was not."""

    CRASH_BEFORE = "crash before"
    CRASH_AFTER = "crash after"
    LOST_ANSWER = "lost answer"
    THROTTLED = "throttled"


Plan = Mapping[int, Fault]


class Tape:
    """A conductor that writes down every call and plays the faults of its plan."""

    def __init__(self, plan: Plan | None = None) -> None:
        self.calls: list[Call] = []
        self._plan = dict(plan or {})

    def play(self, call: Call, do: Do) -> Any:
        number = len(self.calls)
        self.calls.append(call)
        match self._plan.get(number):
            case None:
                return do()
            case Fault.CRASH_BEFORE:
                raise Crash
            case Fault.CRASH_AFTER:
                do()
                raise Crash
            case Fault.LOST_ANSWER:
                return _lost_answer(call, do)
            case Fault.THROTTLED:
                return _throttled(call)


def single_faults(tape: Tape) -> Iterator[dict[int, Fault]]:
    """Every plan with one fault, for a run like the one on this tape."""
    for number in range(len(tape.calls)):
        for fault in Fault:
            yield {number: fault}


def _lost_answer(call: Call, do: Do) -> Any:
    """The SDK repeats the call: a transaction carries a token, anything else is done twice.

    A single conditional write may so meet its own effect and report a false `Conflict`. The
    `sender` does not repeat: the target was told, and no answer came.
    """
    if call.writes > 1:
        return do()
    with suppress(Exception):
        do()
    if call.port == "sender":
        return Answer(status=None, retry_after=None, reason="timeout")
    return do()


def _throttled(call: Call) -> Any:
    """Nothing was done: a target says so, a queue loses a kick or its depth, all else raises."""
    match call.port:
        case "sender":
            return Answer(status=429, retry_after=None, reason="http_429")
        case "queues":
            return 0 if call.reads else None
    raise Throttled
