"""Which judgements are in force where what is kept and what heads carry disagree."""

import pytest

from chalicelib.domain.evidence import Record
from chalicelib.domain.graph import Head
from chalicelib.domain.judgements import Decision, Judgement, Verdict
from chalicelib.domain.words import words_of

RECORDS = {
    n: Record(id=n, source="crm", external_id=n, first_seen=n, salt="s", trust=50) for n in "ab"
}


def said(verdict: Verdict, at: str) -> Judgement:
    return Judgement(id=verdict, verdict=verdict, a=("a",), b=("b",), by="admin", at=at)


def apart(*carried: Judgement) -> list[Head]:
    return [Head(id=n, members=(n,), judgements=carried) for n in "ab"]


def kept(*judgements: Judgement) -> dict[str, Decision]:
    return {j.id: Decision(judgement=j, batch=j.id) for j in judgements}


@pytest.mark.parametrize(
    ("same_at", "different_at", "holds"), [("1", "2", "different"), ("2", "1", "same")]
)
def test_of_two_words_the_newer_counts(same_at: str, different_at: str, holds: str) -> None:
    words = [said("same", same_at), said("different", different_at)]
    active, written = words_of(apart(), kept(*words), RECORDS)
    assert [j.id for j in active] == [holds]
    (ended,) = written
    assert ended.judgement.id != holds and ended.retracted_at == "2"


@pytest.mark.parametrize("carried", ["same", "different"])
def test_of_two_words_of_one_moment_the_one_that_heads_carry_counts(carried: str) -> None:
    words = {w.id: w for w in (said("same", "1"), said("different", "1"))}
    active, _ = words_of(apart(words[carried]), kept(*words.values()), RECORDS)
    assert [j.id for j in active] == [carried]


def test_what_only_heads_carry_is_written_again() -> None:
    active, written = words_of(apart(said("same", "1")), {}, RECORDS)
    assert active == [said("same", "1")]
    assert [(d.judgement, d.merge) for d in written] == [(said("same", "1"), "same")]


def test_what_was_taken_back_is_not_in_force_whoever_carries_it() -> None:
    word = said("same", "1")
    gone = {word.id: Decision(judgement=word, batch="b", retracted_at="2")}
    assert words_of(apart(word), gone, RECORDS) == ([], [])
