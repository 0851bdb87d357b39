"""The ways in which a call fails that are nobody's rule: an outage, a lost answer."""

import re
from dataclasses import dataclass


class Lost(Exception):
    """The effect happened; the answer never came."""


@dataclass
class Fault:
    """`status` for the next `times` calls whose "METHOD path" has `on`; `after` the effect."""

    status: int
    times: int
    after: bool
    on: str


class Faults:
    """Those that are still to come."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, fault: Fault) -> None:
        """The earlier ones come first."""
        self._waiting.append(fault)

    def strike(self, method: str, path: str) -> Fault | None:
        """The fault of this call."""
        for fault in self._waiting:
            if re.search(fault.on, f"{method} {path}"):
                fault.times -= 1
                self._waiting = [fault for fault in self._waiting if fault.times > 0]
                return fault
        return None
