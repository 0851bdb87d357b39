"""The keys under which a record is found, and the print of its name.

Two records of one person should share at least one key even when any one field is
missing or misspelt; so names go in by sound, and several keys join different fields.
A key is plain text here; whoever stores it hashes it.
"""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from chalicelib.domain.matching.features import COMPANY_IDENTIFIERS, Features, features
from chalicelib.domain.matching.names import masculine, meanings, sound

MOST_KEYS = 14
_MOST_VALUES = 3


def match_keys(values: Mapping[str, Any]) -> frozenset[str]:
    """At most `MOST_KEYS` plain keys `kind=value` of one record, the most telling first."""
    seen = features(values)
    made = _company_keys(seen) if seen.company else _person_keys(seen)
    return frozenset(islice(dict.fromkeys(made), MOST_KEYS))


def name_print(values: Mapping[str, Any]) -> str:
    """One short text per distinct name, alike for the spellings and diminutives of one name.

    Empty when the record states no whole name. It is coarse, since a slip of the pen must
    not look like another person.
    """
    seen = features(values)
    if seen.company:
        return seen.organization
    given, family = given_sound(seen), next(iter(family_sounds(seen)), "")
    return _whole(given[:3], family[:3]) if len(given) > 1 and family else ""


def given_sound(seen: Features) -> str:
    """The first given name by meaning, else by sound; empty when there is none."""
    if not seen.given:
        return ""
    first = seen.given[0]
    return min(meanings(first), default=sound(first))


def family_sounds(seen: Features) -> list[str]:
    """The surname's first part by sound, whatever the gender; or what mailboxes suggest."""
    return [sound(masculine(family)) for family in seen.family[:1] or seen.guesses[:2]]


def _whole(given: str, family: str) -> str:
    """Both names, sorted, so that swapped fields make no difference."""
    return " ".join(sorted((given, family)))


def _reach(seen: Features) -> Iterable[str]:
    for email in islice((e for e in seen.emails if not e.role), _MOST_VALUES):
        yield f"email={email.address}"
    for number in islice(seen.phones, _MOST_VALUES):
        yield f"phone={number}"


def _person_keys(seen: Features) -> Iterable[str]:
    given, families = given_sound(seen), family_sounds(seen)
    yield from (f"id={k}:{v}" for k, v in seen.identifiers if k not in COMPANY_IDENTIFIERS)
    yield from _reach(seen)
    for family in families:
        yield f"name={_whole(given, family)}"
    if seen.birth_date:
        yield from (f"family+birth={family[:3]}|{seen.birth_date}" for family in families)
        yield f"given+birth={given}|{seen.birth_date}"
    yield from _place_keys(seen, given, families)
    yield from _work_keys(seen, given)


def _place_keys(seen: Features, given: str, families: list[str]) -> Iterable[str]:
    for place in islice((a for a in seen.addresses if a.postal_code), 2):
        yield from (f"family+postcode={family}|{place.postal_code}" for family in families)
        if given:
            yield f"given+postcode={given}|{place.postal_code}"
        if place.house:
            yield f"house={place.postal_code}|{place.house}|{sound(place.street)[:4]}"


def _work_keys(seen: Features, given: str) -> Iterable[str]:
    if not given:
        return
    for value in islice((v for k, v in seen.identifiers if k in COMPANY_IDENTIFIERS), 1):
        yield f"given+id={given}|{value}"
    domains = dict.fromkeys(e.domain for e in seen.emails if not e.free)
    for domain in islice(domains, 1):
        yield f"given+domain={given}|{domain}"
    if seen.organization:
        yield f"given+company={given}|{seen.organization.replace(' ', '')}"


def _company_keys(seen: Features) -> Iterable[str]:
    name = seen.organization.replace(" ", "")
    yield from (f"id={k}:{v}" for k, v in seen.identifiers)
    yield from _reach(seen)
    yield f"company={name}"
    for place in islice((a for a in seen.addresses if a.house and a.postal_code), 2):
        yield f"company+postcode={sound(name)[:4]}|{place.postal_code}"
