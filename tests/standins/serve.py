"""A stand-in over real HTTP, on a free port of 127.0.0.1."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

from .base import Called, StandIn


@contextmanager
def served(standin: StandIn) -> Iterator[str]:
    """The base URL under which it answers; one call at a time, as its state is unguarded."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(standin))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _handler(standin: StandIn) -> type[BaseHTTPRequestHandler]:
    turn = Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def __getattr__(self, name: str) -> object:
            """Every method, also those of WebDAV."""
            if name.startswith("do_"):
                return self._answer
            raise AttributeError(name)

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            called = Called.of(self.command, self.path, dict(self.headers), body)
            with turn:
                replied = standin.answer(called)
            written = replied.written()
            self.send_response(replied.status)
            named = {"content-type": "application/json", **replied.headers}
            for name, value in {**named, "content-length": str(len(written))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(written)

        def log_message(self, format: str, *args: object) -> None:
            """Silent: tests look at the stand-in."""

    return Handler
