"""The index against what should stand there: the lists say what the rows are, and all of it."""

from collections.abc import Iterator, Mapping

from chalicelib.domain.checking.faults import Fault
from chalicelib.domain.matching import Note

Row = tuple[str, str]
Rows = Mapping[Row, str]


def index_faults(owner: str, listed: Rows, standing: Rows, wanted: Rows | None) -> Iterator[Fault]:
    """Of one owner's rows; `wanted` is None while a worker has them still to do."""
    if _timeless(listed) != _timeless(standing):
        differing = listed.items() ^ standing.items()
        yield _fault(owner, "index_rows_astray", f"{len(differing)} rows are not as listed")
    if wanted is not None and _timeless(listed) != _timeless(wanted):
        differing = _timeless(listed).items() ^ _timeless(wanted).items()
        yield _fault(owner, "index_list_astray", f"{len(differing)} rows are not as wanted")


def timeless(note: str) -> str:
    """A match row's note without the contact, which is that of the last match."""
    return Note.of(note)._replace(contact="").text() if note else note


def _timeless(rows: Rows) -> dict[Row, str]:
    return {row: timeless(note) for row, note in rows.items()}


def _fault(owner: str, code: str, detail: str) -> Fault:
    return Fault(code=code, of="index", id=owner, detail=detail, seeds=(owner,))
