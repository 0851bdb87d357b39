"""A target as the tests play it: it checks each push as `docs/receiver.py` does and keeps it."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from docs.receiver import Book, verify

Json = dict[str, Any]


@dataclass(frozen=True)
class Push:
    """One message that arrived, whether its signature is ours, and what was answered."""

    path: str
    headers: Message
    body: bytes
    genuine: bool
    status: int

    @property
    def id(self) -> str:
        """Its `webhook-id`."""
        return str(self.headers["webhook-id"])

    @property
    def message(self) -> Json:
        """Its body."""
        read: Json = json.loads(self.body)
        return read

    @property
    def data(self) -> Json:
        """What it tells."""
        told: Json = self.message["data"]
        return told


class Listener(ThreadingHTTPServer):
    """Takes what is signed; `answer` is the status that it gives to all else alike."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.id = ""
        self.secret = ""
        self.answer = 204
        self.book = Book()
        self.pushes: list[Push] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}/contacts"

    def told(self, kind: str) -> list[Json]:
        """What the messages of one type said, in their order: `upserted`, `removed`."""
        return [p.data for p in self.pushes if p.message["type"] == f"contact.{kind}"]

    def take(self, push: Push) -> None:
        """Keep a push, and its news where it was accepted."""
        self.pushes.append(push)
        if push.genuine and push.status < 300:
            self.book.apply(push.id, push.message)


class _Handler(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        genuine = verify(self.server.secret, self.headers, body, time.time())
        status = self.server.answer
        self.server.take(Push(self.path, self.headers, body, genuine, status))
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("location", f"{self.server.url}/elsewhere")
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the tests' output quiet."""


@contextmanager
def listening() -> Iterator[Listener]:
    """A listener at work."""
    with Listener() as listener:
        thread = threading.Thread(target=listener.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield listener
        listener.shutdown()
        thread.join()
