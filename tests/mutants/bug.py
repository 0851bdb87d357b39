"""A seeded bug."""

from dataclasses import dataclass
from pathlib import Path

LAWS = "tests/laws/"
LIFE = LAWS + "test_life.py"
INTERLEAVINGS = "tests/faults/test_interleavings.py::test_every_order_ends_lawfully"
CRASHES = "tests/faults/test_crash_points.py::test_a_single_fault_changes_nothing"


@dataclass(frozen=True)
class Bug:
    """`edits` are the places of `file` that change: the text that stands, and what it becomes.

    `law` is the one it breaks, `caught_by` the pytest selection that must fail.
    """

    law: int
    name: str
    file: str
    caught_by: str
    edits: tuple[tuple[str, str], ...]

    def sow(self, tree: Path) -> None:
        """Apply it to a copy of the tree; `LookupError` where the code is no longer so."""
        path = tree / self.file
        text = path.read_text()
        for old, new in self.edits:
            if text.count(old) != 1:
                raise LookupError(f"{self.file} has {text.count(old)} times: {old}")
            text = text.replace(old, new)
        path.write_text(text)


def bug(law: int, name: str, file: str, caught_by: str, *edits: tuple[str, str]) -> Bug:
    """A bug, its edits last."""
    return Bug(law, name, file, caught_by, edits)
