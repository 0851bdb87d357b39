"""The page about filters says what the code does: each of its examples is tried."""

import re
from pathlib import Path

import pytest

from chalicelib.domain.errors import InvalidError
from chalicelib.domain.filtering.terms import TERMS
from chalicelib.domain.filters import compile_filter

PAGE = (Path(__file__).parents[2] / "docs" / "filters.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of the rows of all tables under a heading, but for the heads of the tables."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ") and "`" in line]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def code(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_every_term_has_its_row() -> None:
    assert {code(name)[0] for name, *_ in rows("Terms")} == set(TERMS)


@pytest.mark.parametrize("row", rows("Terms"), ids=lambda row: str(row[0]))
def test_the_examples_of_a_term_use_it_and_are_accepted(row: list[str]) -> None:
    assert code(row[2])
    for example in code(row[2]):
        assert example.startswith(code(row[0])[0] + ":")
        compile_filter(example)


@pytest.mark.parametrize("row", rows("Putting terms together"), ids=lambda row: str(row[0]))
def test_the_examples_of_operators_are_accepted(row: list[str]) -> None:
    for example in code(row[2]):
        compile_filter(example)


@pytest.mark.parametrize(
    ("expected", "example"),
    [(code(row[0])[0], text) for row in rows("What is refused") for text in code(row[1])],
)
def test_what_the_page_calls_refused_is_refused(expected: str, example: str) -> None:
    with pytest.raises(InvalidError) as refused:
        compile_filter(example)
    assert refused.value.errors[0].code == expected
