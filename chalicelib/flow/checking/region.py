"""Regions: the contacts that hang together with a fault, with all that stands of them."""

from collections.abc import Callable, Iterable, Mapping

from chalicelib.domain.checking import fold
from chalicelib.domain.evidence import Record
from chalicelib.domain.graph import MEMBERS_CAP, Head
from chalicelib.domain.judgements import Decision
from chalicelib.domain.mending import Region
from chalicelib.domain.sources import Target
from chalicelib.domain.versions import Version
from chalicelib.flow import registry
from chalicelib.flow.checking.standing import (
    bought,
    decisions,
    heads,
    homes,
    last_version,
    records,
)
from chalicelib.flow.ports import Ports
from chalicelib.store import contacts, deliveries

Gathered = Callable[[str], Iterable[str]]


class Walk:
    """Walks from id to id, by whatever says that two belong together.

    `named` are judgements to begin with, `gathered` names those of a record that were found
    elsewhere than on its head.
    """

    def __init__(
        self,
        ports: Ports,
        named: Mapping[str, Decision] | None = None,
        gathered: Gathered = lambda _: (),
    ) -> None:
        self._ports, self._gathered = ports, gathered
        self.heads: dict[str, Head] = {}
        self.records: dict[str, Record] = {}
        self.versions: dict[str, Version] = {}
        self.decisions = dict(named or {})
        self._seen: set[str] = set()

    def around(self, seeds: Iterable[str]) -> "Walk":
        """Go on until nothing new is reached, or more than one contact can hold.

        What a head guards is read (again) when all heads have been: law 3.
        """
        ahead = [seed for seed in seeds if seed]
        while ahead and not self.is_large():
            ahead = [i for i in self._enter(ahead) if i not in self._seen] or self._unsettled()
        self.records = records(self._ports.items, sorted(self._seen))
        self._read_guarded(self._seen, self.decisions)
        return self

    def _read_guarded(self, ids: Iterable[str], named: Iterable[str]) -> None:
        self.decisions |= decisions(self._ports.items, named)
        for name in sorted(ids):
            if last := last_version(self._ports.items, name):
                self.versions[name] = last

    def _enter(self, ids: Iterable[str]) -> list[str]:
        fresh = sorted(set(ids) - self._seen)
        self._seen.update(fresh)
        self.heads |= heads(self._ports.items, fresh)
        named = [j.id for i in fresh if i in self.heads for j in self.heads[i].judgements]
        named += [j for i in fresh for j in self._gathered(i)]
        self._read_guarded(fresh, named)
        return [linked for i in fresh for linked in self._linked(i)]

    def _linked(self, name: str) -> list[str]:
        """The ids that belong to this one: pointer, members, edges of its own."""
        head, last = self.heads.get(name), self.versions.get(name)
        found = [head.into, *head.members, *head.unmatched] if head else []
        found += last.members if last else []
        kept = [d.judgement for d in self.decisions.values() if not d.retracted_at]
        carried = list(head.judgements) if head else []
        edges = [j for j in kept + carried if j.verdict == "same"]
        found += [r for e in edges if e.concerns(frozenset({name})) for r in e.a + e.b]
        return [r for r in found if r]

    def _unsettled(self) -> list[str]:
        """Records outside whose contacts disagree with a judgement of ours."""
        found = []
        for decision in self.decisions.values():
            judgement = decision.judgement
            outside = {*judgement.a, *judgement.b} - self._seen
            for record, home in homes(self._ports.items, outside).items():
                carries = home.judged(judgement.id) == judgement
                if carries != (not decision.retracted_at):
                    found.append(record)
        return found

    def region(self) -> Region:
        """What was walked over; records as their statements and orders make them."""
        folded = {name: self._folded(record) for name, record in self.records.items()}
        lost = [i for i in self.records if i not in self.heads]
        revs = {i: self._rev(i) for i in lost}
        return Region(self.heads, folded, self.versions, self.decisions, revs)

    def _folded(self, record: Record) -> Record:
        items = self._ports.items
        told = fold(record, contacts.told(items, record.id))
        return told.model_copy(update={"bought": bought(items, record.id)})

    def is_large(self) -> bool:
        """Whether more hangs together than one contact may hold: it was not walked to the end."""
        return len(self._seen) > MEMBERS_CAP

    def is_lost(self) -> bool:
        """Whether a record does not stand: nothing can be rebuilt without it."""
        named = {m for h in self.heads.values() for m in h.members}
        named |= {m for v in self.versions.values() for m in v.members}
        return not named <= self.records.keys()

    def _rev(self, contact: str) -> int:
        """A lost head's `rev`, at least: what its last version and the targets knew of it."""
        targets = [t.id for t in registry.listed(self._ports, Target)]
        rows = (deliveries.find(self._ports.items, t, contact) for t in targets)
        last = self.versions.get(contact)
        return max([last.number if last else 0, *(row.wanted for row in rows if row)])
