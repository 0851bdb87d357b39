"""How a stand-in answers: the fault of the hour, its shape, the key, the limits, the work."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

from ..base import Called, Now, Replied
from .failing import Fault, Faults, Lost
from .shapes import Shapes, body_of, query_of


@dataclass(frozen=True)
class Asked:
    """A call with its parts read: `args` of the path, `query`, `body`."""

    called: Called
    operation: str
    args: dict[str, str]
    query: dict[str, str]
    body: Any


class Refused(Exception):
    """The work ends with this answer."""

    def __init__(self, replied: Replied) -> None:
        super().__init__(replied.status)
        self.replied = replied


Work = Callable[[Asked], Replied]
Route = tuple[str, str, str, Work]  # method, path with {names}, operation, what it does


class Vendor(ABC):
    """One account. Tests look at `broken` (requests no vendor would take) and `calls`.

    `outage` is the status of every answer while it is set. `slow` is how long an answer takes:
    nothing sleeps here, the test's wire moves its clock.
    """

    def __init__(self, now: Now, vendor: str) -> None:
        self.now = now
        self.broken: list[str] = []
        self.calls: list[Called] = []
        self.outage: int | None = None
        self.slow = timedelta()
        self._faults = Faults()
        self._shapes = Shapes(vendor)
        self._routes: list[tuple[str, re.Pattern[str], str, Work]] = []

    def fail_next(self, status: int, times: int = 1, after: bool = False, on: str = "") -> None:
        """The next calls (whose "METHOD path" has the pattern `on`) fail; `after`: raise `Lost`."""
        self._faults.add(Fault(status, times, after, on))

    @property
    def failing(self) -> bool:
        """Whether some call that is still to come will fail."""
        return self.outage is not None or bool(self._faults)

    def answer(self, called: Called) -> Replied:
        """As the vendor would; raises `Lost` where the answer is lost on the way."""
        self.calls.append(called)
        fault = self._faults.strike(called.method, called.path)
        if self.outage is not None:
            return self._failed(self.outage)
        if fault is not None and not fault.after:
            return self._failed(fault.status)
        replied = self._replied(called)
        if fault is not None:
            raise Lost(fault.status)
        return replied

    def serve(self, routes: Iterable[Route]) -> None:
        """The first route that fits answers."""
        for method, path, operation, work in routes:
            pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)
            self._routes.append((method, re.compile(pattern), operation, work))

    def _replied(self, called: Called) -> Replied:
        found = self._found(called)
        if found is None:
            self.broken.append(f"{called.method} {called.path}: there is no such operation")
            return self._unknown(called)
        asked, work, faults = found
        if faults:
            self.refuse(asked, "; ".join(faults))
        headers: dict[str, str] = {}
        try:
            headers = self._admitted(asked)
            replied = self._malformed(faults) if faults else work(asked)
        except Refused as refused:
            replied = refused.replied
        return Replied(replied.status, replied.body, {**headers, **replied.headers})

    def _found(self, called: Called) -> tuple[Asked, Work, list[str]] | None:
        for method, pattern, operation, work in self._routes:
            match = pattern.fullmatch(called.path)
            if method == called.method and match:
                args = {name: unquote(value) for name, value in match.groupdict().items()}
                query, doubled = query_of(called)
                body, garbled = body_of(called)
                faults = [*doubled, *garbled] or self._shapes.faults(operation, query, body)
                return Asked(called, operation, args, query, body), work, faults
        return None

    def refuse(self, asked: Asked, fault: str) -> None:
        """Note a request that has the right shape and that no vendor would take all the same."""
        self.broken.append(f"{asked.called.method} {asked.called.path}: {fault}")

    @abstractmethod
    def _admitted(self, asked: Asked) -> dict[str, str]:
        """The key and the limits; gives the headers of the answer, raises `Refused`."""

    @abstractmethod
    def _failed(self, status: int) -> Replied:
        """An error of the vendor's own."""

    @abstractmethod
    def _unknown(self, called: Called) -> Replied:
        """No such path, or not by this method."""

    @abstractmethod
    def _malformed(self, faults: list[str]) -> Replied:
        """The request breaks its schema."""
