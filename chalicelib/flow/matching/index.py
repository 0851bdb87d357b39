"""The index: match keys that point to records, search keys that point to contacts.

What is indexed for an owner stands in its list (but for what is kept for ever). Rows and
list change in one transaction, on the list's `rev`, additions first: two workers that
overlap can neither lose a row nor leave one behind. The list is read before what it is
compared with. Who has written match keys looks whether the record has changed meanwhile: the
worker of that change may have found nothing to do, and so written nothing to be in the way.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.flow.ports import Ports
from chalicelib.store import keys
from chalicelib.store.ports import Absent, Delete, Equals, Put, Write

Row = tuple[str, str]
Wanted = Mapping[Row, str]
STEP = 90
_BETWEEN = "\t"


@dataclass(frozen=True)
class Listing:
    """What is indexed for an owner: (partition, sort key) and the note on each row.

    `card` is what whoever finds a row wants to know of its owner, in one read with the list.
    """

    owner: str
    kind: str
    rev: int
    rows: Wanted
    card: str = ""


def listing(ports: Ports, owner: str, kind: str) -> Listing:
    """Read the list; only after it what the rows shall be."""
    item = ports.items.get(keys.index_list(owner, kind)) or {"rev": 0, "rows": {}}
    rows = {_row(k): note for k, note in item["rows"].items()}
    return Listing(owner, kind, item["rev"], rows, item.get("card", ""))


def cards(ports: Ports, owners: Sequence[str], kind: str) -> dict[str, str]:
    """The cards of these owners; one that has none is left out."""
    found = ports.items.get_many([keys.index_list(owner, kind) for owner in owners])
    by_key = {keys.index_list(owner, kind): owner for owner in owners}
    return {by_key[key]: item["card"] for key, item in found.items() if item.get("card")}


def update(
    ports: Ports, listed: Listing, wanted: Wanted, card: str = "", *, always: bool = False
) -> bool:
    """Make rows and card what is wanted, and say whether they had to be changed.

    `always` writes the list even where it seems right. Raises `Conflict` where another worker
    changed it.
    """
    adds: list[Row] = [row for row, note in wanted.items() if listed.rows.get(row) != note]
    drops: list[Row] = [row for row in listed.rows if row not in wanted]
    moves, rows, rev = [*adds, *drops], dict(listed.rows), listed.rev
    changed = always or bool(moves) or card != listed.card
    for start in range(0, max(len(moves), changed), STEP):
        step = moves[start : start + STEP]
        rows = {row: note for row, note in rows.items() if row not in step}
        rows |= {row: wanted[row] for row in step if row in wanted}
        now = Listing(listed.owner, listed.kind, rev, rows, card)
        ports.items.write([_list_write(now), *_row_writes(step, wanted)])
        rev += 1
    return changed


def keep(ports: Ports, rows: Iterable[Row]) -> None:
    """Write rows that never go and so stand in no list; to write one again changes nothing."""
    writes = [Put(keys.index(*row), {"note": ""}) for row in sorted(rows)]
    for start in range(0, len(writes), STEP):
        ports.items.write(writes[start : start + STEP])


def _row(joined: str) -> Row:
    partition, _, sort = joined.partition(_BETWEEN)
    return partition, sort


def _list_write(now: Listing) -> Write:
    rows = {_BETWEEN.join(row): note for row, note in now.rows.items()}
    item = {"rev": now.rev + 1, "rows": rows, "card": now.card}
    condition = Equals("rev", now.rev) if now.rev else Absent()
    return Put(keys.index_list(now.owner, now.kind), item, condition)


def _row_writes(step: Sequence[Row], wanted: Wanted) -> list[Write]:
    return [
        Put(keys.index(*row), {"note": wanted[row]}) if row in wanted else Delete(keys.index(*row))
        for row in step
    ]
