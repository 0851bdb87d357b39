"""Folding makes texts comparable whatever the script, the accents and the punctuation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Łukasz ŻÓŁĆ", "lukasz zolc"),
        ("Z\u0307o\u0301łć", "zolc"),
        ("Юлія", "yuliya"),
        ("Наталья", "natalya"),
        ("Мар'яна", "maryana"),
        ("O’Hara", "ohara"),
        ("O'Brien", "obrien"),
        ("Nowak-Kowalska", "nowak kowalska"),
        ("  Jan\t\u00a0Maria.. ", "jan maria"),
        ("Андреи\u0306", "andrey"),
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("ＡＢＣ１２", "abc12"),
        ("ﬁrma sp. z o.o.", "firma sp z o o"),
        ("!?", ""),
        ("", ""),
    ],
)
def test_a_text_is_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert folded == " ".join(folded.split())
    assert all(c == " " or (c.isascii() and (c.islower() or c.isdigit())) for c in folded)


@given(st.text(max_size=20), st.text(max_size=20))
def test_folding_parts_words_as_spaces_do(one: str, other: str) -> None:
    assert fold(f"{one} {other}") == " ".join(filter(None, (fold(one), fold(other))))
