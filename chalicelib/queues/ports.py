"""The queue port: kicks that make things quick. The sweeps make them certain.

A message is an id or ids, never personal data. Since every kick may be lost, repeated and
reordered (standard queues), a kick that could not be sent is logged and not raised: what it
kicks for is stored already, and a caller must not be told that it failed.
"""

from collections.abc import Sequence
from typing import Protocol


class Queues(Protocol):
    """The product's queues by our own names: match, fan-out, deliver, jobs."""

    def send(self, queue: str, messages: Sequence[str], delay: int = 0) -> None:
        """Send any number of messages, best effort; returns also where some are lost.

        They are handed out after `delay` seconds (up to 900), as a rule.
        """

    def depth(self, queue: str) -> int:
        """About how many messages wait or are at work; 0 where that cannot be told."""
