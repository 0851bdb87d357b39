"""Counts what DynamoDB would bill, by operation: cost is a number of the product.

By our own rules (`sizes.py`), since neither emulator reports units right. For tests, benches
and the report of costs only: it reads the items that a write meets, uncounted.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from chalicelib.store.effects import after, listed
from chalicelib.store.ports import Conflict, Item, Items, Key, Page, Write
from chalicelib.store.sizes import item_size, read_units, write_units


@dataclass
class Units:
    """Read units, write units, and API calls."""

    reads: float = 0
    writes: int = 0
    calls: int = 0


class Metered:
    """`Items` that counts; `units` holds the sums under the name that `operation` was given."""

    def __init__(self, items: Items) -> None:
        self._items = items
        self._operation = "other"
        self.units: defaultdict[str, Units] = defaultdict(Units)

    @contextmanager
    def operation(self, name: str) -> Iterator[Units]:
        """Count all calls inside under this name."""
        outer, self._operation = self._operation, name
        try:
            yield self.units[name]
        finally:
            self._operation = outer

    def get(self, key: Key) -> Item | None:
        item = self._items.get(key)
        self._count(reads=_read([item] if item else []))
        return item

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Item]:
        found = self._items.get_many(keys)
        wanted = dict.fromkeys(keys)
        self._count(reads=sum(_read([found[key]] if key in found else []) for key in wanted))
        return found

    def query(
        self,
        table: str,
        pk: str,
        *,
        prefix: str = "",
        after: str | None = None,
        limit: int = 100,
        newest_first: bool = False,
    ) -> Page:
        page = self._items.query(
            table, pk, prefix=prefix, after=after, limit=limit, newest_first=newest_first
        )
        self._count(reads=_read(page.items))
        return page

    def due(
        self,
        table: str,
        lane: str,
        upto: str,
        *,
        after: str | None = None,
        limit: int = 100,
        newest_first: bool = False,
    ) -> Page:
        page = self._items.due(
            table, lane, upto, after=after, limit=limit, newest_first=newest_first
        )
        self._count(reads=_read(page.items) / 2)
        return page

    def scan(
        self,
        table: str,
        *,
        segment: int = 0,
        segments: int = 1,
        after: str | None = None,
        limit: int = 100,
    ) -> Page:
        page = self._items.scan(table, segment=segment, segments=segments, after=after, limit=limit)
        self._count(reads=_read(page.items))
        return page

    def write(self, writes: Sequence[Write]) -> None:
        """A write that meets a `Conflict` is billed as well, but changes no index."""
        before = self._items.get_many([write.key for write in writes])
        changes = [(before.get(w.key), after(w, before.get(w.key))) for w in writes]
        rate = 1 if len(writes) == 1 else 2
        table = sum(_table_units(old, new) for old, new in changes)
        try:
            self._items.write(writes)
        except Conflict:
            self._count(writes=rate * table)
            raise
        index = sum(_index_units(old, new) for old, new in changes)
        self._count(writes=rate * (table + index))

    def _count(self, *, reads: float = 0, writes: int = 0) -> None:
        units = self.units[self._operation]
        units.reads += reads
        units.writes += writes
        units.calls += 1


def _read(items: Iterable[Item]) -> int:
    """Units of one consistent read that found these."""
    return read_units(sum(map(item_size, items)))


def _size(item: Item | None) -> int:
    return item_size(item) if item is not None else 0


def _table_units(old: Item | None, new: Item | None) -> int:
    """The larger of what stood and what stands is billed."""
    return write_units(max(_size(old), _size(new)))


def _index_units(old: Item | None, new: Item | None) -> int:
    """The index takes an entry in, out, or both where its key changed; else the new values.

    In a transaction it is counted twice as the item is: the documentation does not say, so
    the sum is rather too high than too low.
    """
    if old == new:
        return 0
    if listed(old) == listed(new):
        return _table_units(old, new) if listed(new) else 0
    return sum(write_units(_size(item)) for item in (old, new) if listed(item))
