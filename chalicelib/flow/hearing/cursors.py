"""Cursors: how far each partner was heard."""

from chalicelib.connectors.connector import Page
from chalicelib.domain.model import Entity
from chalicelib.flow.changes import insisting
from chalicelib.flow.ports import Ports
from chalicelib.store import keys
from chalicelib.store.ports import Absent, Conflict, Equals, Put


class Cursor(Entity):
    """The partner's own cursor (None: it was never asked).

    `missed` is set while its deletions are looked for, since it had forgotten an older one: it
    says behind which delivery to go on, from the first where it is empty. `next_at` is when it
    is to be polled again. `reading` is a print of what is read of a contact there; since that
    changed, everybody is read `afresh`, also who did not change.
    """

    cursor: str | None = None
    rev: int = 0
    missed: str | None = None
    next_at: str = ""
    reading: str = ""
    afresh: bool = False

    def of(self, reading: str) -> "Cursor":
        """Where to go on: from the beginning, where something else was read until now."""
        if self.reading == reading:
            return self
        anew = {"cursor": None, "reading": reading, "afresh": bool(self.reading or self.cursor)}
        return self.model_copy(update=anew)

    def moved(self, page: Page) -> "Cursor":
        """After a page was taken in."""
        missed = "" if page.anew else self.missed
        afresh = self.afresh and page.more
        return self.model_copy(update={"cursor": page.cursor, "missed": missed, "afresh": afresh})

    def resting(self, until: str) -> "Cursor":
        """Not to be polled before then."""
        return self.model_copy(update={"next_at": until})


def read(ports: Ports, partner: str) -> Cursor:
    """How far it was heard."""
    return Cursor.of_row(ports.items.get(keys.cursor(partner)) or {})


def keep(ports: Ports, partner: str, cursor: Cursor) -> bool:
    """Write how far it was heard by now; whether it is still ours to go on from there."""
    try:
        _write(ports, partner, cursor)
    except Conflict:
        return False
    return True


def begin_anew(ports: Ports, partner: str) -> None:
    """Calls were lost: let everybody be read again, and whoever is gone be looked for."""

    def attempt(_: int) -> None:
        known = read(ports, partner)
        if known.cursor is not None:
            anew = {"cursor": None, "missed": "", "next_at": ""}
            _write(ports, partner, known.model_copy(update=anew))

    insisting(ports, attempt)


def _write(ports: Ports, partner: str, cursor: Cursor) -> None:
    condition = Equals("rev", cursor.rev) if cursor.rev else Absent()
    stored = cursor.model_copy(update={"rev": cursor.rev + 1})
    ports.items.write([Put(keys.cursor(partner), stored.row(), condition)])
