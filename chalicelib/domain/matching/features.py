"""What the matcher sees of a record: its values folded and taken apart, placeholders left out.

Everything here is for comparison only; what is stored and shown stays as it was given.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.folding import fold
from chalicelib.domain.matching.mailboxes import Email, mailboxes
from chalicelib.domain.matching.reading_names import stated_names, surname_guesses, words
from chalicelib.domain.matching.vocabulary import (
    COMPANY_FORMS,
    NO_BIRTH_DATES,
    NO_NAMES,
    STREET_WORDS,
    UNIT_WORDS,
)

COMPANY_IDENTIFIERS = frozenset({"nip", "regon", "krs", "vat", "ico"})
_NO_DIGITS = re.compile(r"(\d)\1{6,}$|123456789$|987654321$")


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address in parts; an absent part is empty."""

    street: str
    house: str
    flat: str
    postal_code: str
    city: str


@dataclass(frozen=True, slots=True)
class Features:
    """One record, ready to compare. Names are tuples of folded words without titles.

    `guesses` are the surnames that its mailboxes suggest when it states none.
    """

    company: bool
    given: tuple[str, ...]
    family: tuple[str, ...]
    guesses: tuple[str, ...]
    generation: str
    organization: str
    works: bool
    emails: tuple[Email, ...]
    phones: tuple[str, ...]
    addresses: tuple[Address, ...]
    birth_date: str
    identifiers: tuple[tuple[str, str], ...]


def features(values: Mapping[str, Any]) -> Features:
    """The features of one record's values (normal form; None and absent alike)."""
    given, family, generation = stated_names(values)
    named = bool(given or family)
    company = values.get("kind") == "company" or (
        values.get("kind") is None and not named and bool(values.get("organization"))
    )
    organization = _organization(values, company)
    emails = tuple(mailboxes(values))
    return Features(
        company=company,
        given=() if company else given + _nicknames(values),
        family=() if company else family,
        guesses=() if company or family else surname_guesses(given, emails),
        generation="" if company else generation,
        organization=organization,
        works=bool(organization or values.get("job_title")),
        emails=emails,
        phones=tuple(_phones(values)),
        addresses=tuple(_addresses(values)),
        birth_date=_birth_date(values),
        identifiers=tuple(_identifiers(values)),
    )


def _nicknames(values: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(word for name in values.get("nicknames") or () for word in words(name))


def _organization(values: Mapping[str, Any], company: bool) -> str:
    name = values.get("organization") or (values.get("full_name") if company else "")
    said = [w for w in words(name) if w not in NO_NAMES]
    kept = [w for w in said if w not in COMPANY_FORMS and len(w) > 1]
    return " ".join(kept or said)


def _phones(values: Mapping[str, Any]) -> Iterable[str]:
    numbers = dict.fromkeys(phone["number"] for phone in values.get("phones") or ())
    return (number for number in numbers if not _NO_DIGITS.search(number))


def _addresses(values: Mapping[str, Any]) -> Iterable[Address]:
    for address in values.get("addresses") or ():
        said = [w for w in words(address.get("street")) if w not in UNIT_WORDS]
        at = [i for i, word in enumerate(said) if word[0].isdigit()]
        if len(at) > 1 and at[0] == 0 and at[1] > 1:  # "11 Listopada 91": the 11 is the street's
            at = at[1:]
        numbers = [said[i] for i in at]
        named = [w for i, w in enumerate(said) if i not in at and w not in STREET_WORDS]
        postal_code = fold(address.get("postal_code") or "").replace(" ", "")
        city = fold(address.get("city") or "")
        if named or numbers or postal_code or city:
            house, flat = (*numbers, "", "")[:2]
            yield Address(" ".join(named), house, flat, postal_code, city)


def _birth_date(values: Mapping[str, Any]) -> str:
    date = values.get("birth_date") or ""
    return "" if date in NO_BIRTH_DATES else date


def _identifiers(values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for identifier in values.get("identifiers") or ():
        value = fold(identifier["value"]).replace(" ", "")
        if identifier["kind"] == "nip":
            value = value.removeprefix("pl")
        if value and not _NO_DIGITS.search(value):
            yield identifier["kind"], value
