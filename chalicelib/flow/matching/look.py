"""The shelf that the worker looks on: match keys' rows and records' cards in the index."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from chalicelib.domain.ids import keyed
from chalicelib.domain.matching import Card, Note
from chalicelib.flow.matching import index
from chalicelib.flow.ports import Ports

KIND = "match"
_PRINT = 8  # hex digits: 32 bits tell apart all names of one key's rows


class StoredShelf:
    """`Shelf` on the index table; values stand there hashed with the matching key."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    def hide(self, plain: str) -> str:
        return _print(self._ports.keys.matching, plain)

    def rows(self, key: str, limit: int) -> Sequence[tuple[str, Note]]:
        found = self._ports.items.query("index", self.partition(key), limit=limit).items
        return [(row["sk"], Note.of(row["note"])) for row in found]

    def cards(self, records: Sequence[str]) -> Iterable[Card]:
        found = index.cards(self._ports, records, KIND)
        return [Card.of(record, card) for record, card in found.items()]

    def partition(self, key: str) -> str:
        """The partition of a plain key's rows."""
        return f"match={keyed(self._ports.keys.matching, key)}"


@lru_cache(maxsize=65536)
def _print(key: bytes, plain: str) -> str:
    return keyed(key, plain)[:_PRINT]
