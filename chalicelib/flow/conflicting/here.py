"""Here: what a contact has in the fields of a target, and who said so."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from chalicelib.domain.adopting import ShownAs, adopting, adopting_for_now
from chalicelib.domain.edits import Words
from chalicelib.domain.evidence import time_of
from chalicelib.domain.golden import Elected, elect
from chalicelib.domain.graph import Contact
from chalicelib.domain.mapping.catalogue import mapper_of
from chalicelib.domain.pins import by_person, standing
from chalicelib.domain.routing import projection
from chalicelib.domain.sources import Target
from chalicelib.domain.versions import Version
from chalicelib.domain.voices import voices
from chalicelib.flow.listing.membership import why_not_now
from chalicelib.flow.ports import Ports
from chalicelib.flow.ruling import rules
from chalicelib.store import contacts, deliveries


@dataclass(frozen=True)
class Here:
    """A contact that a target should have: `shown` is what that sees of it."""

    target: Target
    contact: Contact
    version: Version
    golden: Mapping[str, Elected]
    shown: Mapping[str, Any]

    def said_at(self, field: str) -> str:
        """When what stands in a field was said, of a list the latest of it."""
        won = self.golden.get(field)
        if won is None:
            return self.version.recorded_at
        records = self.contact.records
        stamps = [
            records[r].fields[field].stamp for r, _ in won.shares if field in records[r].fields
        ]
        stamps += [won.stamp, *(pin.stamp for pin in self._pins.get(field, ()))]
        return max(map(time_of, stamps))

    def is_fixed(self, field: str) -> bool:
        """Whether a person said what stands there: then no rule overrules it."""
        return by_person(self._pins.get(field, ()))

    @cached_property
    def _pins(self) -> Mapping[str, Any]:
        return standing(voices(self.contact.records.values(), self.contact.head.judgements))

    def adopt(self, field: str, theirs: Any) -> Words:
        """The words by which the field becomes what the target has."""
        value = self.golden[field].value if field in self.golden else None
        return adopting(field, theirs, value, self.shown.get(field), self._shown_as(field))

    def adopt_for_now(self, field: str, theirs: Any) -> Words:
        """The same, until a source says something new."""
        said = [r.values().get(field) for r in self.contact.records.values()]
        return adopting_for_now(self.adopt(field, theirs), [v for v in said if v is not None])

    def _shown_as(self, field: str) -> ShownAs:
        mapper = mapper_of(self.target.kind, self.target.mapping)
        assert mapper  # there are conflicts only where there is a mapping

        def shown_as(element: Any) -> Any:
            return next(iter(mapper.projection({field: [element]}).get(field) or ()), None)

        return shown_as


def here(ports: Ports, target: Target, contact_id: str) -> Here | None:
    """What stands under an id now; None where the target should not have it.

    Raises `Conflict` when the contact is being moved at this very moment.
    """
    contact = contacts.load(ports.items, contact_id)
    if contact is None or contact.head.status != "active":
        return None
    head = contact.head
    version = contacts.version(ports.items, head.id, head.version)
    known = deliveries.known(ports.items, target.id, head.id)
    if why_not_now(ports, target, known, head, version):
        return None
    golden = elect(contact.records.values(), head.judgements, rules.of_head(ports, head.rules))
    return Here(target, contact, version, golden, projection(target, version))
