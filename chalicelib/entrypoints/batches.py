"""Batches: each piece by itself; what fails is given back or counted, the others are done."""

import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from chalicelib import wiring
from chalicelib.entrypoints.problems import log_fault
from chalicelib.flow.changes import Change, note_failure
from chalicelib.flow.ports import Ports
from chalicelib.queues.gathered import GatheredQueues

Work = Callable[[Ports, dict[str, Any]], None]
Step = Callable[[Ports, str, str], None]
TIME_TO_STOP_MS = 5_000
_log = logging.getLogger(__name__)


def each(event: Any, work: Work) -> dict[str, Any]:
    """Work off every message; the answer names the failed ones, for the queue to repeat."""
    records = event.to_dict()["Records"]
    known = wiring.ports()
    kicks = GatheredQueues(known.queues)
    ports = replace(known, queues=kicks)
    failed = [record["messageId"] for record in records if not _one(ports, record, work)]
    kicks.flush()
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
    changes: Iterable[Change], step: Step, time_left: Callable[[], int]
) -> dict[str, int]:
    """Work off changes while there is time; one that fails does not stop the others."""
    done, failed, ports = 0, 0, wiring.ports()
    for found in changes:
        if time_left() < TIME_TO_STOP_MS:
            break
        try:
            counted(step)(ports, *found.key[1:])
            done += 1
        except Exception as error:
            log_fault(error, found.lane)
            failed += 1
    _log.info(json.dumps({"changes": done, "failed": failed}))
    return {"changes": done, "failed": failed}


def change(step: Step) -> Work:
    """Work on the change that a message names."""
    return lambda ports, message: counted(step)(ports, *message["change"])


def counted(step: Step) -> Step:
    """The same step, with its failures counted on the change: at the fifth it is parked."""

    def work(ports: Ports, pk: str, sk: str) -> None:
        try:
            step(ports, pk, sk)
        except Exception:
            note_failure(ports, pk, sk)
            raise

    return work
