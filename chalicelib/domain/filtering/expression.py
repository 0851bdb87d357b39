"""A parsed filter: a tree of four kinds of node, each of which can judge a contact."""

from dataclasses import dataclass
from datetime import date

from chalicelib.domain.filtering.terms import TERMS, Contact


@dataclass(frozen=True)
class Has:
    """The contact has this value under this term; a name is matched by its beginning."""

    term: str
    value: str

    def holds(self, contact: Contact) -> bool:
        return TERMS[self.term].matches(contact, self.value)


@dataclass(frozen=True)
class Not:
    """The part does not hold."""

    part: "Expression"

    def holds(self, contact: Contact) -> bool:
        return not self.part.holds(contact)


@dataclass(frozen=True)
class AllOf:
    """Every part holds; without parts it holds for every contact."""

    parts: tuple["Expression", ...]

    def holds(self, contact: Contact) -> bool:
        return all(part.holds(contact) for part in self.parts)


@dataclass(frozen=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple["Expression", ...]

    def holds(self, contact: Contact) -> bool:
        return any(part.holds(contact) for part in self.parts)


Expression = Has | Not | AllOf | AnyOf
EVERYONE = AllOf(())


def dated(expression: Expression, today: date) -> Expression:
    """The same, with what hangs on the clock as it is meant on this day."""
    match expression:
        case Has(term, value):
            at = TERMS[term].dated
            return Has(term, at(value, today)) if at else expression
        case Not(part):
            return Not(dated(part, today))
        case AllOf(parts):
            return AllOf(tuple(dated(part, today) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(dated(part, today) for part in parts))
