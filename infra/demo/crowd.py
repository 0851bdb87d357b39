"""Everybody else: some 270 people and companies, drawn with a fixed seed, the same every time.

No two bear the same name or share a number or an address, so whoever merges two is wrong.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import count, cycle, islice, product
from random import Random

from anyascii import anyascii
from stdnum.pl import nip

from infra.demo.cast import HEROINE, TRAPS
from infra.demo.names import LEGAL, MEN, PROPER, STREETS, SURNAMES, TOWNS, TRADES, WOMEN
from infra.demo.party import Party

SEED = 1121
HOSTS = ("poczta.example.com", "skrzynka.example.org", "dom.example.net")

# How many of each sort, what they are to the company, and the systems that know them in turn.
CUSTOMERS = (
    ("crm", "shop"),
    ("shop", "mailing"),
    ("crm", "phonebook"),
    ("crm", "shop", "mailing"),
    ("shop",),
    ("crm", "shop", "mailing", "phonebook"),
    ("crm",),
)
PEOPLE: tuple[tuple[int, Sequence[str], Sequence[Sequence[str]]], ...] = (
    (125, ("customer", "subscriber"), CUSTOMERS),
    (35, ("subscriber",), (("mailing",),)),
    (15, ("prospect",), (("crm",),)),
    (32, ("supplier",), (("erp",), ("erp", "phonebook"))),
    (9, ("customer", "supplier"), (("crm", "erp"), ("shop", "erp"), ("crm", "erp", "phonebook"))),
)
COMPANIES: tuple[tuple[int, Sequence[str], Sequence[Sequence[str]]], ...] = (
    (32, ("supplier",), (("erp",), ("erp", "phonebook"), ("crm", "erp"))),
    (16, ("customer",), (("crm",), ("crm", "erp"))),
)


def everybody() -> list[Party]:
    """All parties of the story, the heroine first."""
    random = Random(SEED)
    return [
        HEROINE,
        *(party for group in TRAPS for party in group),
        *_people(random),
        *_companies(random),
    ]


def _people(random: Random) -> Iterator[Party]:
    names = [
        (given, called, surname[sex])
        for sex, given_names in enumerate((WOMEN, MEN))
        for (given, called), surname in product(given_names, SURNAMES)
    ]
    random.shuffle(names)
    drawn = iter(names)
    for number, roles, systems in PEOPLE:
        for told_by, (given, called, family) in zip(_turns(number, systems), drawn, strict=False):
            mailbox = anyascii(f"{given}.{family}".lower())
            party = Party(f"{given} {family}", told_by, roles, given, called, family)
            party = replace(party, email=f"{mailbox}@{random.choice(HOSTS)}", born=_day(random))
            yield _somewhere(party, random, f"6{random.randrange(10**8):08}")


def _companies(random: Random) -> Iterator[Party]:
    names = [f"{trade} {proper}" for trade, proper in product(TRADES, PROPER)]
    random.shuffle(names)
    drawn = iter(names)
    for number, roles, systems in COMPANIES:
        for told_by, name in zip(_turns(number, systems), drawn, strict=False):
            host = anyascii(name).lower().replace(" ", "-")
            party = Party(name, told_by, roles, organization=f"{name} {random.choice(LEGAL)}")
            party = replace(party, email=f"biuro@{host}.example.com", nip=_nip(random))
            yield _somewhere(party, random, f"22{random.randrange(10**7):07}")


def _turns(number: int, systems: Sequence[Sequence[str]]) -> Iterator[Sequence[str]]:
    return islice(cycle(systems), number)


def _somewhere(party: Party, random: Random, phone: str) -> Party:
    town, postal_area = random.choice(TOWNS)
    return replace(
        party,
        phone=phone,
        street=f"{random.choice(STREETS)} {random.randrange(1, 180)}",
        town=town,
        postal_code=f"{postal_area}{random.randrange(1000):03}",
    )


def _day(random: Random) -> str:
    return (date(1945, 1, 1) + timedelta(days=random.randrange(22_000))).isoformat()


def _nip(random: Random) -> str:
    """A tax number with a right check digit (sums that ask for a tenth digit are passed over)."""
    numbers = (f"525{random.randrange(10**7):07}" for _ in count())
    return next(number for number in numbers if nip.is_valid(number))
