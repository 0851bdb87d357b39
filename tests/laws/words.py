"""What people said of records, as they would remember it: no machine may overrule it."""

from collections.abc import Callable, Iterable
from itertools import product

Parts = tuple[frozenset[str], frozenset[str]]


class Words:
    """The standing merges by hand, and the standing words that two sides are different."""

    def __init__(self) -> None:
        self._joined: dict[str, list[tuple[str, str]]] = {}
        self._different: set[frozenset[frozenset[str]]] = set()

    def join(self, merge: str, pairs: Iterable[tuple[str, str]]) -> None:
        self._joined[merge] = list(pairs)

    def part(self, merge: str) -> None:
        self._joined.pop(merge, None)

    def differ(self, a: Iterable[str], b: Iterable[str]) -> None:
        self._different.add(frozenset([frozenset(a), frozenset(b)]))

    def take_back(self, a: Iterable[str], b: Iterable[str]) -> None:
        self._different.discard(frozenset([frozenset(a), frozenset(b)]))

    def split(self, a: Iterable[str], b: Iterable[str]) -> None:
        """What was joined across is joined no more, and the two sides are different."""
        left, right = frozenset(a), frozenset(b)
        for merge, pairs in self._joined.items():
            self._joined[merge] = [p for p in pairs if not (left & {*p} and right & {*p})]
        self.differ(left, right)

    def held(self, where: Callable[[str], str]) -> None:
        """Assert that all stand; `where` gives the contact of a record."""
        for a, b in (pair for pairs in self._joined.values() for pair in pairs):
            assert where(a) == where(b), "a person joined them, something parted them"
        for sides in self._different:
            one, other = sides
            for a, b in product(one, other):
                assert where(a) != where(b), "a person parted them, something joined them"
