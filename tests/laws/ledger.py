"""The ledger of the law on consent: each word that was ever told, by its own account.

When, of which record, by which batches; a word goes only with the last batch that told it.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

GIVEN, WITHDRAWN = "granted", "withdrawn"


@dataclass
class Word:
    """A word on consent of one record; it is over once nobody's batch tells it any more."""

    record: str
    status: str
    at: str
    proof: bool
    batches: set[str]


@dataclass
class Ledger:
    """Every word that counts."""

    words: list[Word] = field(default_factory=list)

    def tell(self, record: str, fact: dict[str, Any], batch: str) -> None:
        """One more word, or one more batch that says it."""
        word = Word(record, fact["status"], fact["occurred_at"], "proof" in fact, {batch})
        same = (w for w in self.words if _mark(w) == _mark(word))
        known = next(same, None)
        if known:
            known.batches.add(batch)
        else:
            self.words.append(word)

    def undo(self, batch: str) -> None:
        """What a person takes back with the very batch that brought it."""
        for word in self.words:
            word.batches.discard(batch)
        self.words = [word for word in self.words if word.batches]

    def says(self, records: Collection[str]) -> str:
        """What the words of these records come to: the law's own reading."""
        told = [w for w in self.words if w.record in records]
        ended = max((w.at for w in told if w.status == WITHDRAWN), default="")
        again = any(w.status == GIVEN and w.proof and w.at > ended for w in told)
        given = any(w.status == GIVEN for w in told)
        return (GIVEN if again else WITHDRAWN) if ended else (GIVEN if given else "unknown")


def _mark(word: Word) -> tuple[str, str, str, bool]:
    return word.record, word.status, word.at, word.proof
