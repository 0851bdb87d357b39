"""Who is who: keys to find candidates, comparison with reasons, contradictions that veto."""

from chalicelib.domain.matching.clusters import Ruling, rule
from chalicelib.domain.matching.comparing import (
    NAMESAKES,
    Comparison,
    Reason,
    compare,
    contradicts,
)
from chalicelib.domain.matching.explaining import Language, explain
from chalicelib.domain.matching.features import Features, features
from chalicelib.domain.matching.keys import match_keys, name_print
from chalicelib.domain.matching.looking import (
    Card,
    Looked,
    Note,
    Pair,
    Shelf,
    look,
    note_of,
    ranked,
)
from chalicelib.domain.matching.model import MODEL, Model

__all__ = [
    "MODEL",
    "NAMESAKES",
    "Card",
    "Comparison",
    "Features",
    "Language",
    "Looked",
    "Model",
    "Note",
    "Pair",
    "Reason",
    "Ruling",
    "Shelf",
    "compare",
    "contradicts",
    "explain",
    "features",
    "look",
    "match_keys",
    "name_print",
    "note_of",
    "ranked",
    "rule",
]
