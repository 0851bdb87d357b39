"""What HubSpot tells a hook: thin events in arrays of at most 100, signed."""

import hashlib
import hmac
import json
import re
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Any
from urllib.parse import unquote

from ..base import Called
from .store import Contact

LARGEST, TRIES = 100, 11
PORTAL, APP = 62515, 54321
# What a signature's URI has decoded: these, and nothing else.
_DECODED = re.compile(r"%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", re.IGNORECASE)
_SOURCES = {"app": ("INTEGRATION", str(APP)), "user": ("CRM_UI", "userId:1")}


class Events:
    """Those that wait; `properties` are subscribed (None: all)."""

    def __init__(self, now: Callable[[], datetime], hook: str, secret: str) -> None:
        self.now, self.hook, self.secret = now, hook, secret
        self.properties: set[str] | None = None
        self._waiting: list[dict[str, Any]] = []
        self._ids = count(1)

    def tell(self, kind: str, contact: Contact, by: str, **more: Any) -> None:
        """Note a change; `by` is "app" or "user"."""
        if kind == "touched" or (kind == "propertyChange" and not self._wanted(more["name"])):
            return
        source, source_id = _SOURCES[by]
        self._waiting.append(
            {
                "eventId": next(self._ids),
                "subscriptionId": 1,
                "portalId": PORTAL,
                "appId": APP,
                "occurredAt": int(self.now().timestamp() * 1000),
                "subscriptionType": f"contact.{kind}",
                "attemptNumber": 0,
                "objectId": int(contact.id),
                "changeSource": source,
                "sourceId": source_id,
                **_details(kind, contact, more),
            }
        )

    def calls(self) -> list[Called]:
        """The calls that HubSpot would make now; they wait no more."""
        waiting, self._waiting = self._waiting, []
        batches = [waiting[at : at + LARGEST] for at in range(0, len(waiting), LARGEST)]
        return [self._call(batch) for batch in batches]

    def returned(self, called: Called) -> None:
        """The hook did not take it: it comes again, ten times at most."""
        again = [{**event, "attemptNumber": event["attemptNumber"] + 1} for event in called.json()]
        self._waiting += [event for event in again if event["attemptNumber"] < TRIES]

    def _wanted(self, name: str) -> bool:
        return self.properties is None or name in self.properties

    def _call(self, batch: list[dict[str, Any]]) -> Called:
        body = json.dumps(batch, ensure_ascii=False).encode()
        at = str(int(self.now().timestamp() * 1000))
        headers = {
            "Content-Type": "application/json",
            "X-HubSpot-Request-Timestamp": at,
            "X-HubSpot-Signature-v3": signature(self.secret, "POST", self.hook, body, at),
            "X-HubSpot-Signature": hashlib.sha256(self.secret.encode() + body).hexdigest(),
            "X-HubSpot-Signature-Version": "v1",
        }
        return Called.of("POST", self.hook, headers, body)


def signature(secret: str, method: str, uri: str, body: bytes, at: str) -> str:
    """Version 3; `at` in milliseconds."""
    plain = _DECODED.sub(lambda match: unquote(match[0]), uri)
    signed = f"{method}{plain}".encode() + body + at.encode()
    return b64encode(hmac.digest(secret.encode(), signed, "sha256")).decode()


def _details(kind: str, contact: Contact, more: dict[str, Any]) -> dict[str, Any]:
    if kind == "propertyChange":
        return {"propertyName": more["name"], "propertyValue": more["value"]}
    if kind == "merge":
        return {
            "primaryObjectId": int(contact.id),
            "mergedObjectIds": [int(id) for id in more["merged"]],
            "newObjectId": int(more["new"]),
            "numberOfPropertiesMoved": more["moved"],
        }
    flags = {"creation": "CREATED", "deletion": "DELETED"}
    return {"changeFlag": flags[kind]} if kind in flags else {}
