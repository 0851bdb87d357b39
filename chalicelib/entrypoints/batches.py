"""Batches: each piece by itself; what fails is given back or counted, the others are done."""

import json
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial, wraps
from typing import Any, TypeVar

from chalicelib import wiring
from chalicelib.domain.errors import BusyError
from chalicelib.entrypoints.problems import log_fault
from chalicelib.flow.changes import Change, note_failure
from chalicelib.flow.ports import Ports
from chalicelib.queues.gathered import GatheredQueues

T = TypeVar("T")
Work = Callable[[Ports, dict[str, Any]], None]
Step = Callable[[Ports, str, str], None]
TIME_TO_STOP_MS = 5_000
_log = logging.getLogger(__name__)


def each(event: Any, work: Work) -> dict[str, Any]:
    """Work off every message; the answer names the failed ones, for the queue to repeat."""
    records = event.to_dict()["Records"]
    with _gathering() as ports:
        failed = [record["messageId"] for record in records if not _one(ports, record, work)]
    _log.info(json.dumps({"messages": len(records), "failed": len(failed)}))
    return {"batchItemFailures": [{"itemIdentifier": name} for name in failed]}


def _one(ports: Ports, record: dict[str, Any], work: Work) -> bool:
    try:
        work(ports, json.loads(record["body"]))
    except Exception as error:
        log_fault(error, record["messageId"])
        return False
    return True


def each_change(
    changes: Callable[[Ports], Iterable[Change]], step: Step, time_left: Callable[[], int]
) -> None:
    """Work off changes while there is time; one that fails does not stop the others."""
    with _gathering() as ports:
        for found in changes(ports):
            if time_left() < TIME_TO_STOP_MS:
                return
            _guarded(found.lane, partial(counted(step), ports, *found.key[1:]))


def each_part(*parts: Callable[[Ports], int]) -> None:
    """Do every part of a sweep; one that fails does not stop the others."""
    with _gathering() as ports:
        found = {part.__name__: _guarded(part.__name__, partial(part, ports)) for part in parts}
    _log.info(json.dumps({"swept": found}))


def each_part_in_time(
    time_left: Callable[[], int], *parts: Callable[[Ports, Callable[[], int]], int]
) -> None:
    """The same for parts that mind the time."""
    each_part(*(_timed(part, time_left) for part in parts))


def _timed(
    part: Callable[[Ports, Callable[[], int]], int], time_left: Callable[[], int]
) -> Callable[[Ports], int]:
    @wraps(part)
    def timed(ports: Ports) -> int:
        return part(ports, time_left)

    return timed


def _guarded(where: str, work: Callable[[], T]) -> T | None:
    """Do it; a fault is logged without its text, which may be personal data."""
    try:
        return work()
    except Exception as error:
        log_fault(error, where)
        return None


@contextmanager
def _gathering() -> Iterator[Ports]:
    """The ports, with kicks that go out together at the end."""
    known = wiring.ports()
    kicks = GatheredQueues(known.queues)
    yield replace(known, queues=kicks)
    kicks.flush()


def change(step: Step) -> Work:
    """Work on the change that a message names."""
    return lambda ports, message: counted(step)(ports, *message["change"])


def counted(step: Step) -> Step:
    """The same step, with its failures counted on the change: at the fifth it is parked."""

    def work(ports: Ports, pk: str, sk: str) -> None:
        try:
            step(ports, pk, sk)
        except BusyError:
            raise  # it says nothing of the change
        except Exception:
            note_failure(ports, pk, sk)
            raise

    return work
