"""What should be known of an interaction, and stand of it, by what stands."""

from collections.abc import Mapping

import pytest

from chalicelib.domain.checking import Spot, Told
from chalicelib.domain.hearing import Heard, whereabouts_of
from chalicelib.domain.interactions import Interaction, Whereabouts


def heard(stamp: str, record: str = "", *, undone: bool = False) -> Heard:
    """A word; one that names no record takes the interaction back."""
    told = Interaction(
        id="o",
        source="crm",
        record=record,
        occurred_at=f"2026-11-2{stamp}",
        content={"kind": "order"},
        found_by="",
        recorded_at="2026-11-29",
    )
    return Heard(
        source="crm",
        id="o",
        stamp=stamp,
        told=told if record else None,
        batch="b",
        recorded_at="2026-11-29",
        retracted_by="u" if undone else "",
    )


FIRST, MOVED, BACK = heard("1", "r"), heard("2", "s"), heard("3")
UNDONE = heard("2", "s", undone=True)


def known(word: Heard | None) -> Whereabouts:
    return whereabouts_of("n", word, 7)


def rows(*words: Heard) -> Mapping[Spot, Interaction]:
    """The rows that stand by these words."""
    spots = [(known(w), w.told) for w in words]
    return {(where.record, where.place): told for where, told in spots if told}


NOTHING = known(None)


@pytest.mark.parametrize(
    ("before", "words", "stands", "counts"),
    [
        pytest.param(FIRST, [FIRST], [FIRST], FIRST, id="sound"),
        pytest.param(MOVED, [MOVED, FIRST], [MOVED], MOVED, id="moved"),
        pytest.param(BACK, [BACK, FIRST], [], BACK, id="taken back"),
        pytest.param(FIRST, [UNDONE, FIRST], [FIRST], FIRST, id="undone"),
        pytest.param(None, [UNDONE], [], None, id="all undone"),
        pytest.param(None, [FIRST], [FIRST], FIRST, id="nothing known"),
        pytest.param(FIRST, [MOVED, FIRST], [FIRST], MOVED, id="only the word of a move"),
        pytest.param(FIRST, [MOVED, FIRST], [FIRST, MOVED], MOVED, id="stands twice"),
        pytest.param(FIRST, [FIRST], [], FIRST, id="row lost"),
        pytest.param(BACK, [BACK, FIRST], [FIRST], BACK, id="row that was taken back"),
        pytest.param(MOVED, [UNDONE, FIRST], [MOVED], FIRST, id="only the word of an undo"),
        pytest.param(MOVED, [MOVED, FIRST], [FIRST], MOVED, id="only the words of a move"),
        pytest.param(MOVED, [FIRST], [FIRST], FIRST, id="a move lost but for what is known"),
        pytest.param(BACK, [FIRST], [FIRST], FIRST, id="taken back, of which little stands"),
    ],
)
def test_the_newest_word_that_stands_counts(
    before: Heard | None, words: list[Heard], stands: list[Heard], counts: Heard | None
) -> None:
    told = Told("n", known(before), words, rows(*stands))
    sound = (known(before), rows(*stands)) == (known(counts), rows(*([counts] if counts else [])))
    assert (told.after, told.wanted) == (known(counts), rows(*([counts] if counts else [])))
    assert (told.is_astray, told.is_lost) == (not sound, False)


@pytest.mark.parametrize(
    ("before", "words", "stands"),
    [
        pytest.param(FIRST, [], [FIRST], id="the only word"),
        pytest.param(MOVED, [FIRST], [MOVED], id="the word of a move"),
        pytest.param(BACK, [FIRST], [], id="the word that took it back"),
        pytest.param(BACK, [], [], id="the only word, which took it back"),
        pytest.param(None, [], [FIRST], id="all but a row"),
        pytest.param(None, [], [], id="all, and it was found before"),
    ],
)
def test_of_a_lost_word_what_speaks_for_it_is_left(
    before: Heard | None, words: list[Heard], stands: list[Heard]
) -> None:
    told = Told("n", known(before), words, rows(*stands))
    assert (told.is_lost, told.is_astray) == (True, False)


def test_what_stands_nowhere_by_no_word_is_known_no_more() -> None:
    told = Told("n", known(FIRST), [], {})
    assert (told.is_lost, told.is_astray, told.after) == (True, True, NOTHING)
