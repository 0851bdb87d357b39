"""Lists: what a filter came to at one moment, at one target, and who was told of it when.

A push decides about each contact once; what it decides stands as a membership on the
delivery, which tells the target. Pure.
"""

from collections.abc import Collection, Mapping
from typing import Literal

from chalicelib.domain.model import Entity

Task = Literal["add", "keep", "remove", "withhold"]
State = Literal["listed", "withheld", "removed"]
RESERVED = "kartoteka-"
"""How names begin that connectors use for marks of their own."""
STATES: Mapping[Task, State] = {
    "add": "listed",
    "keep": "listed",
    "remove": "removed",
    "withhold": "withheld",
}


class Push(Entity):
    """Who pushed what when: a filter (None: nobody any more), that of a segment where one is
    named; `job` did it.
    """

    job: str
    at: str
    by: str
    filter: str | None = None
    segment: str = ""


class TargetList(Entity):
    """A list at a target, as it was last pushed."""

    target: str
    name: str
    created_at: str
    push: Push
    rev: int = 0


class Entry(Entity):
    """What holds of a contact on a list: since `push`, decided `at`; `why` it is withheld."""

    contact: str
    state: State
    push: str
    at: str
    why: str = ""


class Listing(Entity):
    """What a push decided about a contact (its `id`); `had` says that it was on the list.

    `place` is the row from which it was found.
    """

    id: str
    place: str
    task: Task
    why: str = ""
    had: bool = False

    @property
    def changes(self) -> bool:
        """Whether the target has to hear of it."""
        return self.task == "add" or (self.had and self.task != "keep")

    @property
    def words(self) -> list[str]:
        """What is to be counted of it."""
        if self.task in ("add", "keep"):
            return ["listed", "added" if self.task == "add" else "kept"]
        withheld = [WITHHELD + self.why] if self.task == "withhold" else []
        return withheld + (["removed"] if self.had else [])


WITHHELD = "withheld "


def task_of(meant: bool, why: str, had: bool) -> Task | None:
    """What becomes of a contact that is `meant` or not; `why` it may not be on the list."""
    if not meant:
        return "remove" if had else None
    if why:
        return "withhold"
    return "keep" if had else "add"


def counted(tally: Mapping[str, int]) -> dict[str, object]:
    """What a push came to."""
    why = {n.removeprefix(WITHHELD): k for n, k in sorted(tally.items()) if n.startswith(WITHHELD)}
    names = ("listed", "added", "kept", "removed")
    return {n: tally.get(n, 0) for n in names} | {"withheld": why}


class Told(Entity):
    """What a target was last told: whether the contact is `on` a list, by which version, when."""

    on: bool
    version: int
    at: str


def told_of(
    known: Mapping[str, Told], lists: Collection[str], version: int, at: str
) -> dict[str, Told]:
    """What it was told by list once a message arrived that named these; the rest keeps its time."""
    names = sorted({*known, *lists})
    before = {n: known[n] for n in names if n in known and known[n].on == (n in lists)}
    return {n: before.get(n) or Told(on=n in lists, version=version, at=at) for n in names}
