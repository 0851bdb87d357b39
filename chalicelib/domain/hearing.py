"""What was heard of an interaction: every word is kept, and the newest that stands counts.

So a word that is taken back leaves what stood before it, or came late, to count again.
"""

from collections.abc import Iterable

from chalicelib.domain.interactions import ORDER, ORDERS, REST, Interaction, Whereabouts
from chalicelib.domain.model import Entity


class Heard(Entity):
    """A word on an interaction, as it is kept: `told` is the interaction by it, on the record
    to which it led; none where it takes it back.

    `also` are the batches that said the very same after `batch` did. `retracted_by` names the
    undo by which it counts no more.
    """

    source: str
    id: str
    stamp: str
    told: Interaction | None
    batch: str
    recorded_at: str
    also: tuple[str, ...] = ()
    retracted_by: str = ""

    @property
    def tellers(self) -> tuple[str, ...]:
        """The batches that said it."""
        return (self.batch, *self.also)


def counting(words: Iterable[Heard]) -> Heard | None:
    """The word that counts of some, the newest first: the newest that stands."""
    return next((w for w in words if not w.retracted_by), None)


def whereabouts_of(name: str, heard: Heard | None, rev: int = 0) -> Whereabouts:
    """What is known of an interaction by the word that counts; `name` is the hash of its id."""
    if heard is None or heard.told is None:
        return Whereabouts(stamp=heard.stamp if heard else "", rev=rev)
    told = heard.told
    return Whereabouts(
        stamp=heard.stamp,
        record=told.record,
        place=place_of(told, name),
        found_by=told.found_by,
        candidates=told.candidates,
        rev=rev,
    )


def place_of(told: Interaction, name: str) -> str:
    """Where it stands among its record's, in time order and unlike any other's.

    Orders stand apart, so that what was bought can be counted without reading the rest.
    """
    lane = ORDERS if told.kind == ORDER else REST
    return f"{lane}{told.occurred_at}#{told.source}#{name}"
