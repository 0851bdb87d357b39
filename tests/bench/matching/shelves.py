"""Two stores that count what a look reads, in DynamoDB's units: the true one and its likeness.

`StoredStore` is the worker's own shelf and index on the memory adapter under the meter.
`SizedStore` works out the same from the items' sizes, light enough for a million contacts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chalicelib.domain.matching import Card, Note, match_keys, note_of
from chalicelib.flow.matching import index
from chalicelib.flow.matching.look import KIND, StoredShelf
from chalicelib.store.memory import MemoryItems
from chalicelib.store.meter import Metered
from chalicelib.store.sizes import item_size, read_units
from infra.matching.shop import Costs, MemoryShelf
from tests.support.world import World

_HASH = "0" * 32


@dataclass
class Spent(Costs):
    """Also read units of the looks, the rows that stand, and those that were written for it."""

    units: float = 0
    placed: int = 0
    written: int = 0


class StoredStore:
    """`Store` on the index table, by the worker's own functions."""

    def __init__(self) -> None:
        self._meter = Metered(MemoryItems())
        self._ports = World(items=self._meter).ports
        self._shelf = StoredShelf(self._ports)
        self.costs = Spent()

    def hide(self, plain: str) -> str:
        return self._shelf.hide(plain)

    def rows(self, key: str, limit: int) -> Sequence[tuple[str, Note]]:
        with self._meter.operation("look") as units:
            found = self._shelf.rows(key, limit)
        self.costs.keys += 1
        self.costs.rows += len(found)
        self.costs.units = units.reads
        return found

    def cards(self, records: Sequence[str]) -> Iterable[Card]:
        with self._meter.operation("look") as units:
            found = self._shelf.cards(records) if records else ()
        self.costs.cards += len(records)
        self.costs.units = units.reads
        return found

    def put(self, card: Card, contact: str) -> None:
        note = note_of(card.seen, contact, self.hide).text()
        keys = map(self._shelf.partition, match_keys(card.seen))
        rows = {(key, card.id): note for key in keys}
        listed = index.listing(self._ports, card.id, KIND)
        if index.update(self._ports, listed, rows, card.text()):
            self.costs.placed += len(rows) - len(listed.rows)
            self.costs.written += len(rows)

    move = put


class SizedStore(MemoryShelf):
    """`Store` of dictionaries that knows how large its items would be in DynamoDB."""

    costs: Spent

    def __init__(self) -> None:
        super().__init__()
        self.costs = Spent()
        self._sizes: dict[str, int] = {}

    def rows(self, key: str, limit: int) -> Sequence[tuple[str, Note]]:
        found = super().rows(key, limit)
        self.costs.units += read_units(sum(row_size(record, note) for record, note in found))
        return found

    def cards(self, records: Sequence[str]) -> Iterable[Card]:
        self.costs.units += sum(read_units(self._sizes[record]) for record in records)
        return super().cards(records)

    def put(self, card: Card, contact: str) -> None:
        super().put(card, contact)
        self.costs.placed += len(match_keys(card.seen))
        self._sizes[card.id] = list_size(card, self._notes[card.id])

    def move(self, card: Card, contact: str) -> None:
        if card.id not in self._notes or self._notes[card.id].contact != contact:
            self.costs.written += len(match_keys(card.seen))
        super().move(card, contact)


def row_size(record: str, note: Note) -> int:
    """Bytes of one match key's row."""
    return item_size({"pk": f"match={_HASH}", "sk": record, "note": note.text()})


def list_size(card: Card, note: Note) -> int:
    """Bytes of the item that holds a record's card, beside the list of its rows."""
    text = note.text()
    rows = {f"match={n:032}\t{card.id}": text for n, _ in enumerate(match_keys(card.seen))}
    told = {"rev": 1, "rows": rows, "card": card.text()}
    return item_size({"pk": f"list={card.id}", "sk": KIND, **told})
