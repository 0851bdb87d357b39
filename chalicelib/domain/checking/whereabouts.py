"""Interactions against their words: what is known of one, and its row, are the fold of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.domain.hearing import Heard, counting, whereabouts_of
from chalicelib.domain.interactions import Interaction, Whereabouts

Spot = tuple[str, str]
"""A record and a place among its interactions."""


@dataclass(frozen=True)
class Told:
    """What stands of the interaction of that name, where it was looked for.

    `known` is what is known of it, `words` all that was said, the newest first, `rows` what is
    not gone: where it is known to stand, and where the word that counts puts it at the least.
    """

    name: str
    known: Whereabouts
    words: Sequence[Heard]
    rows: Mapping[Spot, Interaction]

    @property
    def after(self) -> Whereabouts:
        """What should be known of it."""
        if self._left:
            return self.known
        return whereabouts_of(self.name, counting(self.words), self.known.rev)

    @property
    def wanted(self) -> Mapping[Spot, Interaction]:
        """The row that should stand, if any."""
        counts = counting(self.words)
        if self._left:
            return self.rows
        return {spot_of(self.after): counts.told} if counts and counts.told else {}

    @property
    def is_astray(self) -> bool:
        """Whether it is otherwise than its words say."""
        return (self.after, self.wanted) != (self.known, self.rows)

    @property
    def is_lost(self) -> bool:
        """Whether no word says how it is, though it was told."""
        return not self.words or self._left

    @property
    def _left(self) -> bool:
        """Whether the word by which it is as it is does not stand, and all else speaks for it."""
        if any(word.stamp >= self.known.stamp for word in self.words):
            return False
        said = [word.told for word in self.words]
        untold = any(row not in said for row in self.rows.values())
        return untold or not (self.rows or self.known.place)


def spot_of(known: Whereabouts) -> Spot:
    """Where an interaction is known to stand."""
    return known.record, known.place
