"""The index: match keys that point to records, search keys that point to contacts.

What is indexed for an owner stands in its list. Rows and list change in one transaction,
on the list's `rev`, additions first: two workers that overlap can neither lose a row nor
leave one behind. The list is read before the record or contact that it is compared with.
"""

from collections.abc import Callable, Mapping, Sequence

from chalicelib.flow.changes import insisting
from chalicelib.flow.ports import Ports
from chalicelib.store import keys
from chalicelib.store.ports import Absent, Delete, Equals, Item, Put, Write

Row = tuple[str, str]
Wanted = Mapping[Row, str]
STEP = 90
_BETWEEN = "\t"


def reindex(ports: Ports, owner: str, kind: str, wanted: Callable[[], Wanted]) -> None:
    """Make the rows of an owner what `wanted` says; it is asked after the list was read.

    `wanted` maps (partition, sort key) to a note that is kept on the row.
    """
    insisting(ports, lambda _: _reindex(ports, owner, kind, wanted))


def _reindex(ports: Ports, owner: str, kind: str, wanted: Callable[[], Wanted]) -> None:
    listed = ports.items.get(keys.index_list(owner, kind)) or {"rev": 0, "rows": {}}
    rev, had = int(listed["rev"]), _rows(listed)
    want = dict(wanted())
    adds: list[Row] = [row for row, note in want.items() if had.get(row) != note]
    drops: list[Row] = [row for row in had if row not in want]
    todo = [*adds, *drops]
    for start in range(0, len(todo), STEP):
        step = todo[start : start + STEP]
        for row in step:
            had.pop(row, None)
        had |= {row: want[row] for row in step if row in want}
        ports.items.write([_list_write(owner, kind, rev, had), *_row_writes(step, want)])
        rev += 1


def _rows(listed: Item) -> dict[Row, str]:
    return {
        (k.partition(_BETWEEN)[0], k.partition(_BETWEEN)[2]): v for k, v in listed["rows"].items()
    }


def _list_write(owner: str, kind: str, rev: int, rows: Wanted) -> Write:
    item = {"rev": rev + 1, "rows": {_BETWEEN.join(row): note for row, note in rows.items()}}
    return Put(keys.index_list(owner, kind), item, Equals("rev", rev) if rev else Absent())


def _row_writes(step: Sequence[Row], want: Wanted) -> list[Write]:
    return [
        Put(keys.index(*row), {"note": want[row]}) if row in want else Delete(keys.index(*row))
        for row in step
    ]
