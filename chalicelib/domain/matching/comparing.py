"""Fellegi-Sunter: the sum of a weight per field, in hundredths of a bit, with its reasons.

Each field gives one level (same, typo, different ...). How the names stand to each other
(both agree, the given name alone ...) chooses the column, field and level the row of the
model's table: an equal address proves much of two Jan Zawadas and little of their wives.
A score can be recomputed from its reasons exactly: it is their sum.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from chalicelib.domain.matching.contradicting import contradictions
from chalicelib.domain.matching.facts_compared import (
    birth_level,
    company_level,
    identifier_level,
    job_level,
    work_level,
    year_level,
)
from chalicelib.domain.matching.features import Features
from chalicelib.domain.matching.masking import mask
from chalicelib.domain.matching.model import Model
from chalicelib.domain.matching.names_compared import name_levels, standing
from chalicelib.domain.matching.reach_compared import (
    address_level,
    email_level,
    phone_level,
)

Verdict = Literal["same", "unsure", "none"]
Level = tuple[str, str, str, str]  # field, level, and where a value is shared its key and it
NAMESAKES = "namesakes"


class Reason(NamedTuple):
    """One field's word: its level, its points (hundredths of a bit), the value masked, and
    how many share it: names for a mailbox or a phone, contacts for a name (0: not counted).
    """

    field: str
    level: str
    points: int
    value: str = ""
    names: int = 0


class Comparison(NamedTuple):
    """What the machine thinks of a pair; `score` is the sum of the reasons' points."""

    score: int
    reasons: tuple[Reason, ...]
    contradictions: tuple[str, ...]
    verdict: Verdict


def compare(a: Features, b: Features, shared: Mapping[str, int], model: Model) -> Comparison:
    """Compare two records; the order of the two does not matter.

    `shared` says for a plain match key (`email=...`, `phone=...`, `birth=...`) how many
    different names bear it in the store, and under `NAMESAKES` how many contacts bear the
    record's name; what is absent counts as one.
    """
    given, family = name_levels(a, b)
    against = contradictions(a, b, given)
    if "kind" in against:
        return Comparison(0, (), against, "none")
    column = "company" if a.company else standing(given, family)
    levels = _company_levels(a, b) if a.company else _person_levels(a, b, given, family)
    reasons = tuple(_reasons(levels, column, shared, model))
    score = sum(reason.points for reason in reasons)
    return Comparison(score, reasons, against, model.verdict(score, reasons, bool(against)))


def contradicts(a: Features, b: Features) -> tuple[str, ...]:
    """The names of the facts that forbid the machine to join two records; sorted."""
    return contradictions(a, b, name_levels(a, b)[0])


def _reasons(
    levels: Iterable[Level], column: str, shared: Mapping[str, int], model: Model
) -> Iterable[Reason]:
    yield Reason("names", column, model.points(column, "names", column))
    for field, level, key, value in levels:
        if key:
            bearers = max(1, shared.get(key, 1))
            level = model.spread(field, level, bearers)
            yield Reason(field, level, model.points(column, field, level), mask(value), bearers)
        elif level:
            yield Reason(field, level, model.points(column, field, level))
    if column in ("both", "mailbox"):
        bearers = max(1, shared.get(NAMESAKES, 1))
        level = model.spread(NAMESAKES, "same", bearers)
        yield Reason(NAMESAKES, level, model.points(column, NAMESAKES, level), "", bearers)


def _person_levels(a: Features, b: Features, given: str, family: str) -> Sequence[Level]:
    born = birth_level(a.birth_date, b.birth_date)
    return (
        ("given_name", given, "", ""),
        ("family_name", family, "", ""),
        ("birth_date", born, f"birth={a.birth_date}" if born == "same" else "", ""),
        ("mailbox_year", year_level(a, b), "", ""),
        ("work", work_level(a, b), "", ""),
        ("job_title", job_level(a, b), "", ""),
        *_common_levels(a, b),
    )


def _company_levels(a: Features, b: Features) -> Sequence[Level]:
    return (
        ("organization", company_level(a.organization, b.organization), "", ""),
        *_common_levels(a, b),
    )


def _common_levels(a: Features, b: Features) -> Sequence[Level]:
    return (
        ("identifiers", identifier_level(a, b), "", ""),
        ("emails", *email_level(a, b)),
        ("phones", *phone_level(a, b)),
        ("addresses", address_level(a, b), "", ""),
    )
