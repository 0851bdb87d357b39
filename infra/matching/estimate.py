"""Weights from labelled pairs: a logistic regression whose coefficients are the points.

Each pair is a bag of words `field=level`, once plain and once with its column (how the names
stand), so that a column with few examples leans on all of them (L2). The sum of both is the
level's weight: log-odds, as in Fellegi and Sunter (1969), but estimated together, since the
evidence of one household (phone, address, surname) is not independent.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from chalicelib.domain.matching import Comparison
from chalicelib.domain.matching.model import ANY

POINTS = 100 / math.log(2)  # a nat in hundredths of a bit
_STEPS = 400
Weights = dict[str, dict[str, dict[str, int]]]


class Example(NamedTuple):
    """One pair's levels by field, and whether it is one person."""

    levels: tuple[tuple[str, str], ...]
    same: bool

    @property
    def column(self) -> str:
        """How the names stand."""
        return dict(self.levels)["names"]


def example_of(comparison: Comparison, same: bool) -> Example:
    """What there is to learn from a comparison whose outcome is known."""
    return Example(tuple((r.field, r.level) for r in comparison.reasons), same)


def estimate(examples: Sequence[Example], strength: float) -> Weights:
    """Points by field, column and level; `strength` is the inverse of the L2 penalty."""
    words: dict[str, int] = {}
    rows = [[words.setdefault(w, len(words)) for w in _words(e)] for e in examples]
    ends = [0]
    for row in rows:
        ends.append(ends[-1] + len(row))
    flat = [word for row in rows for word in row]
    matrix = csr_matrix(([1.0] * len(flat), flat, ends), shape=(len(rows), len(words)))
    fitted = LogisticRegression(C=strength, max_iter=_STEPS).fit(matrix, [e.same for e in examples])
    found = {word: float(fitted.coef_[0][n]) for word, n in words.items()}
    return _table(found, float(fitted.intercept_[0]))


def _words(example: Example) -> Iterable[str]:
    column = example.column
    for field, level in example.levels:
        yield f"{field}={level}"
        yield f"{field}|{column}={level}"


def _table(found: Mapping[str, float], intercept: float) -> Weights:
    """Each word with its column becomes a row: its own weight, the plain one's, and (where the
    names stand) the intercept.
    """
    table: Weights = defaultdict(lambda: defaultdict(dict))
    for word, weight in found.items():
        place, _, level = word.partition("=")
        field, with_column, column = place.partition("|")
        if with_column:
            plain = found[f"{field}={level}"] + (intercept if field == "names" else 0.0)
            table[field][column][level] = round(POINTS * (weight + plain))
        elif field != "names":
            table[field][ANY][level] = round(POINTS * weight)
    return {
        f: {c: dict(sorted(t.items())) for c, t in sorted(cs.items())} for f, cs in table.items()
    }
