"""A comparison as one plain sentence, English or Polish; the wording is data (`phrases.json`)."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from chalicelib.domain.matching.comparing import Comparison, Reason

Language = Literal["en", "pl"]
PHRASES = json.loads(Path(__file__).with_name("phrases.json").read_text(encoding="utf-8"))
_BITS = 100


def explain(comparison: Comparison, language: Language) -> str:
    """One sentence: the verdict, what speaks for it and against it, strongest first."""
    words = PHRASES[language]
    told = [r for r in comparison.reasons if r.points and r.field != "prior"]
    told.sort(key=lambda r: (-abs(r.points), r.field))
    parts = [words["verdicts"][comparison.verdict]]
    parts += _part(words, "for", (_phrase(words, r) for r in told if r.points > 0))
    parts += _part(words, "against", (_phrase(words, r) for r in told if r.points < 0))
    parts += _part(words, "never", (words["facts"][c] for c in comparison.contradictions))
    return "; ".join(parts) + "."


def _part(words: dict[str, str], side: str, phrases: Iterable[str]) -> list[str]:
    joined = ", ".join(phrases)
    return [f"{words[side]} {joined}"] if joined else []


def _phrase(words: dict[str, dict[str, dict[str, str]]], reason: Reason) -> str:
    said = words["levels"][reason.field][reason.level].format(names=reason.names)
    return f"{said} ({reason.points / _BITS:+.1f})"
