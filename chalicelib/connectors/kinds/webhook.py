"""The signed webhook (Standard Webhooks 1.0.0): a target that takes contacts in our own form."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.connectors.connector import Caps, Connector, Op, Result, Status
from chalicelib.connectors.ports import Answer, Request
from chalicelib.domain.signing import sign
from chalicelib.domain.times import text


class Webhook(Connector):
    """See `Connector`. Each push is signed for its moment with every secret that counts."""

    caps = Caps(lists="anybody", removals=("delete",))

    def push(self, ops: Sequence[Op]) -> Sequence[Result]:
        """See `Connector`."""
        return [_judged(self._send(op.message, op.body)) for op in ops]

    def health(self, name: str) -> Result:
        """Send a test message that is about nobody."""
        message = {"type": "ping", "timestamp": text(self.now()), "data": {}}
        return _judged(self._send(name, message))

    def _send(self, name: str, message: Mapping[str, Any]) -> Answer:
        """Never unsigned."""
        if not self.account.secrets:
            return Answer(None, None, "no_secret")
        body = json.dumps(message, ensure_ascii=False).encode()
        at = int(self.now().timestamp())
        headers = {
            "content-type": "application/json",
            "webhook-id": name,
            "webhook-timestamp": str(at),
            "webhook-signature": " ".join(
                sign(secret, name, at, body) for secret in self.account.secrets
            ),
        }
        return self.sender.send(Request(self.account.url, headers, body))


def _judged(answer: Answer) -> Result:
    """A redirect is a failure like any other; 410 says that it wants no more, ever."""
    taken = answer.status is not None and 200 <= answer.status < 300
    status: Status = "done" if taken else "stop" if answer.status == 410 else "failed"
    return Result(status, answer.reason, retry_after=answer.retry_after)


CONNECTOR = Webhook
