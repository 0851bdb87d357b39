"""The one storage port: items under (partition, sort) keys, conditions, transactions.

Everything that the product stores goes through `Items`. It is small on purpose: each
method is one API call of DynamoDB, so that a fault can be put before and after every one.

Items are JSON-like mappings of str, int, bool, None, list and dict (no floats), and hold
their own key under `pk` and `sk`. What `Items` hands out belongs to the caller.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

Item = dict[str, Any]


class Key(NamedTuple):
    """Where an item stands: `table` is our name for it (see `store/keys.py`)."""

    table: str
    pk: str
    sk: str


@dataclass(frozen=True)
class Absent:
    """Holds where no item stands under the key."""


@dataclass(frozen=True)
class Equals:
    """Holds where the item stands and its top-level attribute has this value."""

    name: str
    value: str | int


Condition = Absent | Equals | None


@dataclass(frozen=True)
class Put:
    """Write the whole item."""

    key: Key
    item: Mapping[str, Any]
    condition: Condition = None


@dataclass(frozen=True)
class Set:
    """Set some attributes of an item, making it where it does not stand."""

    key: Key
    values: Mapping[str, Any]
    condition: Condition = None


@dataclass(frozen=True)
class Delete:
    """Take the item away; nothing happens where none stands and no condition is named."""

    key: Key
    condition: Condition = None


Write = Put | Set | Delete


class Conflict(Exception):
    """A condition failed or another transaction was in the way: nothing was written.

    `failed` are the positions of the writes whose condition did not hold (empty when two
    transactions met).
    """

    def __init__(self, failed: Sequence[int] = ()) -> None:
        super().__init__("a condition did not hold")
        self.failed = tuple(failed)


@dataclass(frozen=True)
class Page:
    """Some items in the order of their sort key, and the key after which to go on."""

    items: list[Item] = field(default_factory=list)
    next: str | None = None


class Items(Protocol):
    """See the module's docstring. All reads but `due` are strongly consistent."""

    def get(self, key: Key) -> Item | None:
        """Read one item."""

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Item]:
        """Read up to 100 items of one or more tables; what does not stand is left out."""

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
        """Read a partition in the order of the sort key, from behind `after`."""

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
        """Read the sparse index of `table`: items whose `lane` is this and `due` <= `upto`.

        In the order of `due`, or backwards; eventually consistent; `next` is opaque here.
        """

    def scan(
        self,
        table: str,
        *,
        segment: int = 0,
        segments: int = 1,
        after: str | None = None,
        limit: int = 100,
    ) -> Page:
        """Read a whole table, or one of `segments` equal parts of it, whatever its keys.

        A partition stands in one segment, its items in the order of their sort key; `next`
        is opaque here. For checks and mending only: everything else knows its keys.
        """

    def write(self, writes: Sequence[Write]) -> None:
        """Write all or nothing (at most 100 items); raises `Conflict`."""
