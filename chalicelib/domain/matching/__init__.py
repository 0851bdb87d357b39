"""Who is who: keys to find candidates, comparison with reasons, contradictions that veto."""

from chalicelib.domain.matching.comparing import Comparison, Reason, compare, contradicts
from chalicelib.domain.matching.explaining import Language, explain
from chalicelib.domain.matching.keys import match_keys, name_print
from chalicelib.domain.matching.model import MODEL, Model

__all__ = [
    "MODEL",
    "Comparison",
    "Language",
    "Model",
    "Reason",
    "compare",
    "contradicts",
    "explain",
    "match_keys",
    "name_print",
]
