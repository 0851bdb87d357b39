"""The Event Webhook: batches of events, signed with ECDSA over the time and the raw bytes."""

import base64
import json
from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ..base import Called

_HEADER = "X-Twilio-Email-Event-Webhook-"


class Events:
    """What happened to mails since the last call to our hook."""

    def __init__(self, now: Callable[[], datetime], hook: str) -> None:
        self.now, self.hook = now, hook
        self._key = ec.derive_private_key(20261122, ec.SECP256R1())
        self._waiting: list[dict[str, Any]] = []
        self._counter = count(1)

    @property
    def public_key(self) -> str:
        """As the settings show it: base64 of the SPKI."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        public = self._key.public_key()
        return base64.b64encode(public.public_bytes(serialization.Encoding.DER, form)).decode()

    def tell(self, event: str, email: str, **more: Any) -> None:
        """One more to be sent."""
        number = next(self._counter)
        told = {"email": email.lower(), "timestamp": int(self.now().timestamp()), "event": event}
        ids = {"sg_event_id": f"event-{number}", "sg_message_id": f"message-{number}.filter0001"}
        self._waiting.append({**told, **ids, **more})

    def calls(self, size: int) -> list[Called]:
        """The calls that are due, at most `size` events each; they are not made again."""
        waiting, self._waiting = self._waiting, []
        batches = [waiting[start : start + size] for start in range(0, len(waiting), size)]
        return [self._signed(batch) for batch in batches]

    def _signed(self, batch: list[dict[str, Any]]) -> Called:
        body = json.dumps(batch).encode() + b"\r\n"
        at = str(int(self.now().timestamp()))
        signature = self._key.sign(at.encode() + body, ec.ECDSA(hashes.SHA256()))
        headers = {
            "content-type": "application/json;charset=utf-8",
            "user-agent": "SendGrid Event API",
            f"{_HEADER}Signature": base64.b64encode(signature).decode(),
            f"{_HEADER}Timestamp": at,
        }
        return Called.of("POST", self.hook, headers, body)
