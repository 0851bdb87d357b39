"""The model: points per column, field and level, and the thresholds; read from a data file."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

if TYPE_CHECKING:
    from chalicelib.domain.matching.comparing import Reason

ANY = "any"
Table = Mapping[str, Mapping[str, Mapping[str, int]]]
Levels = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Model:
    """Points in hundredths of a bit; `same` and `unsure` are the least scores of a verdict.

    `weights` are by field, column (how the names stand) and level. `spreads` say into which
    level an equal value falls by how many bear it: (at most, level), the last one without end.
    Nothing is `same` without one of the `proofs`, whatever its score: a father and a son may
    share their name, address and employer. A proof needs a level of each of its fields, and
    holds unless one of the others stands beside them: two private mailboxes and one phone may
    be a household.
    `weakest` is the least score that any two records of two contacts may have that the
    machine joins, `most` the most records that it gathers in one contact.
    """

    version: str
    about: str
    same: int
    unsure: int
    weakest: int
    most: int
    spreads: Mapping[str, Sequence[tuple[int | None, str]]]
    proofs: Sequence[Mapping[Literal["needs", "unless"], Levels]]
    weights: Table

    @property
    def by(self) -> str:
        """Who decides, in the words of a judgement."""
        return f"model:{self.version}"

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """A model from its JSON; unknown or missing parts are errors."""
        return cls(**data)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a model's file."""
        return cls.of(json.loads(path.read_text(encoding="utf-8")))

    def points(self, column: str, field: str, level: str) -> int:
        """The column's word on a level, else that of any column; else it is neutral."""
        columns = self.weights.get(field, {})
        found = columns.get(column, {}).get(level)
        return columns.get(ANY, {}).get(level, 0) if found is None else found

    def spread(self, field: str, level: str, bearers: int) -> str:
        """The level of an equal value by how many bear it."""
        steps = self.spreads.get(field)
        if level != "same" or not steps or not bearers:
            return level
        return next(name for most, name in steps if most is None or bearers <= most)

    def verdict(
        self, score: int, reasons: Sequence["Reason"], contradicted: bool
    ) -> Literal["same", "unsure", "none"]:
        """`same` where the score, a proof and no contradiction allow it."""
        if score < self.unsure:
            return "none"
        if score < self.same or contradicted:
            return "unsure"
        return "same" if self._proved(reasons) else "unsure"

    def _proved(self, reasons: Sequence["Reason"]) -> bool:
        found = {reason.field: reason.level for reason in reasons}
        return any(
            all(found.get(field) in levels for field, levels in proof["needs"].items())
            and not any(found.get(field) in levels for field, levels in proof["unless"].items())
            for proof in self.proofs
        )


MODEL = Model.load(Path(__file__).with_name("model-2.json"))
