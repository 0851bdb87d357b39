"""Kicks gathered while a batch is worked off, and sent together at its end.

If the worker dies before, they are lost as any kick may be.
"""

from collections import defaultdict
from collections.abc import Sequence

from chalicelib.queues.ports import Queues


class GatheredQueues:
    """`Queues` that keep what is sent until `flush`."""

    def __init__(self, behind: Queues) -> None:
        self._behind = behind
        self._kept: defaultdict[tuple[str, int], dict[str, None]] = defaultdict(dict)

    def send(self, queue: str, messages: Sequence[str], delay: int = 0) -> None:
        self._kept[queue, delay].update(dict.fromkeys(messages))

    def depth(self, queue: str) -> int:
        kept = (len(messages) for (name, _), messages in self._kept.items() if name == queue)
        return self._behind.depth(queue) + sum(kept)

    def flush(self) -> None:
        """Send all that was gathered, each message once."""
        for (queue, delay), messages in self._kept.items():
            self._behind.send(queue, list(messages), delay)
        self._kept.clear()
