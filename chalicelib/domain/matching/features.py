"""What the matcher sees of a record: its values folded and taken apart, placeholders left out.

Everything here is for comparison only; what is stored and shown stays as it was given.
"""

import json
import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, NamedTuple, Self

from chalicelib.domain.folding import fold
from chalicelib.domain.matching.mailboxes import Email, mailboxes
from chalicelib.domain.matching.reading_names import LONGEST, stated_names, surname_guesses, words
from chalicelib.domain.matching.vocabulary import (
    COMPANY_FORMS,
    NO_BIRTH_DATES,
    NO_NAMES,
    STREET_WORDS,
    UNIT_WORDS,
)

COMPANY_IDENTIFIERS = frozenset({"nip", "regon", "krs", "vat", "ico"})
# One person's for life: PESEL, social security, rodné číslo, Steuer-ID, RNOKPP ...
NATIONAL_IDENTIFIERS = frozenset({"pesel", "national", "ssn", "rc", "steuer_id", "rnokpp"})
MOST_VALUES = 6  # of a list's values the first: a card's size is what a look costs
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_NO_DIGITS = re.compile(r"(\d)\1{6,}$|123456789$|987654321$")


class Address(NamedTuple):
    """A postal address in parts; an absent part is empty."""

    street: str
    house: str
    flat: str
    postal_code: str
    city: str


class Features(NamedTuple):
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
    job: str

    def card(self) -> str:
        """As JSON text: what is kept beside a record's match keys, to compare it unread."""
        return _JSON.encode(self)

    @classmethod
    def of_card(cls, card: str) -> Self:
        """The features of a card."""
        told = cls._make(json.loads(card))
        return told._replace(
            given=tuple(told.given),
            family=tuple(told.family),
            guesses=tuple(told.guesses),
            emails=tuple(Email(*e[:-1], tuple(e[-1])) for e in told.emails),
            phones=tuple(told.phones),
            addresses=tuple(map(Address._make, told.addresses)),
            identifiers=tuple((kind, value) for kind, value in told.identifiers),
        )


def features(values: Mapping[str, Any]) -> Features:
    """The features of one record's values (normal form; None and absent alike)."""
    given, family, generation = stated_names(values)
    named = bool(given or family)
    company = values.get("kind") == "company" or (
        values.get("kind") is None and not named and bool(values.get("organization"))
    )
    organization = _organization(values, company)
    emails = tuple(islice(mailboxes(values), MOST_VALUES))
    return Features(
        company=company,
        given=() if company else given + _nicknames(values),
        family=() if company else family,
        guesses=() if company or family else surname_guesses(given, emails),
        generation="" if company else generation,
        organization=organization,
        works=bool(organization or values.get("job_title")),
        emails=emails,
        phones=tuple(islice(_phones(values), MOST_VALUES)),
        addresses=tuple(islice(_addresses(values), MOST_VALUES)),
        birth_date=_birth_date(values),
        identifiers=tuple(islice(_identifiers(values), MOST_VALUES)),
        job=" ".join(words(values.get("job_title"))),
    )


def _nicknames(values: Mapping[str, Any]) -> tuple[str, ...]:
    said = (word for name in values.get("nicknames") or () for word in words(name))
    return tuple(islice(said, MOST_VALUES))


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
        city = fold(address.get("city") or "")[:LONGEST]
        if named or numbers or postal_code or city:
            house, flat = (*numbers, "", "")[:2]
            yield Address(" ".join(named), house, flat, postal_code, city)


def _birth_date(values: Mapping[str, Any]) -> str:
    date = values.get("birth_date") or ""
    return "" if date in NO_BIRTH_DATES else date


def _identifiers(values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for identifier in values.get("identifiers") or ():
        value = fold(identifier["value"])[:LONGEST].replace(" ", "")
        if identifier["kind"] == "nip":
            value = value.removeprefix("pl")
        if value and not _NO_DIGITS.search(value):
            yield identifier["kind"], value
