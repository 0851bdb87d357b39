"""One look: who in the store may be the same as this record? Pure but for the shelf it reads.

    keys -> rows of each (up to its cap) -> the nearest records by shared keys -> their cards
    -> compare -> pairs, the best first

The worker, the question "who is this?", the rehearsal of a model and the benchmarks all
look through here; each brings its own shelf.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple, Protocol

from chalicelib.domain.matching.comparing import NAMESAKES, Comparison, compare
from chalicelib.domain.matching.features import Features
from chalicelib.domain.matching.keys import cap_of, given_print, match_keys, name_print
from chalicelib.domain.matching.model import Model

CANDIDATES_CAP = 20
_COUNTED = ("email", "phone", "birth")
_CERTAIN = ("id", "birth")
_GUESSES = ("letters", "start")
Hide = Callable[[str], str]


class Note(NamedTuple):
    """What a key's row says of its record without a look at it.

    `givens` and `name` are prints of its names, hidden; `contact` is the contact that it
    belonged to when it was last matched.
    """

    givens: frozenset[str]
    name: str
    contact: str

    def text(self) -> str:
        """As it is stored."""
        return f"{','.join(sorted(self.givens))} {self.name} {self.contact}"

    @classmethod
    def of(cls, text: str) -> "Note":
        """From the stored text."""
        givens, name, contact = text.split(" ")
        return cls(frozenset(givens.split(",")) if givens else frozenset(), name, contact)


class Card(NamedTuple):
    """A record, ready to compare: what it says, who told it and how old it is."""

    id: str
    source: str
    first_seen: str
    seen: Features

    def text(self) -> str:
        """As it is stored."""
        return "\n".join((self.source, self.first_seen, self.seen.card()))

    @classmethod
    def of(cls, record: str, text: str) -> "Card":
        """From the stored text."""
        source, first_seen, seen = text.split("\n", 2)
        return cls(record, source, first_seen, Features.of_card(seen))

    @property
    def age(self) -> tuple[str, str]:
        """Sorts records from the oldest to the youngest, the same way for ever."""
        return (self.first_seen, self.id)


class Pair(NamedTuple):
    """A record and a candidate, compared."""

    record: Card
    candidate: Card
    comparison: Comparison


class Shelf(Protocol):
    """Where rows and cards stand. `hide` makes a print of a plain text, always the same."""

    def hide(self, plain: str) -> str:
        """The print."""

    def rows(self, key: str, limit: int) -> Sequence[tuple[str, Note]]:
        """The records under a plain key, at most so many, with the notes on them."""

    def cards(self, records: Sequence[str]) -> Iterable[Card]:
        """The cards of these records, in any order; one that is gone is left out."""


def note_of(seen: Features, contact: str, hide: Hide) -> Note:
    """What the rows of a record say of it."""
    name = name_print(seen)
    return Note(frozenset(map(hide, given_print(seen))), hide(name) if name else "", contact)


class Looked(NamedTuple):
    """What a look found: the pairs that are more than nothing, the best first, and by how
    many the record's mailboxes, phones and name are shared.
    """

    pairs: list[Pair]
    shared: dict[str, int]


def look(shelf: Shelf, card: Card, own: Collection[str], model: Model) -> Looked:
    """Look for a record; `own` are records that are no namesakes.

    For the worker that is the record itself. Its contact's others are counted, so that a match
    that is repeated after a crash, or after an update, sees what the first one saw.
    """
    rows = {key: shelf.rows(key, cap_of(key) + 1) for key in match_keys(card.seen)}
    ours = note_of(card.seen, "", shelf.hide)
    shared = counts(rows, ours.name, own)
    cards = shelf.cards(_nearest(rows, card.id, ours.givens))
    return Looked(ranked(card, cards, shared, model), shared)


def ranked(
    card: Card, candidates: Iterable[Card], shared: Mapping[str, int], model: Model
) -> list[Pair]:
    """Compare a record with candidates; those that are more than nothing, the best first."""
    judge = partial(compare, card.seen, shared=shared, model=model)
    pairs = [Pair(card, c, judge(c.seen)) for c in candidates]
    telling = [p for p in pairs if p.comparison.verdict != "none"]
    return sorted(telling, key=lambda p: (-p.comparison.score, p.candidate.age))


def counts(
    rows: Mapping[str, Sequence[tuple[str, Note]]], name: str, own: Collection[str]
) -> dict[str, int]:
    """How many names bear each mailbox, phone and birth date, and how many contacts the name,
    the records of one's `own` left out.
    """
    shared = {}
    namesakes = set()
    for key, found in rows.items():
        kind = key.partition("=")[0]
        if kind in _COUNTED:
            shared[key] = len(({note.name for _, note in found} | {name}) - {""})
        elif kind == "name":
            namesakes |= {note.contact for record, note in found if record not in own}
    return shared | {NAMESAKES: len(namesakes)}


def _nearest(
    rows: Mapping[str, Sequence[tuple[str, Note]]], own: str, givens: frozenset[str]
) -> list[str]:
    """Those that share most keys. Who is known to have another given name is passed over,
    unless an identifier leads to it: of a household only its namesakes are read. A key that
    only guesses leads nowhere alone.
    """
    found: Counter[str] = Counter()
    for key, listed in rows.items():
        weight = 1 if key.startswith(_GUESSES) else 2
        certain = key.startswith(_CERTAIN)
        if len(listed) <= cap_of(key):
            found.update(
                {
                    record: weight
                    for record, note in listed
                    if certain or not (givens and note.givens and givens.isdisjoint(note.givens))
                }
            )
    found.pop(own, None)
    near = [record for record, shared in found.items() if shared > 1]
    return sorted(near, key=lambda r: (-found[r], r))[:CANDIDATES_CAP]
