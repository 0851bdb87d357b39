"""How well pairs agree with the truth: raw, and after what is linked is closed into groups."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

Pair = tuple[str, str]
Scored = tuple[str, str, float]
_CUTS = 20


class Agreement(NamedTuple):
    """Of pairs: the share that is right, the share of the true ones found, and F1 of both."""

    precision: float
    recall: float
    f1: float


class Truth:
    """Who each record is. Where sources are named, only pairs across two of them count."""

    def __init__(self, entity: Mapping[str, str], source: Mapping[str, str] | None = None) -> None:
        self.entity = entity
        self._source = source
        groups = defaultdict(list)
        for record, whose in entity.items():
            groups[whose].append(record)
        self.pairs = sum(map(self._inside, groups.values()))

    def counts(self, pair: Pair) -> bool:
        """Whether a pair is asked about at all."""
        return self._source is None or self._source[pair[0]] != self._source[pair[1]]

    def pairwise(self, pairs: Sequence[Pair]) -> Agreement:
        """How well raw pairs agree."""
        right = sum(self.entity[a] == self.entity[b] for a, b in pairs)
        return self._agreement(right, len(pairs))

    def closed(self, pairs: Iterable[Pair]) -> tuple[Agreement, int]:
        """How well groups of linked records agree, and how many groups hold two people."""
        right = told = dirty = 0
        for group in groups_of(pairs):
            people = defaultdict(list)
            for record in group:
                people[self.entity[record]].append(record)
            told += self._inside(group)
            right += sum(map(self._inside, people.values()))
            dirty += len(people) > 1
        return self._agreement(right, told), dirty

    def _inside(self, group: Sequence[str]) -> int:
        """The pairs in a group that count."""
        if self._source is None:
            return _pairs(len(group))
        by_source = Counter(self._source[record] for record in group)
        return _pairs(len(group)) - sum(map(_pairs, by_source.values()))

    def _agreement(self, right: int, told: int) -> Agreement:
        precision = right / told if told else 1.0
        recall = right / self.pairs if self.pairs else 1.0
        both = precision + recall
        return Agreement(precision, recall, 2 * precision * recall / both if both else 0.0)


class Report(NamedTuple):
    """At the threshold of review, at the best cut of it, and of what is joined unasked."""

    completeness: float
    review: Agreement
    closed_best: float
    automatic: Agreement
    automatic_closed: Agreement
    dirty: int


def report(truth: Truth, scored: Iterable[Scored], review: float, automatic: float) -> Report:
    """Judge scored pairs; of a pair that was scored twice the best counts."""
    best: dict[Pair, float] = {}
    for a, b, score in scored:
        pair = (min(a, b), max(a, b))
        if truth.counts(pair):
            best[pair] = max(score, best.get(pair, score))

    def over(cut: float) -> list[Pair]:
        return [pair for pair, score in best.items() if score >= cut]

    scores = sorted(best.values())
    cuts = {scores[len(scores) * n // _CUTS] for n in range(_CUTS)} | {review, automatic}
    joined, dirty = truth.closed(over(automatic))
    return Report(
        truth.pairwise(list(best)).recall,
        truth.pairwise(over(review)),
        max(truth.closed(over(cut))[0].f1 for cut in cuts),
        truth.pairwise(over(automatic)),
        joined,
        dirty,
    )


def groups_of(pairs: Iterable[Pair]) -> list[list[str]]:
    """The records that links hold together."""
    home: dict[str, list[str]] = {}
    for a, b in pairs:
        ours, theirs = home.setdefault(a, [a]), home.setdefault(b, [b])
        if ours is not theirs:
            ours += theirs
            home |= dict.fromkeys(theirs, ours)
    return list({id(group): group for group in home.values()}.values())


def _pairs(count: int) -> int:
    return count * (count - 1) // 2
