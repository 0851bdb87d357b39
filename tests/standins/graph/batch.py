"""JSON batching: up to 20 calls in one, each with its own answer.

Documented: the answers' order is free (here: last first), 424 after a failed dependency, ids are
unique whatever their case. Unchecked: that a dependency comes earlier in the list, and that calls
which wait for none beyond the mailbox's four at once are refused with 429.
"""

import json
from collections.abc import Callable
from typing import Any

from ..base import Called, Replied
from ..common.vendor import Asked
from .answers import error, throttled

Ask = Callable[[Called], Replied]


def faults(requests: list[dict[str, Any]]) -> list[str]:
    """Why a batch is refused as a whole."""
    ids = [each["id"].lower() for each in requests]
    found = ["ids: are not unique"] if len(set(ids)) < len(ids) else []
    for place, each in enumerate(requests):
        if not {name.lower() for name in each.get("dependsOn", [])} <= set(ids[:place]):
            found.append(f"{each['id']}: depends on no earlier request")
        if "body" in each and "content-type" not in {
            name.lower() for name in each.get("headers", {})
        }:
            found.append(f"{each['id']}: its body has no Content-Type")
    return found


def answered(asked: Asked, ask: Ask, parallel: int) -> Replied:
    """The answers, each with the id of its request."""
    done: dict[str, Replied] = {}
    free = 0
    for each in asked.body["requests"]:
        free += "dependsOn" not in each
        failed = any(done[name].status >= 400 for name in each.get("dependsOn", []))
        if failed:
            done[each["id"]] = error(424, "FailedDependency")
        elif "dependsOn" not in each and free > parallel:
            told = "Application is over its MailboxConcurrency limit."
            done[each["id"]] = throttled(1, told)
        else:
            done[each["id"]] = ask(_called(asked, each))
    told_all = [_told(id_, replied) for id_, replied in done.items()]
    return Replied(200, {"responses": told_all[::-1]})


def _called(asked: Asked, each: dict[str, Any]) -> Called:
    key = {"authorization": asked.called.headers.get("authorization", "")}
    body = json.dumps(each["body"]).encode() if "body" in each else b""
    url = "/v1.0/" + each["url"].lstrip("/")
    return Called.of(each["method"], url, {**key, **each.get("headers", {})}, body)


def _told(id_: str, replied: Replied) -> dict[str, Any]:
    told = {"id": id_, "status": replied.status, "headers": dict(replied.headers)}
    return told if replied.body is None else {**told, "body": replied.body}
