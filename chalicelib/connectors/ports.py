"""The way out to other systems: one request, one answer, never an exception; or a line.

What a system wrote is data, read up to a limit, and never leaves its connector: it could echo
personal data.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from chalicelib.domain.urls import Scheme

SHORT = 4096
"""Bytes of an answer that are read where nothing is asked but whether it was taken."""
LONGEST = 15.0
"""Seconds that a call may take, from the look-up of the name to the last byte."""


@dataclass(frozen=True)
class Request:
    """One call on its way out; `limit` is how many bytes of the answer are read, `seconds` how
    long it may take.
    """

    url: str = field(repr=False)  # some systems take an e-mail address in it
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)  # personal data
    method: str = "POST"
    limit: int = SHORT
    seconds: float = LONGEST


@dataclass(frozen=True)
class Answer:
    """What came back.

    `status` is None where no answer came. `retry_after` is the header as it came. `reason`
    is a short stable code: "ok", "redirect", "http_<status>"; or why there was no answer:
    "refused_address", "dns", "connection", "tls", "timeout", "protocol". `headers` have
    names in lower case; two answers are equal if they come to the same.
    """

    status: int | None
    retry_after: str | None
    reason: str
    body: bytes = field(default=b"", repr=False, compare=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)


class LineError(ConnectionError):
    """A line that could not be had, or broke: its text is a code, as in `Answer.reason`."""


class Line(Protocol):
    """A connection to a system that speaks no HTTP, with what a socket has; `LineError`.

    All that is said over it has one deadline, and what is heard one limit.
    """

    def recv(self, size: int) -> bytes:
        """At most so many bytes, as they come; none at the end."""

    def sendall(self, data: bytes) -> None:
        """Say all of it."""

    def close(self) -> None:
        """Hang up."""


class Sender(Protocol):
    """The way out."""

    def check(self, url: str, scheme: Scheme = "https") -> None:
        """Raise `InvalidError` for a URL that is never called; each call checks it again."""

    def open(self, url: str, seconds: float = LONGEST) -> Line:
        """A line to a directory (`ldaps`), as strictly checked as a call; `LineError`."""

    def send(self, request: Request) -> Answer:
        """Call once, within a bounded time; failures are answers too."""
