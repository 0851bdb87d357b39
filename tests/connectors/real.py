"""A real server in a stand-in's place: what it is sent goes to it, but for the faults in between.

It has no list of rules to hold a request against, but says itself what it cannot take.
"""

from collections.abc import Collection
from urllib.parse import urlencode

from chalicelib.connectors.http import HttpSender
from chalicelib.connectors.ports import Request
from tests.standins.base import Called, Replied
from tests.standins.common.failing import Fault, Faults

_NOT_TAKEN = {400, 405, 415, 422, 501}
_ENOUGH = 16 * 1024 * 1024


class Real:
    """The server at a base URL.

    `broken` are the calls that it did not understand: those that it answered with one of
    `not_taken`.
    """

    def __init__(self, base: str, not_taken: Collection[int] = _NOT_TAKEN) -> None:
        self._base, self._sender, self._faults = base, HttpSender(allow_loopback=True), Faults()
        self._not_taken = not_taken
        self.broken: list[str] = []
        self.seen: list[str] = []

    def fail_next(self, status: int, times: int = 1, *, after: bool = False, on: str = ".") -> None:
        """Let calls fail on the way there, or `after` they were answered."""
        self._faults.add(Fault(status, times, after, on))

    def answer(self, called: Called) -> Replied:
        """See `StandIn`."""
        self.seen.append(called.method)
        fault = self._faults.strike(called.method, called.path)
        if fault and not fault.after:
            return Replied(fault.status)
        query = f"?{urlencode(called.query, doseq=True)}" if called.query else ""
        url, headers = f"{self._base}{called.path}{query}", called.headers
        told = self._sender.send(Request(url, headers, called.body, called.method, _ENOUGH))
        assert told.status, told.reason
        if told.status in self._not_taken:
            self.broken.append(f"{called.method} {told.status}")
        return Replied(fault.status if fault else told.status, told.body, told.headers)
