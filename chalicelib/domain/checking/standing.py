"""All that stands of one contact, read together to be checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chalicelib.domain.evidence import Record, Statement
from chalicelib.domain.graph import Head
from chalicelib.domain.judgements import Decision
from chalicelib.domain.purchases import Bought
from chalicelib.domain.survivorship import DEFAULTS, Rules
from chalicelib.domain.versions import Version


@dataclass(frozen=True)
class Standing:
    """What does not stand is left out.

    `pointers` are the heads under the ids of its members, and where a stub leads to; `records`
    and `statements` those of its members, `bought` what the orders of each say that it bought,
    `decisions` those of its judgements, `rules` those by which its head was settled.
    """

    head: Head
    pointers: Mapping[str, Head] = field(default_factory=dict)
    records: Mapping[str, Record] = field(default_factory=dict)
    statements: Mapping[str, Sequence[Statement]] = field(default_factory=dict)
    bought: Mapping[str, Bought | None] = field(default_factory=dict)
    versions: Sequence[Version] = ()
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    rules: Rules = DEFAULTS

    @property
    def whole(self) -> bool:
        """Whether every member's record stands: else nothing can be rebuilt."""
        return self.records.keys() == set(self.head.members)
