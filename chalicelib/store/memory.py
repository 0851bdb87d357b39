"""The storage port in memory: what the tests, the laws and the explorers run on.

Items are kept as bytes, so that no caller can change what is stored. It refuses what
DynamoDB refuses and pages as it does, an empty last page included.
"""

import json
import marshal
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from zlib import crc32

from chalicelib.store import effects, limits
from chalicelib.store.ports import Absent, Conflict, Equals, Item, Key, Page, Set, Write
from chalicelib.store.sizes import MAX_PAGE


class _Row(NamedTuple):
    """A stored item: its bytes for us, its size for DynamoDB, and where the index lists it."""

    data: bytes
    size: int
    listed: effects.Listed | None

    def item(self) -> Item:
        loaded: Item = marshal.loads(self.data)
        return loaded


class MemoryItems:
    """`Items` of one process; not for threads that run at once."""

    def __init__(self) -> None:
        self._rows: dict[Key, _Row] = {}
        self._partitions: dict[tuple[str, str], list[str]] = {}
        self._lanes: dict[tuple[str, str], list[tuple[str, str, str]]] = {}

    def get(self, key: Key) -> Item | None:
        limits.check_key(key)
        row = self._rows.get(key)
        return row.item() if row else None

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Item]:
        wanted = dict.fromkeys(keys)
        if len(wanted) > limits.MAX_READS:
            raise ValueError(f"{len(wanted)} keys in one read")
        found = {key: self.get(key) for key in wanted}
        return {key: item for key, item in found.items() if item is not None}

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
        limits.check_query(pk, prefix, after)
        order = self._partitions.get((table, pk), [])
        start, stop = _span(order, prefix)
        if after is not None and newest_first:
            stop = bisect_left(order, after)
        elif after is not None:
            start = bisect_right(order, after)
        span = range(stop - 1, start - 1, -1) if newest_first else range(start, stop)
        items, last = self._page((Key(table, pk, order[n]) for n in span), limit)
        return Page(items, last.sk if last else None)

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
        order = self._lanes.get((table, lane), [])
        last_seen = tuple(json.loads(after)) if after else None
        if newest_first:
            order = order[: bisect_left(order, last_seen) if last_seen else len(order)][::-1]
        elif last_seen:
            order = order[bisect_right(order, last_seen) :]
        ready = (entry for entry in order if entry[0] <= upto)
        items, last = self._page((Key(table, pk, sk) for _, pk, sk in ready), limit)
        return Page(items, json.dumps([items[-1]["due"], last.pk, last.sk]) if last else None)

    def scan(
        self,
        table: str,
        *,
        segment: int = 0,
        segments: int = 1,
        after: str | None = None,
        limit: int = 100,
    ) -> Page:
        limits.check_segment(segment, segments)
        pks = (pk for name, pk in self._partitions if name == table)
        inside = sorted(pk for pk in pks if crc32(pk.encode()) % segments == segment)
        order = [(pk, sk) for pk in inside for sk in self._partitions[table, pk]]
        start = bisect_right(order, tuple(json.loads(after))) if after else 0
        items, last = self._page((Key(table, *place) for place in order[start:]), limit)
        return Page(items, json.dumps(last[1:]) if last else None)

    def write(self, writes: Sequence[Write]) -> None:
        limits.check_writes(writes)
        rows = {write.key: self._outcome(write) for write in writes}
        if len(rows) > 1:
            limits.check_transaction(sum(row.size for row in rows.values() if row))
        failed = [n for n, write in enumerate(writes) if not self._holds(write)]
        if failed:
            raise Conflict(failed)
        for key, row in rows.items():
            self._store(key, row)

    def snapshot(self) -> dict[Key, Item]:
        """All that is stored, to compare."""
        return {key: self._rows[key].item() for key in sorted(self._rows)}

    def fork(self) -> "MemoryItems":
        """A store of the same state that goes its own way from here."""
        twin = MemoryItems()
        twin._rows = dict(self._rows)
        twin._partitions = {name: list(order) for name, order in self._partitions.items()}
        twin._lanes = {name: list(order) for name, order in self._lanes.items()}
        return twin

    def _page(self, keys: Iterator[Key], limit: int) -> tuple[list[Item], Key | None]:
        """Read until the limit or one megabyte, and the key after which to go on, if any."""
        limits.check_limit(limit)
        items: list[Item] = []
        size = 0
        last = None
        for key in keys:
            row = self._rows[key]
            size += row.size
            if len(items) == limit or size > MAX_PAGE:
                return items, last
            items.append(row.item())
            last = key
        return items, last if len(items) == limit else None

    def _holds(self, write: Write) -> bool:
        row = self._rows.get(write.key)
        match write.condition:
            case Absent():
                return row is None
            case Equals(name, value):
                return row is not None and _same(row.item().get(name), value)
        return True

    def _outcome(self, write: Write) -> _Row | None:
        """What would stand under the key; refuses what may not."""
        item = effects.after(write, self.get(write.key) if isinstance(write, Set) else None)
        return _row(item) if item is not None else None

    def _store(self, key: Key, row: _Row | None) -> None:
        old = self._rows.pop(key, None)
        if old:
            self._unlist(key, old)
        if row:
            self._rows[key] = row
            self._enlist(key, row)

    def _enlist(self, key: Key, row: _Row) -> None:
        insort(self._partitions.setdefault((key.table, key.pk), []), key.sk)
        if row.listed:
            lane, due = row.listed
            insort(self._lanes.setdefault((key.table, lane), []), (due, key.pk, key.sk))

    def _unlist(self, key: Key, row: _Row) -> None:
        _remove(self._partitions[key.table, key.pk], key.sk)
        if row.listed:
            lane, due = row.listed
            _remove(self._lanes[key.table, lane], (due, key.pk, key.sk))


def _row(item: Item) -> _Row:
    return _Row(marshal.dumps(item), limits.check_item(item), effects.listed(item))


def _same(stored: object, value: str | int) -> bool:
    """Equal, and of one type: DynamoDB does not hold 1 and true to be the same."""
    return type(stored) is type(value) and stored == value


def _span(order: list[str], prefix: str) -> tuple[int, int]:
    """Where the keys with this prefix stand."""
    start = bisect_left(order, prefix)
    stop = bisect_right(order, prefix, lo=start, key=lambda sk: sk[: len(prefix)])
    return start, stop


def _remove(order: list[Any], entry: object) -> None:
    del order[bisect_left(order, entry)]
