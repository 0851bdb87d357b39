"""Hurry: the calls of one piece of work share the time that it has left.

A call has a deadline of its own, but a push may take several; what is left for none is not
called. So a slow system ends as a `timeout` that is written down, never as a dead function.
"""

from collections.abc import Callable
from dataclasses import replace

from chalicelib.connectors.ports import LONGEST, Answer, Line, LineError, Request, Sender
from chalicelib.domain.urls import Scheme

Left = Callable[[], float]
"""The seconds that are left."""
LATE = "timeout"


def leisure() -> float:
    """As long as any call may take."""
    return LONGEST


class HurriedSender:
    """A `Sender` whose calls take no longer than what is `left` to all of them."""

    def __init__(self, sender: Sender, left: Left = leisure) -> None:
        self._sender, self.left = sender, left

    def check(self, url: str, scheme: Scheme = "https") -> None:
        """See `Sender`."""
        self._sender.check(url, scheme)

    def open(self, url: str, seconds: float = LONGEST) -> Line:
        """See `Sender`."""
        left = self.left()
        if left <= 0:
            raise LineError(LATE)
        return self._sender.open(url, min(seconds, left))

    def send(self, request: Request) -> Answer:
        """See `Sender`."""
        left = self.left()
        if left <= 0:
            return Answer(None, None, LATE)
        return self._sender.send(replace(request, seconds=min(request.seconds, left)))
