"""Batches of queue messages: each by itself; what fails is given back, the others are done."""

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chalicelib import wiring
from chalicelib.entrypoints.problems import log_fault
from chalicelib.flow.changes import note_failure
from chalicelib.flow.ports import Ports
from chalicelib.queues.gathered import GatheredQueues

Work = Callable[[Ports, dict[str, Any]], None]
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


def change(step: Callable[[Ports, str, str], None]) -> Work:
    """Work on the change that a message names; one that fails five times is parked."""

    def work(ports: Ports, message: dict[str, Any]) -> None:
        pk, sk = message["change"]
        try:
            step(ports, pk, sk)
        except Exception:
            note_failure(ports, pk, sk)
            raise

    return work
