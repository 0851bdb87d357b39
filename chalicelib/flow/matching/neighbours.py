"""The neighbourhood of a contact: whoever the model may hold to be the same, and their like."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from chalicelib.domain.deciding import cards_of, policy
from chalicelib.domain.errors import TooLargeError
from chalicelib.domain.graph import MEMBERS_CAP, Contact
from chalicelib.domain.judgements import Mode
from chalicelib.domain.matching import NAMESAKES, Card, Model, Note, compare, look
from chalicelib.domain.regrouping import Sighting, Sights
from chalicelib.domain.sources import Source
from chalicelib.flow import registry
from chalicelib.flow.matching.look import StoredShelf
from chalicelib.flow.ports import Ports
from chalicelib.store import contacts

_NAME = "name="


@dataclass(frozen=True)
class Neighbourhood:
    """Contacts, and what looks for their records found."""

    contacts: Sequence[Contact]
    sights: Sights


def around(ports: Ports, contact: Contact, model: Model) -> Neighbourhood:
    """All contacts that looks lead to from this one; `TooLargeError` where they are too many."""
    return _Walk(ports, model).around(contact)


class _NotingShelf(StoredShelf):
    """A shelf that remembers who bears the name that was looked for."""

    def __init__(self, ports: Ports) -> None:
        super().__init__(ports)
        self.bearers: dict[str, str] = {}

    def rows(self, key: str, limit: int) -> Sequence[tuple[str, Note]]:
        found = super().rows(key, limit)
        if key.startswith(_NAME):
            self.bearers |= {record: note.contact for record, note in found}
        return found


class _Walk:
    def __init__(self, ports: Ports, model: Model) -> None:
        self._ports, self._model = ports, model
        self._sources: dict[str, Source | None] = {}
        self._home: dict[str, Contact] = {}
        self._shared: dict[str, Mapping[str, int]] = {}
        self._bearers: dict[str, Mapping[str, str]] = {}

    def around(self, contact: Contact) -> Neighbourhood:
        found, pairs = [contact], list[tuple[Card, Card]]()
        self._enter(contact)
        for one in found:  # it grows while it is read
            near = self._pairs(one)
            found += [other for _, card in near if (other := self._met(card))]
            pairs += [(card, other) for card, other in near if self._speaks(other)]
        sightings = [Sighting(a, b, self._mode(a, b)) for a, b in pairs]
        return Neighbourhood(found, Sights(sightings, self._shared, self._bearers))

    def _enter(self, contact: Contact) -> None:
        self._home |= dict.fromkeys(contact.records, contact)
        if len(self._home) > MEMBERS_CAP:
            raise TooLargeError("Too many contacts hang together by what they share.")

    def _met(self, card: Card) -> Contact | None:
        """The candidate's contact, if it is met for the first time."""
        if card.id in self._home:
            return None
        other = contacts.load(self._ports.items, card.id)
        if other:
            self._enter(other)
        return other

    def _speaks(self, card: Card) -> bool:
        home = self._home.get(card.id)
        return home is not None and home.records[card.id].alive

    def _pairs(self, contact: Contact) -> list[tuple[Card, Card]]:
        """Who may be the same as its records: whom looks find, whom its edges join already."""
        cards = {card.id: card for card in cards_of(contact)}
        found = [p for card in cards.values() for p in self._look(card, contact.head.members)]
        edges = [e for e in contact.head.edges if e.machine]
        joined = ([cards[r] for r in e.a + e.b if r in cards] for e in edges)
        return found + [(a, b) for ends in joined for a, b in permutations(ends, 2)]

    def _look(self, card: Card, own: Collection[str]) -> list[tuple[Card, Card]]:
        """Those that would be the same if nobody else bore the name: that is counted later."""
        shelf = _NotingShelf(self._ports)
        looked = look(shelf, card, own, self._model)
        self._shared[card.id], self._bearers[card.id] = looked.shared, shelf.bearers
        alone = {**looked.shared, NAMESAKES: 1}
        told = ((p, compare(card.seen, p.candidate.seen, alone, self._model)) for p in looked.pairs)
        return [(card, p.candidate) for p, judged in told if judged.verdict == "same"]

    def _mode(self, a: Card, b: Card) -> Mode | None:
        younger = max(a, b, key=lambda card: card.age)
        name = younger.source
        if name not in self._sources:
            self._sources[name] = registry.find(self._ports, Source, name)
        return policy(self._home[younger.id].records[younger.id], self._sources[name])
