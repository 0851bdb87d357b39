"""Invented people of Central Europe, households of them, each drawn from its number alone.

So a million need no memory, and the same seed gives the same people. Surnames follow
Zipf's law (Mandelbrot's form), employers grow large; phones and mailboxes are one person's
unless a household, a company or a later owner shares them.
"""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from importlib import resources
from itertools import count
from random import Random
from typing import NamedTuple

from stdnum.pl import nip

from infra.demo.names import LEGAL, STREETS, TOWNS, TRADES


def _parts(text: str) -> list[str]:
    return text.split()


_NAMES = json.loads(
    resources.files("chalicelib.domain.matching").joinpath("names.json").read_text()
)
_GIVEN = {sex: sorted(_NAMES[sex].items()) for sex in ("female", "male")}
_COMMON: Sequence[str] = _NAMES["common_surnames"]
_STARTS = _parts("bar bed bor bud cho dob drz gaw gor grz hol jar kar klim kos kul lis mal mur now")
_MIDDLES = _parts("al an ar as aw el en er ew ik il in om on or os ow ub ul um un ur us ut")
_ENDS = _parts("ski cki czyk wicz ak ek enko chuk ko a uk al ik iak el er")
_SURNAMES = len(_COMMON) + len(_STARTS) * len(_MIDDLES) * len(_MIDDLES) * len(_ENDS)
_FLAT_TOP = 20  # Mandelbrot's constant: the commonest surname is borne by one in 190
_HOSTS = ("gmail.com", "wp.pl", "onet.pl", "poczta.example.com", "skrzynka.example.org")
_MOBILE = ("50", "51", "53", "60", "66", "69", "72", "78", "79", "88")
_MOBILES = 9_999_991  # a prime, so that multiplying permutes
_LANDLINE = ("12", "22", "32", "42", "58", "61", "71", "81")
_MOST_MEMBERS = 8
_FIRST_BORN, _DAYS_OF_BIRTH = date(1940, 1, 1), 24_000


class Company(NamedTuple):
    """An employer: its people share its domain, its switchboard and its office's mailbox."""

    name: str
    domain: str
    phone: str
    nip: str


class Place(NamedTuple):
    """An address of a household."""

    street: str
    city: str
    postcode: str


class Person(NamedTuple):
    """Somebody in truth. `trap` says why another may be taken for them."""

    entity: str
    trap: str
    given: str
    called: str
    family: str
    born: str
    email: str
    mobile: str
    landline: str
    home: Place
    work: Company | None


def household(seed: int, number: int) -> list[Person]:
    """The people of one household: mostly one or two, up to five."""
    random = Random(f"{seed}/{number}")
    rank, home, landline = surname_rank(random), _place(random), _landline(number)
    size = random.choices(range(1, 6), (46, 28, 14, 8, 4))[0]
    people = [_person(random, number, n, rank, home, landline) for n in range(size)]
    if size > 1:
        people = [p._replace(trap=p.trap or "household") for p in people]
        people = _shared(random, people)
    return people


def _shared(random: Random, people: list[Person]) -> list[Person]:
    """What households share: a mailbox, a name from father to son, a day of birth."""
    first, second, *rest = people
    luck = random.random()
    if luck < 0.08:
        second = second._replace(email=first.email)
    elif luck < 0.13:
        second = second._replace(given=first.given, called=first.called, family=first.family)
        first, second = (p._replace(trap="junior") for p in (first, second))
    elif luck < 0.16:
        second = second._replace(born=first.born, trap="twin")
        first = first._replace(trap="twin")
    return [first, second, *rest]


def _person(
    random: Random, number: int, member: int, rank: int, home: Place, landline: str
) -> Person:
    female = random.random() < 0.5
    given, forms = random.choice(_GIVEN["female" if female else "male"])
    owner = number * _MOST_MEMBERS + member
    recycled = owner > _MOST_MEMBERS and random.random() < 0.006
    family = borne(surname(rank if random.random() < 0.9 else surname_rank(random)), female)
    called = random.choice(forms) if forms else given
    return Person(
        entity=f"{number}.{member}",
        trap="recycled" if recycled else "",
        given=given,
        called=called,
        family=family,
        born=(_FIRST_BORN + timedelta(days=random.randrange(_DAYS_OF_BIRTH))).isoformat(),
        email=f"{_local(random, given, called, family)}{owner}@{random.choice(_HOSTS)}",
        mobile=_mobile(random.randrange(owner) if recycled else owner),
        landline=landline if random.random() < 0.4 else "",
        home=home,
        work=company(int(number * random.random() ** 2)) if random.random() < 0.35 else None,
    )


def _local(random: Random, given: str, called: str, family: str) -> str:
    return random.choice((f"{given}.{family}", f"{given[0]}{family}", called, f"{family}.{given}"))


def surname_rank(random: Random) -> int:
    """Draw a rank with a chance of about 1 / (rank + 20)."""
    return int(_FLAT_TOP * ((_SURNAMES + _FLAT_TOP) / _FLAT_TOP) ** random.random()) - _FLAT_TOP


def surname(rank: int) -> str:
    """The surname of a rank, as a man bears it: known ones first, then invented ones."""
    if rank < len(_COMMON):
        return _COMMON[rank]
    rest, parts = rank - len(_COMMON), []
    for syllables in (_ENDS, _MIDDLES, _STARTS, _MIDDLES):
        rest, at = divmod(rest, len(syllables))
        parts.append(syllables[at])
    end, middle, start, second = parts
    return start + middle + second + end


def borne(family: str, female: bool) -> str:
    """A surname as a woman or a man bears it."""
    return f"{family[:-1]}a" if female and family.endswith(("ski", "cki")) else family


def _mobile(owner: int) -> str:
    return f"+48{_MOBILE[owner % 10]}{owner * 48_271 % _MOBILES:07}"


def _landline(number: int) -> str:
    return f"+48{_LANDLINE[number % 8]}{number * 69_621 % _MOBILES:07}"


def _place(random: Random) -> Place:
    town, area = random.choice(TOWNS)
    street = random.choice((random.choice(STREETS), f"ul. {surname(surname_rank(random)).title()}"))
    door = f"{random.randrange(1, 140)}/{random.randrange(1, 60)}"
    return Place(f"{street} {door}", town, f"{area}{random.randrange(1000):03}")


@cache
def company(number: int) -> Company:
    """An employer by its number; those with low numbers have many people."""
    random = Random(f"company {number}")
    name = f"{random.choice(TRADES)} {surname(surname_rank(random)).title()}"
    host = name.lower().replace(" ", "-")
    numbers = (f"{random.randrange(101, 999)}{random.randrange(10**7):07}" for _ in count())
    return Company(
        f"{name} {random.choice(LEGAL)}",
        f"{host}-{number}.example.com",
        _landline(number + 1_000_003),
        next(n for n in numbers if nip.is_valid(n)),
    )
