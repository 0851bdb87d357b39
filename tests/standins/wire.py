"""The way out in tests: calls go to stand-ins by their base URL; no socket, no name server."""

from datetime import timedelta
from typing import Any

from chalicelib.connectors.ports import LONGEST, Answer, Line, Request
from chalicelib.domain.urls import Scheme, check_called_url, check_target_url

from .base import Called
from .common.failing import Lost

LOST = Answer(None, None, "timeout")


class Wire:
    """A `Sender`. `moved` is told how long a call took, where the stand-in is slow; one that is
    too slow has done nothing.
    """

    def __init__(self, standins: dict[str, Any], moved: Any = lambda _: None) -> None:
        self.standins = standins
        self.moved = moved
        self.sent: list[Request] = []

    def check(self, url: str, scheme: Scheme = "https") -> None:
        """See `Sender`."""
        check_target_url(url, allow_loopback=True, scheme=scheme)

    def open(self, url: str, seconds: float = LONGEST) -> Line:
        """See `Sender`."""
        line: Line = self.standins[url].open(url)
        return line

    def send(self, request: Request) -> Answer:
        """See `Sender`."""
        check_called_url(request.url, allow_loopback=True)
        self.sent.append(request)
        standin = next(s for base, s in self.standins.items() if request.url.startswith(base))
        called = Called.of(request.method, request.url, request.headers, request.body)
        slow, patience = getattr(standin, "slow", timedelta()), timedelta(seconds=request.seconds)
        self.moved(min(slow, patience))
        if slow > patience:
            return LOST
        try:
            replied = standin.answer(called)
        except Lost:
            return LOST
        headers = {name.lower(): value for name, value in replied.headers.items()}
        reason = "ok" if 200 <= replied.status < 300 else f"http_{replied.status}"
        body = replied.written()[: request.limit]
        return Answer(replied.status, headers.get("retry-after"), reason, body, headers)
