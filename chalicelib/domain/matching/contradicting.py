"""What two records cannot both say of one person or company: the machine's vetoes."""

from collections.abc import Iterable

from chalicelib.domain.matching.facts_compared import birth_level, identifier_level
from chalicelib.domain.matching.features import COMPANY_IDENTIFIERS, Features

_REGON_BASE = 9


def contradictions(a: Features, b: Features, given: str) -> tuple[str, ...]:
    """The contradicted facts' names, sorted; empty when none is. Symmetric.

    `given` is the level of the two given names.
    """
    return tuple(sorted(_found(a, b, given)))


def _found(a: Features, b: Features, given: str) -> Iterable[str]:
    if a.company != b.company:
        yield "kind"
        return
    yield from _identifiers(a, b)
    if a.generation and b.generation and a.generation != b.generation:
        yield "generation"
    born = birth_level(a.birth_date, b.birth_date)
    if born == "different" and identifier_level(a, b) != "national":
        yield "birth_date"  # beside one national number a slip of the pen
    if given == "other":
        yield "given_name"


def _identifiers(a: Features, b: Features) -> Iterable[str]:
    """A PESEL is one person's; a company's numbers are its own unless the person works there."""
    theirs = dict(b.identifiers)
    for kind, value in dict(a.identifiers).items():
        other = theirs.get(kind, value)
        employers = kind in COMPANY_IDENTIFIERS and (a.works or b.works) and not a.company
        proves = kind == "pesel" or (kind in COMPANY_IDENTIFIERS and not employers)
        if proves and _bare(kind, value) != _bare(kind, other):
            yield kind


def _bare(kind: str, value: str) -> str:
    """A branch's REGON of 14 digits begins with its company's of 9."""
    return value[:_REGON_BASE] if kind == "regon" else value
