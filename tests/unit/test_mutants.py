"""The seeded bugs fit the code as it is: one whose text is gone would prove nothing."""

from pathlib import Path

from tests.mutants.catalogue import BUGS

ROOT = Path(__file__).parents[2]


def test_every_seeded_bug_still_finds_its_place() -> None:
    texts = {name: (ROOT / name).read_text() for name in {bug.file for bug in BUGS}}
    astray = [
        f"{bug.name}: {old}"
        for bug in BUGS
        for old, _ in bug.edits
        if texts[bug.file].count(old) != 1
    ]
    assert astray == []


def test_every_seeded_bug_has_a_name_of_its_own() -> None:
    names = [bug.name for bug in BUGS]
    assert sorted(set(names)) == sorted(names)
