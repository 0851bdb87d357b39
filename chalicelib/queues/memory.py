"""The queue port in memory: lists that a test may drop, repeat and reorder by hand."""

from collections import Counter, defaultdict
from collections.abc import Sequence

OFTEN = 5


class MemoryQueues:
    """`Queues` of one process; `waiting` holds each queue's messages, oldest first.

    It knows no time and hands them out without their delay. One that is put off again since it
    comes too early would go round for ever: it is lost then, until a sweep asks for the depth.
    """

    def __init__(self) -> None:
        self.waiting: defaultdict[str, list[str]] = defaultdict(list)
        self._put_off: Counter[tuple[str, str]] = Counter()

    def send(self, queue: str, messages: Sequence[str], delay: int = 0) -> None:
        if delay:
            self._put_off.update((queue, message) for message in messages)
        sent = (m for m in messages if not delay or self._put_off[queue, m] <= OFTEN)
        self.waiting[queue].extend(sent)

    def depth(self, queue: str) -> int:
        self._put_off.clear()
        return len(self.waiting.get(queue, ()))

    def take(self, queue: str) -> list[str]:
        """Take all that waits in a queue, to be handed to its worker."""
        return self.waiting.pop(queue, [])
