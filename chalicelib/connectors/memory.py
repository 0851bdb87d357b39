"""A sender for tests: remembers each push, and answers what it was told to."""

from collections import deque
from collections.abc import Iterable

from chalicelib.connectors.ports import LONGEST, Answer, Line, LineError, Request
from chalicelib.domain.urls import Scheme, check_target_url

ACCEPTED = Answer(204, None, "ok")


class MemorySender:
    """Gives the scripted `answers` one after the other, then `ACCEPTED` for ever."""

    def __init__(self, answers: Iterable[Answer] = ()) -> None:
        self.answers = deque(answers)
        self.sent: list[Request] = []

    def check(self, url: str, scheme: Scheme = "https") -> None:
        """See `Sender`; it asks no name server."""
        check_target_url(url, allow_loopback=True, scheme=scheme)

    def open(self, url: str, seconds: float = LONGEST) -> Line:
        """See `Sender`; nobody ever answers."""
        raise LineError("connection")

    def send(self, push: Request) -> Answer:
        """See `Sender`."""
        self.sent.append(push)
        return self.answers.popleft() if self.answers else ACCEPTED
