"""A comparison as one plain sentence, English or Polish; the wording is data (`phrases.json`)."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

from chalicelib.domain.judgements import Judgement
from chalicelib.domain.matching.comparing import Comparison, Reason

Language = Literal["en", "pl"]
PHRASES = json.loads(Path(__file__).with_name("phrases.json").read_text(encoding="utf-8"))
_DAY = len("2026-11-21")


def explain(
    comparison: Comparison, language: Language, judgements: Sequence[Judgement] = ()
) -> str:
    """One sentence: the verdict, how the names stand, what was judged already, then what
    speaks for it and against it, the strongest first, and what forbids it.

    `judgements` are those that stand, all of one verdict, which then is the sentence's.
    """
    words = PHRASES[language]
    names = [r for r in comparison.reasons if r.field == "names"]
    told = [r for r in comparison.reasons if r.points and r.field != "names"]
    told.sort(key=lambda r: (-abs(r.points), r.field))
    parts = [": ".join([_verdict(words, comparison, judgements), *_phrases(words, names)])]
    parts += [_judged(words, judgement) for judgement in judgements]
    parts += _part(words, "for", _phrases(words, (r for r in told if r.points > 0)))
    parts += _part(words, "against", _phrases(words, (r for r in told if r.points < 0)))
    parts += _part(words, "never", (words["obstacles"][c] for c in comparison.contradictions))
    return "; ".join(parts) + "."


def _verdict(words: dict[str, Any], comparison: Comparison, judgements: Sequence[Judgement]) -> str:
    said: str = words["verdicts"][comparison.verdict]
    return words["judged"][judgements[0].verdict] if judgements else said


def _judged(words: dict[str, Any], judgement: Judgement) -> str:
    who = "machine" if judgement.machine else "person"
    said: str = words["judged"][f"{who}_{judgement.verdict}"]
    return said.format(day=judgement.at[:_DAY])


def _part(words: dict[str, Any], side: str, phrases: Iterable[str]) -> list[str]:
    joined = ", ".join(phrases)
    return [f"{words[side]} {joined}"] if joined else []


def _phrases(words: dict[str, Any], reasons: Iterable[Reason]) -> Iterable[str]:
    """What an older model said at a level that is gone has no words: it stays in the data."""
    levels = words["levels"]
    found = ((r, levels.get(r.field, {}).get(r.level)) for r in reasons)
    return (phrase.format(names=reason.names) for reason, phrase in found if phrase)
