"""Survivorship: by which rule one record's word on a field wins over another's. Pure.

Each installation sets a rule for each field, as data. Before every rule stand what a person
chose, an overwrite, and validity (an e-mail address that bounced never beats another one);
behind it the oldest record, so that no tie is left.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from chalicelib.domain.evidence import Record
from chalicelib.domain.fields import CUSTOM_PREFIX, FIELDS, NAME
from chalicelib.domain.model import Entity, canonical
from chalicelib.domain.voices import Voices

Criterion = Literal["trusted", "recent", "complete", "frequent"]


class Rule(Entity):
    """How the words on one field are ranked: by each criterion in turn, the first first.

    `trusted`: a source named in `sources`, in their order, then the higher trust; `recent`:
    the newer word; `complete`: a whole name, the longer text; `frequent`: what more records
    say. A list takes the elements of `all` records, in that order, or those of `one`.
    """

    order: tuple[Criterion, ...]
    sources: tuple[str, ...] = ()
    take: Literal["all", "one"] = "all"


class Rules(Entity):
    """A version of an installation's rules; a field that is not named goes by the defaults."""

    version: str = ""
    about: str = ""
    fields: dict[str, Rule] = {}

    def of(self, name: str) -> Rule:
        """The rule of a field; `name` stands for all name fields, `custom` for every custom."""
        family = "custom" if name.startswith(CUSTOM_PREFIX) else name
        return self.fields.get(name) or self.fields.get(family) or default_of(name)


class Claim(NamedTuple):
    """What one record says on one field, and when its source said so."""

    record: Record
    value: Any
    stamp: str


class Contest(NamedTuple):
    """The claims, the best first, and by what the best won over the next that says otherwise."""

    ranked: Sequence[Claim]
    rule: str


DEFAULTS = Rules(version="default", about="The rules that the product comes with.")
_NAMED = Rule(order=("complete", "trusted", "recent"))
_SINGLE = Rule(order=("trusted", "recent"))
_LIST = Rule(order=("trusted",))
_WON_BY: Mapping[Criterion, str] = {
    "trusted": "trusted_source",
    "recent": "most_recent",
    "complete": "most_complete",
    "frequent": "most_frequent",
}


def default_of(name: str) -> Rule:
    """The rule of a field where the installation has none of its own."""
    if name == NAME:
        return _NAMED
    return _LIST if name in FIELDS and FIELDS[name].many else _SINGLE


def contest(name: str, claims: Sequence[Claim], rule: Rule, heard: Voices) -> Contest:
    """Rank the claims (one at least) on a field."""
    said = Counter(canonical(claim.value) for claim in claims)
    measures = [_measure(criterion, rule, said) for criterion in rule.order]

    def place(claim: Claim) -> tuple[Any, ...]:
        return (
            claim.record.id not in heard.choice(name).records,
            claim.record.id not in heard.lifted,
            is_bad(claim.value),
            *(measure(claim) for measure in measures),
            claim.record.age,
        )

    ranked = sorted(claims, key=place)
    if len(ranked) == 1:
        return Contest(ranked, "only")
    labels = ("chosen", "overwrite", "valid", *(_WON_BY[c] for c in rule.order), "oldest_record")
    rival = next((c for c in ranked if c.value != ranked[0].value), ranked[1])
    places = zip(labels, place(ranked[0]), place(rival), strict=True)
    return Contest(ranked, next(label for label, best, second in places if best != second))


def _measure(criterion: Criterion, rule: Rule, said: Mapping[bytes, int]) -> Callable[[Claim], Any]:
    """A number (or what sorts as one) for each claim: the smaller, the better."""
    known = {source: place for place, source in enumerate(rule.sources)}
    measures: dict[Criterion, Callable[[Claim], Any]] = {
        "trusted": lambda c: (known.get(c.record.source, len(known)), -c.record.trust),
        "recent": lambda c: tuple(-ord(letter) for letter in moment(c.stamp)),
        "complete": lambda c: -_completeness(c.value),
        "frequent": lambda c: -said[canonical(c.value)],
    }
    return measures[criterion]


def moment(stamp: str) -> str:
    """Time and sequence; what else is in a stamp says nothing between two sources."""
    return stamp.rpartition("#")[0]


def _completeness(value: Any) -> int:
    """Of names whether they are whole, of lists how many, of texts how long."""
    if isinstance(value, Mapping):
        return int(bool(value.get("given_name") and value.get("family_name")))
    return len(value) if isinstance(value, str | list) else 0


def is_bad(value: Any) -> bool:
    """Whether it is known not to reach anybody; of a list whether nothing in it does."""
    if isinstance(value, list):
        return bool(value) and all(is_bad(element) for element in value)
    return isinstance(value, Mapping) and value.get("validity") == "invalid"
