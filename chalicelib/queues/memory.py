"""The queue port in memory: lists that a test may drop, repeat and reorder by hand."""

from collections import defaultdict
from collections.abc import Sequence


class MemoryQueues:
    """`Queues` of one process; `waiting` holds each queue's messages, oldest first.

    It hands them out without their delay: a message that comes early finds nothing due.
    """

    def __init__(self) -> None:
        self.waiting: defaultdict[str, list[str]] = defaultdict(list)

    def send(self, queue: str, messages: Sequence[str], delay: int = 0) -> None:
        self.waiting[queue].extend(messages)

    def depth(self, queue: str) -> int:
        return len(self.waiting.get(queue, ()))

    def take(self, queue: str) -> list[str]:
        """Take all that waits in a queue, to be handed to its worker."""
        return self.waiting.pop(queue, [])
