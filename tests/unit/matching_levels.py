"""For each field and level that a comparison can come to: two records that come to it.

A third part says by how many names or contacts what they share is borne.
"""

from typing import Any

from chalicelib.domain.matching import NAMESAKES
from tests.unit.matching_people import (
    ELSEWHERE,
    HOME,
    LANDLINE,
    MOBILE,
    OTHER_LANDLINE,
    OTHER_MOBILE,
    Values,
    company,
    named,
    person,
)

Example = tuple[Values, Values, dict[str, int]]
MAIL = "a.lis@wp.pl"


def _two(a: Values, b: Values, **shared: int) -> Example:
    return a, b, shared


def _anna(family: str | None = "Gilelek", **fields: Any) -> Values:
    return person("Anna", family, **fields)


def _both(field: str, one: Any, other: Any) -> Example:
    return _two(_anna(**{field: one}), _anna(**{field: other}))


def _borne(by: int, key: str, **fields: Any) -> Example:
    return _anna(**fields), _anna(**fields), {key: by}


NAMES = {
    "both": _two(_anna(), _anna()),
    "mailbox": _two(_anna(), _anna(None, email="anna.gilelek@wp.pl")),
    "initial": _two(_anna(), person("A.", "Gilelek")),
    "family": _two(_anna(), person(None, "Gilelek")),
    "other_given": _two(_anna(), person("Jan", "Gilelek")),
    "other_family": _two(_anna(), _anna("Starulicka")),
    "given": _two(_anna(), _anna(None)),
    "neither": _two(_anna(), person("Jan", "Starulicki")),
    "company": _two(company("Meblex"), company("Meblex")),
}

GIVEN = {
    "same_rare": _two(person("Xymena", "Lis"), person("Xymena", "Lis")),
    "same": _two(_anna(), _anna()),
    "short": _two(_anna(), person("Ania", "Gilelek")),
    "typo": _two(person("Xymena", "Lis"), person("Xymnea", "Lis")),
    "initial": _two(_anna(), person("A.", "Gilelek")),
    "absent": _two(_anna(), person(None, "Gilelek")),
    "unlike": _two(_anna(), person("Brunhild", "Gilelek")),
    "other": _two(_anna(), person("Jan", "Gilelek")),
}

FAMILY = {
    "same": _two(_anna(), _anna()),
    "same_common": _two(_anna("Nowak"), _anna("Nowak")),
    "part": _two(_anna("Gilelek"), _anna("Gilelek-Brzdąc")),
    "typo": _two(_anna("Gilelek"), _anna("Gileelk")),
    "gender": _two(_anna("Starulicka"), _anna("Starulicki")),
    "mailbox": NAMES["mailbox"],
    "no_mailbox": _two(_anna(), _anna(None, email="anna.brzdac@wp.pl")),
    "different": _two(_anna(), _anna("Starulicka")),
}

BIRTH = {
    "same": _both("birth_date", "1970-05-14", "1970-05-14"),
    "same_few": _borne(4, "birth=1970-05-14", birth_date="1970-05-14"),
    "same_many": _borne(9, "birth=1970-05-14", birth_date="1970-05-14"),
    "typo": _both("birth_date", "1970-05-14", "1970-05-15"),
    "near": _both("birth_date", "1970-05-14", "1970-05-29"),
    "day": _both("birth_date", "1970-05-14", "--05-14"),
    "different": _both("birth_date", "1970-05-14", "1981-11-02"),
}

YEAR = {
    "same": _two(_anna(email="anna70@wp.pl"), _anna(birth_date="1970-05-14")),
    "different": _two(_anna(email="anna71@wp.pl"), _anna(birth_date="1970-05-14")),
    "mailboxes": _both("email", "anna70@wp.pl", "gilelek70@o2.pl"),
    "other_mailboxes": _both("email", "anna70@wp.pl", "gilelek71@o2.pl"),
}

WORK = {
    "number": _both("ids", {"nip": "5261040828"}, {"nip": "5261040828"}),
    "domain": _both("email", "anna@meblex.pl", "a.gilelek@meblex.pl"),
    "same": _both("organization", "Meblex", "MEBLEX S.A."),
    "different": _both("organization", "Meblex", "Stalpol"),
}

JOB = {
    "same": _both("job_title", "Księgowa", "główna księgowa"),
    "different": _both("job_title", "Księgowa", "Handlowiec"),
}

IDENTIFIERS = {
    "national": _both("ids", {"pesel": "70051401359"}, {"pesel": "70051401359"}),
    "same": _both("ids", {"passport": "ea345678"}, {"passport": "ea345678"}),
    "typo": _both("ids", {"passport": "ea345678"}, {"passport": "ea345679"}),
    "different": _both("ids", {"passport": "ea345678"}, {"passport": "ft901112"}),
}

EMAILS = {
    "same": _both("email", MAIL, MAIL),
    "same_two": _borne(2, f"email={MAIL}", email=MAIL),
    "same_few": _borne(4, f"email={MAIL}", email=MAIL),
    "same_many": _borne(9, f"email={MAIL}", email=MAIL),
    "crowded": _borne(40, f"email={MAIL}", email=MAIL),
    "role": _both("email", "biuro@meblex.pl", "biuro@meblex.pl"),
    "typo": _both("email", "gilelek@wp.pl", "gilelekk@wp.pl"),
    "local": _both("email", "gilelek@wp.pl", "gilelek@o2.pl"),
    "different": _both("email", "gilelek@wp.pl", "anna@meblex.pl"),
    "two_private": _both("email", "gilelek@wp.pl", "anna@o2.pl"),
    "colleagues": _both("email", "gilelek@meblex.pl", "anna@meblex.pl"),
}

PHONES = {
    "same": _both("phone", MOBILE, MOBILE),
    "same_two": _borne(2, f"phone={MOBILE}", phone=MOBILE),
    "same_few": _borne(4, f"phone={MOBILE}", phone=MOBILE),
    "same_many": _borne(9, f"phone={MOBILE}", phone=MOBILE),
    "crowded": _borne(40, f"phone={MOBILE}", phone=MOBILE),
    "typo": _both("phone", MOBILE, MOBILE[:-1] + "2"),
    "two_mobiles": _both("phone", MOBILE, OTHER_MOBILE),
    "different": _both("phone", LANDLINE, OTHER_LANDLINE),
}

ADDRESSES = {
    "same": _both("at", HOME, HOME),
    "house": _both("at", HOME, ("Długa 5/9", "90-001", "Łódź")),
    "street": _both("at", HOME, ("Długa 17", "90-001", "Łódź")),
    "postcode": _both("at", HOME, ("Krótka 2", "90-001", "Łódź")),
    "city": _both("at", HOME, ("Krótka 2", "92-318", "Łódź")),
    "different": _both("at", HOME, ELSEWHERE),
}

ORGANIZATION = {
    "same": _two(company("Meblex"), company("MEBLEX S.A.")),
    "near": _two(company("Meblex Polska"), company("Meblexx Polska")),
    "different": _two(company("Meblex"), company("Stalpol")),
}

_BEARERS = {"one": 1, "two": 2, "few": 4, "up_to_8": 8, "up_to_16": 16, "up_to_32": 32, "many": 51}
NAMESAKE = {
    level: (_anna(), named("Anna Gilelek"), {NAMESAKES: by}) for level, by in _BEARERS.items()
}

LEVELS: dict[str, dict[str, Example]] = {
    "names": NAMES,
    "given_name": GIVEN,
    "family_name": FAMILY,
    "namesakes": NAMESAKE,
    "birth_date": BIRTH,
    "mailbox_year": YEAR,
    "work": WORK,
    "job_title": JOB,
    "identifiers": IDENTIFIERS,
    "emails": EMAILS,
    "phones": PHONES,
    "addresses": ADDRESSES,
    "organization": ORGANIZATION,
}
