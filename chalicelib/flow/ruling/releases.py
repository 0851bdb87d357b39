"""Releases: versions of one thing (models, rules), kept for ever, of which one is in force.

What is stored never changes under its version. What is in force is one small row, read
whenever something is decided by it; the versions themselves are read once for each process.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from chalicelib.domain import times
from chalicelib.domain.errors import ConflictError, NotFoundError
from chalicelib.domain.model import Entity, digest
from chalicelib.flow.changes import insisting
from chalicelib.flow.ports import Ports
from chalicelib.store import keys
from chalicelib.store.ports import Absent, Equals, Put, Write


class Released(Protocol):
    """What has versions."""

    @property
    def version(self) -> str:
        """Its name, for ever."""

    @property
    def about(self) -> str:
        """A sentence for people."""


T = TypeVar("T", bound=Released)


class Force(Entity):
    """Which version is in force: empty for the bundled one, of any release.

    `batch` is the activation that put it there, `job` the one that was last at the contacts
    on its account: it, or the undo of the one after it.
    """

    version: str = ""
    mark: str = ""
    batch: str = ""
    job: str = ""
    rev: int = 0


@dataclass(frozen=True)
class Releases(Generic[T]):
    """The versions of one `kind`; `written` gives one text for one thing, `read` reads it."""

    kind: str
    bundled: T
    written: Callable[[T], str]
    read: Callable[[str], T]
    _known: dict[str, T] = field(default_factory=dict)  # by mark, so by content: never stale

    def mark_of(self, thing: T) -> str:
        """A digest that two share only if they are one, the version included."""
        return digest(self.written(thing))

    def force(self, ports: Ports) -> Force:
        """What is in force; one read."""
        return Force.of_row(ports.items.get(keys.registered("installation", self.kind)) or {})

    def force_write(self, known: Force, news: Force) -> Write:
        """Put another version in force, on the condition that `known` still is."""
        row = news.model_copy(update={"rev": known.rev + 1}).row()
        condition = Equals("rev", known.rev) if known.rev else Absent()
        return Put(keys.registered("installation", self.kind), row, condition)

    def forced(self, thing: T, job: str) -> Force:
        """The row that says that this is in force since that activation."""
        bundled = thing.version == self.bundled.version
        version, mark = ("", "") if bundled else (thing.version, self.mark_of(thing))
        return Force(version=version, mark=mark, batch=job, job=job)

    def active(self, ports: Ports) -> T:
        """What is decided by now."""
        return self.forced_by(ports, self.force(ports))

    def forced_by(self, ports: Ports, known: Force) -> T:
        """What that row puts in force."""
        return self._stored(ports, known.version, known.mark) if known.version else self.bundled

    def named(self, ports: Ports, version: str) -> T:
        """The one of a version; `NotFoundError` where there is none."""
        if version == self.bundled.version:
            return self.bundled
        return self._stored(ports, version, self._row(ports, version)["mark"])

    def _stored(self, ports: Ports, version: str, mark: str) -> T:
        if mark not in self._known:
            self._known[mark] = self.read(self._row(ports, version)["text"])
        return self._known[mark]

    def _row(self, ports: Ports, version: str) -> dict[str, Any]:
        row = ports.items.get(keys.registered(self.kind, version))
        if row is None:
            raise NotFoundError(f"There is no such version of the {self.kind}.")
        return row

    def store(self, ports: Ports, wanted: T, by: str) -> tuple[T, bool]:
        """Store a version; returns it, and whether it is new.

        Raises `ConflictError` where the version stands for something else.
        """
        return insisting(ports, lambda _: self._store(ports, wanted, by))

    def _store(self, ports: Ports, wanted: T, by: str) -> tuple[T, bool]:
        try:
            known = self.named(ports, wanted.version)
        except NotFoundError:
            row = {
                "id": wanted.version,
                "about": wanted.about,
                "text": self.written(wanted),
                "mark": self.mark_of(wanted),
                "created_at": times.text(ports.now()),
                "created_by": by,
            }
            ports.items.write([Put(keys.registered(self.kind, wanted.version), row, Absent())])
            return wanted, True
        if self.mark_of(known) != self.mark_of(wanted):
            detail = "This version stands for something else; what is stored never changes."
            raise ConflictError(detail, kind="version_taken")
        return known, False

    def listed(self, ports: Ports, _: str, after: str | None, limit: int) -> dict[str, Any]:
        """The known versions, the bundled one first, and which is in force."""
        in_force = self.force(ports).version or self.bundled.version
        page = ports.items.query("registry", self.kind, after=after, limit=limit)
        ours = {"id": self.bundled.version, "about": self.bundled.about}
        rows = ([] if after else [ours]) + [r for r in page.items if r["id"] != ours["id"]]
        return {"items": [_line(row, in_force) for row in rows], "next": page.next}


def _line(row: dict[str, Any], in_force: str) -> dict[str, Any]:
    said = {"version": row["id"], "about": row["about"], "active": row["id"] == in_force}
    stored = "created_at" in row
    return said | {"bundled": not stored} | ({"created_at": row["created_at"]} if stored else {})
