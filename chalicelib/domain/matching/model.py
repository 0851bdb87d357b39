"""The model: points per kind, field and level, and the two thresholds; read from a data file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True)
class Model:
    """Points in hundredths of a bit; `same` and `unsure` are the least scores of a verdict.

    A value borne by more than `cap` different names proves nothing by itself. `proofs` are the
    levels without one of which nothing is `same`: a father and a son may share their name,
    address and employer, so these never prove alone.
    """

    version: str
    same: int
    unsure: int
    cap: int
    proofs: Mapping[str, Mapping[str, list[str]]]
    weights: Mapping[str, Mapping[str, Mapping[str, int]]]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a model's file; its unknown or missing parts are errors."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def points(self, kind: str, field: str, level: str) -> int:
        """A level that the table does not name is neutral."""
        return self.weights[kind][field].get(level, 0)

    def proves(self, kind: str, field: str, level: str) -> bool:
        """Whether this level is evidence of one person's or company's own."""
        return level in self.proofs[kind].get(field, ())

    def spread(self, level: str, names: int) -> str:
        """The level of a shared value by how many different names bear it."""
        if level != "same" or names <= 1:
            return level
        if names > self.cap:
            return "crowded"
        return "same_two" if names == 2 else "same_few" if names <= 5 else "same_many"


MODEL = Model.load(Path(__file__).with_name("model-1.json"))
