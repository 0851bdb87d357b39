"""What DynamoDB refuses, for the memory adapter, so that a test meets it without a table.

The refusals are faults of our code, never of a caller: they are ValueError or TypeError,
and nothing was written. No message holds a value or a key, since both may be personal.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.store import sizes
from chalicelib.store.ports import Key, Set, Write

MAX_WRITES = 100
MAX_READS = 100
MAX_SEGMENTS = 1_000_000
INDEX_KEYS = ("lane", "due")

_MAX_PK = 2048
_MAX_SK = 1024


def check_writes(writes: Sequence[Write]) -> None:
    """Refuse none or too many writes, bad keys, one key twice, and a `Set` of nothing or a key."""
    if not 1 <= len(writes) <= MAX_WRITES:
        raise ValueError(f"{len(writes)} writes in one transaction")
    if len({write.key for write in writes}) < len(writes):
        raise ValueError("the same item is written twice")
    for write in writes:
        check_key(write.key)
        if isinstance(write, Set) and (not write.values or write.values.keys() & {"pk", "sk"}):
            raise ValueError("a Set of nothing, or of a key")


def check_key(key: Key) -> None:
    """Refuse keys that are no strings, empty or too long (2,048 and 1,024 bytes)."""
    _check_part(key.pk, _MAX_PK)
    _check_part(key.sk, _MAX_SK)


def check_query(pk: str, prefix: str, after: str | None) -> None:
    """Refuse a bad partition key, and a start that does not stand under the prefix."""
    _check_part(pk, _MAX_PK)
    if after is not None:
        _check_part(after, _MAX_SK)
        if not after.startswith(prefix):
            raise ValueError("`after` does not stand under the prefix")


def check_item(item: Mapping[str, Any]) -> int:
    """The size of an item that may be stored; refuses more than 400 KB and bad index keys."""
    size = sizes.item_size(item)
    if size > sizes.MAX_ITEM:
        raise ValueError(f"an item of {size} bytes")
    for name in INDEX_KEYS:
        if name in item:
            _check_part(item[name], _MAX_SK)
    return size


def check_transaction(size: int) -> None:
    """Refuse a transaction of more than 4 MB."""
    if size > sizes.MAX_TRANSACTION:
        raise ValueError(f"a transaction of {size} bytes")


def check_limit(limit: int) -> None:
    """Refuse a page of nothing."""
    if limit < 1:
        raise ValueError("a page of no items")


def check_segment(segment: int, segments: int) -> None:
    """Refuse a part of a table that there is not."""
    if not 0 <= segment < segments <= MAX_SEGMENTS:
        raise ValueError(f"segment {segment} of {segments}")


def _check_part(part: object, most: int) -> None:
    if not isinstance(part, str):
        raise TypeError(f"a key is a {type(part).__name__}")
    if not 1 <= len(part.encode()) <= most:
        raise ValueError("a key is empty or too long")
