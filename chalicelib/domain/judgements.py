"""Judgements: what a model or a person said of two sets of records. Edges of the graph."""

from typing import Any, Literal

from chalicelib.domain.desk import Desk
from chalicelib.domain.model import Entity

Verdict = Literal["same", "different", "unsure", "retired"]
Mode = Literal["merge", "overwrite", "skip"]


class Judgement(Entity):
    """One verdict on two sets of records (one record each, but for `different`).

    A `same` edge says which records it lifts (their values win), which it mutes (theirs do
    not count) and for which fields whose word it picks, fixed when it was judged and in force
    only inside its contact. A `retired` one names in `a` the records of a contact that a
    person put away.
    """

    id: str
    verdict: Verdict
    a: tuple[str, ...]
    b: tuple[str, ...]
    by: str
    at: str
    mode: Mode = "merge"
    lifts: tuple[str, ...] = ()
    mutes: tuple[str, ...] = ()
    picks: dict[str, tuple[str, ...]] = {}

    @property
    def machine(self) -> bool:
        """Whether the model said it, not a person."""
        return self.by.startswith("model:")

    @property
    def pair(self) -> tuple[tuple[str, ...], ...]:
        """The two sets, in one order whoever is named first."""
        return tuple(sorted((self.a, self.b)))

    def concerns(self, records: frozenset[str]) -> bool:
        """Whether it names any of these records."""
        return not records.isdisjoint(self.a + self.b)

    def parts(self, ours: frozenset[str], theirs: frozenset[str]) -> bool:
        """Whether it names a record of each of the two sides, across."""
        a, b = frozenset(self.a), frozenset(self.b)
        return bool((a & ours and b & theirs) or (a & theirs and b & ours))


class Decision(Entity):
    """A judgement as it is kept for ever: with its reasons, its effect and its end.

    `merge` names the merge it belongs to (its own id when it stands alone); `effect` is what
    the first edge of a merge answers: contacts asked for, winner, losers, version. `desk` is
    how a question lies before the stewards; `rev` rises with every write to what stands here.
    """

    judgement: Judgement
    batch: str
    merge: str = ""
    score: int = 0
    reasons: tuple[dict[str, Any], ...] = ()
    contradictions: tuple[str, ...] = ()
    effect: dict[str, Any] = {}
    retracted_at: str = ""
    retracted_by: str = ""
    undo: dict[str, Any] = {}
    desk: Desk = Desk()
    rev: int = 0

    @property
    def again(self) -> "Decision":
        """The same in force, as it was before it ended."""
        return self.model_copy(update={"retracted_at": "", "retracted_by": "", "undo": {}})

    @property
    def final(self) -> bool:
        """Whether its own undo ended it, so that it is never in force again."""
        return bool(self.undo.get("for_good"))

    @property
    def end(self) -> dict[str, Any]:
        """How it ended, to be put on again."""
        return self.model_dump(include={"retracted_at", "retracted_by", "undo"})

    @property
    def open(self) -> bool:
        """Whether it is a question that waits for a person, now or later."""
        asks = self.judgement.verdict == "unsure" and not self.retracted_at
        return asks and not self.desk.settled

    @property
    def priority(self) -> int:
        """How soon a steward should see it; see `priority.py`."""
        return self.score + sum(side.points for side in self.desk.worth)

    @property
    def answer(self) -> Literal["same", "different", ""]:
        """What a person made of the machine's word: its question answered, its merge undone.

        A batch that is taken back as a whole says nothing of each pair.
        """
        if not self.judgement.machine or not self.reasons or not self.retracted_at:
            return ""
        if self.retracted_by.startswith("model:"):
            return ""
        if self.judgement.verdict == "same":
            return "different" if self.undo.get("batch") == f"undo-{self.judgement.id}" else ""
        given: Literal["same", "different", ""] = self.undo.get("verdict", "")
        return given
