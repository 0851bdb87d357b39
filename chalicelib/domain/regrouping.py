"""Regrouping: which contacts a model would make of the records of some contacts. Pure.

What the machine joined is taken apart in thought; what people joined, and what hangs on a
record that says nothing any more, stays. Then, the best pair first, groups are joined
wherever the rule that the worker follows says `same`. How many contacts bear a name is
counted on the outcome, so this is repeated until it stands: it depends on evidence and on
people's words, not on the order in which records came.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from chalicelib.domain.deciding import card_of
from chalicelib.domain.evidence import Record
from chalicelib.domain.graph import MEMBERS_CAP, Contact, components, united
from chalicelib.domain.judgements import Judgement, Mode
from chalicelib.domain.matching import NAMESAKES, Card, Model, Pair, compare, rule

Group = frozenset[str]
Shared = Mapping[str, int]
Homes = dict[str, Group]
ROUNDS = 6


class Sighting(NamedTuple):
    """Two records that may be the same.

    `mode` is what the source of the younger one does with a duplicate; None where it leaves
    that to a person.
    """

    record: Card
    candidate: Card
    mode: Mode | None

    @property
    def ends(self) -> tuple[str, str]:
        """Their ids."""
        return self.record.id, self.candidate.id


class Accepted(NamedTuple):
    """A sighting that is the same, compared, and how widely its values are shared."""

    pair: Pair
    shared: Shared
    mode: Mode | None


@dataclass(frozen=True)
class Sights:
    """What looks found: pairs, and of each record that was looked for how widely its values
    are shared, and who bears its name (records, each with the contact that it is noted in).
    """

    pairs: Sequence[Sighting]
    shared: Mapping[str, Shared]
    bearers: Mapping[str, Mapping[str, str]]

    def among(self, homes: Homes, a: str, b: str) -> Shared:
        """How widely the values of a record are shared, for one pair and in these groups.

        A candidate counts as a namesake in any case, as it does when the worker finds it.
        """
        ours = homes[a]
        contacts = {homes.get(r) or contact for r, contact in self.bearers[a].items()}
        return {**self.shared[a], NAMESAKES: len(contacts - {ours}) + (homes[b] == ours)}


@dataclass(frozen=True)
class Regrouped:
    """The group of each record, and the way there: edges to retract, then to add."""

    homes: Homes
    parted: tuple[Judgement, ...]
    joined: tuple[Accepted, ...]

    @property
    def groups(self) -> list[Group]:
        """Each group once."""
        return list(dict.fromkeys(self.homes.values()))


def regroup(contacts: Sequence[Contact], sights: Sights, model: Model) -> Regrouped:
    """Group the records of these contacts as the model would, people's words untouched."""
    records = {r.id: r for c in contacts for r in c.records.values()}
    words = united(j for c in contacts for j in c.head.judgements)
    edges = [j for j in words if j.verdict == "same"]
    kept = [e for e in edges if not _loose(e, records)]
    homes: Homes = dict.fromkeys(records, frozenset(records))  # at first: the most that may be
    accepted: list[Accepted] = []
    for _ in range(ROUNDS):
        table = _Table(contacts, words, kept, model)
        before, accepted = homes, [a for a in _ranked(sights, homes, model) if table.take(a)]
        homes = table.homes
        if homes == before:
            break
    parted = [e for e in edges if homes[e.a[0]] != homes[e.b[0]]]
    standing = components(records, [e for e in edges if e not in parted])
    return Regrouped(homes, tuple(parted), tuple(_needed(standing, accepted)))


def _loose(edge: Judgement, records: Mapping[str, Record]) -> bool:
    """Whether the model may take the edge back: its own, between records that speak."""
    return edge.machine and all(records[r].alive for r in edge.a + edge.b)


def _ranked(sights: Sights, homes: Homes, model: Model) -> list[Accepted]:
    """The pairs that are the same, counted in these groups, the best first."""
    compared = (_compared(s, sights.among(homes, *s.ends), model) for s in sights.pairs)
    same = [a for a in compared if a.pair.comparison.verdict == "same"]
    return sorted(same, key=lambda a: _rank(a.pair))


def _compared(sighting: Sighting, shared: Shared, model: Model) -> Accepted:
    a, b, mode = sighting
    return Accepted(Pair(a, b, compare(a.seen, b.seen, shared, model)), shared, mode)


def _rank(pair: Pair) -> tuple[int, list[str]]:
    """Sorts the best first, the same way for ever, whoever came first."""
    return -pair.comparison.score, sorted((pair.record.id, pair.candidate.id))


class _Table:
    """Records on the table, in the groups that they make so far."""

    def __init__(
        self,
        contacts: Sequence[Contact],
        words: Sequence[Judgement],
        kept: Iterable[Judgement],
        model: Model,
    ) -> None:
        records = {r.id: r for c in contacts for r in c.records.values()}
        self._contact = {r: c.head.id for c in contacts for r in c.records}
        self._cards = {r.id: card_of(r) for r in records.values() if r.alive}
        self._apart = [j for j in words if j.verdict == "different" and not j.machine]
        self._model = model
        self.homes: Homes = {r: g for g in components(records, kept) for r in g}

    def take(self, accepted: Accepted) -> bool:
        """Join the groups of a pair if the machine may; whether it did."""
        a, b = accepted.pair.record.id, accepted.pair.candidate.id
        if self.homes[a] == self.homes[b] or not self._may(accepted, a, b):
            return False
        whole = self.homes[a] | self.homes[b]
        self.homes.update(dict.fromkeys(whole, whole))
        return True

    def _may(self, accepted: Accepted, a: str, b: str) -> bool:
        ours, theirs = self.homes[a], self.homes[b]
        if accepted.mode is None and self._contact[a] != self._contact[b]:
            return False  # what stands is not parted because a source has become careful
        if len(ours) + len(theirs) > MEMBERS_CAP or any(j.parts(ours, theirs) for j in self._apart):
            return False
        ruling = rule(
            accepted.pair, self._said(ours), self._said(theirs), accepted.shared, self._model
        )
        return ruling.comparison.verdict == "same"

    def _said(self, group: Group) -> list[Card]:
        cards = (self._cards[r] for r in group if r in self._cards)
        return sorted(cards, key=lambda card: card.age)


def _needed(standing: Iterable[Group], accepted: Iterable[Accepted]) -> Iterator[Accepted]:
    """Of the accepted pairs those that join what no standing edge holds together."""
    homes = {r: group for group in standing for r in group}
    for one in accepted:
        a, b = one.pair.record.id, one.pair.candidate.id
        if homes[a] != homes[b]:
            whole = homes[a] | homes[b]
            homes.update(dict.fromkeys(whole, whole))
            yield one


def reach(start: Group, groups: Iterable[Group]) -> Group:
    """All records that hang together with these through the groups, old ones and new ones."""
    known, inside = list(groups), start
    while True:
        wider = inside.union(*(g for g in known if g & inside))
        if wider == inside:
            return inside
        inside = wider
