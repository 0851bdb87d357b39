"""What is known of an interaction, by a row of it and by what was known before."""

import pytest

from chalicelib.domain.checking import known_of
from chalicelib.domain.interactions import Interaction, Whereabouts

PLACE, ELSEWHERE = "O#2026-11-21#crm#o", "O#2026-11-22#crm#o"


def known(stamp: str = "", place: str = "") -> Whereabouts:
    return Whereabouts(stamp=stamp, record="r" if place else "", place=place)


HERE, GONE = known("2", PLACE), known("2")
UNKNOWN, BEFORE, ELSE = known(), known("1", ELSEWHERE), known("3", ELSEWHERE)


@pytest.mark.parametrize(
    ("before", "lost", "stands", "gone"),
    [
        (UNKNOWN, False, HERE, GONE),
        (HERE, False, HERE, GONE),
        (known("1", PLACE), False, HERE, GONE),
        (known("3", PLACE), False, known("3", PLACE), known("3")),
        (BEFORE, False, HERE, BEFORE),
        (ELSE, False, ELSE, ELSE),
        (ELSE, True, HERE, ELSE),
        (known("1"), False, HERE, known("1")),
        (known("2"), False, HERE, known("2")),
        (known("3"), False, known("3"), known("3")),
    ],
)
def test_the_newest_word_counts(
    before: Whereabouts, lost: bool, stands: Whereabouts, gone: Whereabouts
) -> None:
    row = Interaction(
        id="o",
        source="crm",
        record="r",
        occurred_at="2026-11-21",
        content={"kind": "order"},
        found_by="",
        batch="b",
        recorded_at="2026-11-21",
        stamp="2",
    )
    assert known_of(row, PLACE, before, lost=lost) == stands
    went = row.model_copy(update={"gone": True})
    assert known_of(went, PLACE, before, lost=lost) == gone
