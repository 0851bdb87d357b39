"""Fellegi-Sunter: the sum of a weight per field, in hundredths of a bit, with its reasons.

Each field gives one level (same, typo, different ...); the model's table gives the
level's points. A score can be recomputed from its reasons exactly: it is their sum.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from chalicelib.domain.matching.contradicting import contradictions
from chalicelib.domain.matching.facts_compared import (
    birth_level,
    company_level,
    identifier_level,
    work_level,
)
from chalicelib.domain.matching.features import Features, features
from chalicelib.domain.matching.masking import mask
from chalicelib.domain.matching.model import Model
from chalicelib.domain.matching.names_compared import name_levels
from chalicelib.domain.matching.reach_compared import (
    Shared,
    address_level,
    email_level,
    phone_level,
)

Verdict = Literal["same", "unsure", "none"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One field's word: its level, its points (hundredths of a bit), masked value, and
    among how many different names the value is shared (0: not counted)."""

    field: str
    level: str
    points: int
    value: str = ""
    names: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the machine thinks of a pair; `score` is the sum of the reasons' points."""

    score: int
    reasons: tuple[Reason, ...]
    contradictions: tuple[str, ...]
    verdict: Verdict


def compare(
    a: Mapping[str, Any], b: Mapping[str, Any], shared: Mapping[str, int], model: Model
) -> Comparison:
    """Compare two records' values; the order of the two does not matter.

    `shared` says for a plain match key (`email=...`, `phone=...`) how many different names
    bear it in the store; a key that is absent counts as one.
    """
    one, two = features(a), features(b)
    names = name_levels(one, two)
    against = contradictions(one, two, names[0])
    if "kind" in against:
        return Comparison(0, (), against, "none")
    kind = "company" if one.company else "person"
    levels = _company_levels(one, two) if one.company else _person_levels(one, two, names)
    reasons = tuple(_reasons(levels, kind, shared, model))
    score = sum(reason.points for reason in reasons)
    proved = any(model.proves(kind, reason.field, reason.level) for reason in reasons)
    return Comparison(score, reasons, against, _verdict(score, proved and not against, model))


def contradicts(a: Mapping[str, Any], b: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the facts that forbid the machine to join two records; sorted."""
    one, two = features(a), features(b)
    return contradictions(one, two, name_levels(one, two)[0])


def _verdict(score: int, allowed: bool, model: Model) -> Verdict:
    if score >= model.same and allowed:
        return "same"
    return "unsure" if score >= model.unsure else "none"


def _reasons(
    levels: Iterable[tuple[str, Shared]], kind: str, shared: Mapping[str, int], model: Model
) -> Iterable[Reason]:
    yield Reason("prior", kind, model.points(kind, "prior", kind))
    for field, found in levels:
        if found.level:
            names = max(1, shared.get(found.key, 1)) if found.key else 0
            level = model.spread(found.level, names)
            points = model.points(kind, field, level)
            yield Reason(field, level, points, mask(found.value), names)


def _person_levels(
    a: Features, b: Features, names: tuple[str, str]
) -> Iterable[tuple[str, Shared]]:
    yield "given_name", Shared(names[0])
    yield "family_name", Shared(names[1])
    yield "birth_date", Shared(birth_level(a.birth_date, b.birth_date))
    yield "work", Shared(work_level(a, b))
    yield from _common_levels(a, b)


def _company_levels(a: Features, b: Features) -> Iterable[tuple[str, Shared]]:
    yield "organization", Shared(company_level(a.organization, b.organization))
    yield from _common_levels(a, b)


def _common_levels(a: Features, b: Features) -> Iterable[tuple[str, Shared]]:
    phone = phone_level(a, b)
    yield "identifiers", Shared(identifier_level(a, b))
    yield "emails", email_level(a, b)
    yield "phones", phone
    yield "addresses", Shared(address_level(a, b, phone.level == "same"))
