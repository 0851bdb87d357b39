"""A receiver of Kartoteka's webhooks, to run as it is or to copy from: standard library only.

    python docs/receiver.py 8080 whsec_...

It checks the signature (Standard Webhooks, v1), keeps the contacts that it was told of, and
ignores what is older than what it knows: messages may come twice and out of order.
"""

import base64
import binascii
import hashlib
import hmac
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOLERANCE_SECONDS = 300
MAX_BYTES = 1 << 20


def verify(secret: str, headers: Any, body: bytes, now: float) -> bool:
    """Whether one of the signatures is ours and the message is fresh.

    `headers` is anything with `get`, blind to case; `body` is the raw body: parsed and
    written again it would no longer match.
    """
    sent = headers.get("webhook-timestamp", "")
    if not (sent.isascii() and sent.isdigit() and abs(now - int(sent)) <= TOLERANCE_SECONDS):
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{headers.get('webhook-id', '')}.{sent}.".encode() + body
    ours = hmac.digest(key, content, hashlib.sha256)
    offered = headers.get("webhook-signature", "").split()
    return any(hmac.compare_digest(ours, _decoded(s)) for s in offered if s.startswith("v1,"))


def _decoded(signature: str) -> bytes:
    try:
        return base64.b64decode(signature.removeprefix("v1,"), validate=True)
    except (binascii.Error, ValueError):
        return b""


class Book:
    """The contacts that we were told of, each as of the latest message, by their id."""

    def __init__(self) -> None:
        self.contacts: dict[str, dict[str, Any]] = {}
        self._latest: dict[str, list[int]] = {}
        self._lock = threading.Lock()

    def apply(self, message_id: str, message: dict[str, Any]) -> bool:
        """Take a message in; False where it told nothing new.

        What orders the messages of a contact is at the end of the `webhook-id`, behind the
        contact's id: the version and, where one version is told again because a filter or a
        field list changed, a counter.
        """
        if message["type"] not in ("contact.upserted", "contact.removed"):
            return False  # a ping, or a type that is younger than this program
        contact = message["data"]["id"]
        order = [int(n) for n in message_id.rpartition(contact + "-")[2].split("-")]
        with self._lock:
            if order <= self._latest.get(contact, []):
                return False
            self._latest[contact] = order
            if message["type"] == "contact.upserted":
                self.contacts[contact] = message["data"]
            else:
                # Also a contact merged into another one: that one comes by a message of its own.
                self.contacts.pop(contact, None)
            return True


class Receiver(ThreadingHTTPServer):
    """Listens on 127.0.0.1 (port 0: any free one) and takes what is signed into its book."""

    daemon_threads = True

    def __init__(self, port: int, secret: str, book: Book) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.secret = secret
        self.book = book


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        """Answer 204 to what is taken in (also a repeat), 401 to what is not signed by ours."""
        length = self.headers.get("content-length", "")
        if not (length.isascii() and length.isdigit() and int(length) <= MAX_BYTES):
            return self._answer(413)
        body = self.rfile.read(int(length))
        if not verify(self.server.secret, self.headers, body, time.time()):
            return self._answer(401)
        self.server.book.apply(self.headers["webhook-id"], json.loads(body))
        return self._answer(204)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing: what comes is personal data."""


if __name__ == "__main__":
    with Receiver(int(sys.argv[1]), sys.argv[2], Book()) as receiver:
        receiver.serve_forever()
