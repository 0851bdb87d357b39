"""The matcher for the scorer of labelled sets: `run(records, info)`.

Records arrive one by one and go through the same functions as in the worker. What is said
of a pair is what is decided: the pair's own score where the machine joins its contacts by
it, else how alike the two contacts are as a whole, below the threshold of joining.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.domain.matching import MODEL, Model
from infra.matching.sets import card_of
from infra.matching.shop import Judged, Shop

EVERYTHING = -1_000_000


def run(records: Sequence[Mapping[str, str]], info: Mapping[str, Any]) -> dict[str, Any]:
    """Pairs with scores, and the model's two thresholds."""
    shop = Shop(replace(MODEL, unsure=EVERYTHING))  # pairs below the threshold are told too
    pairs = [
        told
        for number, row in enumerate(records)
        for judged in shop.arrive(card_of(row, number))
        for told in said(judged, MODEL)
    ]
    costs, looks = shop.shelf.costs, max(1, len(records))
    extra = {
        "contacts": len(shop.members),
        "key_reads": round(costs.keys / looks, 2),
        "candidates": round(costs.cards / looks, 2),
    }
    return {"pairs": pairs, "threshold": MODEL.unsure, "auto": MODEL.same, "extra": extra}


def said(judged: Judged, model: Model) -> list[tuple[str, str, float]]:
    """Each pair across the two contacts, with its score."""
    ruling = judged.ruling
    joined = ruling.comparison.verdict == "same"
    doubtful = min(ruling.likeness, model.same - 1)
    return [
        (*ids, score if joined and score >= model.same else doubtful)
        for ids, score in ruling.across.items()
    ]
