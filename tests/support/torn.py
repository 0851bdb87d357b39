"""Torn writes: only some items of a transaction stand, as a torn restore leaves them."""

import random
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

from chalicelib.store.memory import MemoryItems
from chalicelib.store.ports import Put, Set, Write

from .calls import Call, Do

WHOLE = 8


class Transactions:
    """A conductor that keeps each transaction of more than one item, and the store before it."""

    def __init__(self, items: MemoryItems) -> None:
        self.kept: list[tuple[MemoryItems, Sequence[Write]]] = []
        self._items = items

    def play(self, call: Call, do: Do) -> Any:
        before = self._items.fork() if call.writes > 1 else None
        answer = do()
        if before:
            self.kept.append((before, call.args[0]))
        return answer


def subsets(writes: Sequence[Write], most: int, seed: str) -> Iterator[Sequence[Write]]:
    """Every proper subset but none at all; a sample of so many where there are more."""
    sizes = range(1, len(writes))
    if len(writes) <= WHOLE:
        every = [part for size in sizes for part in combinations(writes, size)]
        yield from every if len(every) <= most else random.Random(seed).sample(every, most)
        return
    chance = random.Random(seed)
    for _ in range(most):
        yield chance.sample(list(writes), chance.choice(sizes))


def apply(items: MemoryItems, part: Sequence[Write]) -> None:
    """Write these items, whatever their conditions were."""
    for write in part:
        if isinstance(write, Set):
            items.write([Set(write.key, write.values)])
        elif isinstance(write, Put):
            items.write([Put(write.key, write.item)])
        else:
            items.write([type(write)(write.key)])
