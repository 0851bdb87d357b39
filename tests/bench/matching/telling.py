"""How five systems tell of the invented people: each its own fields, with its own mistakes.

Rows have the columns of the labelled sets (`infra.matching.sets`), so that the product and
its rivals read the same. They come mixed, as deliveries of several systems do.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import count
from random import Random
from typing import NamedTuple

from chalicelib.domain.ids import record_id
from tests.bench.matching.people import Person, household, surname, surname_rank

_POOL = 1_000
_ID_KEY = b"i" * 32
_LETTERS = "abcdefghijklmnoprstuwyz"
_CYRILLIC = str.maketrans("abvhdezyklmnoprstufcwgij", "абвхдезиклмнопрстуфцвгій")
_WRITTEN = ("given_name", "family_name", "street", "email")
_NOTHING = ("brak", "-", "n/a")
Row = dict[str, str]


class Told(NamedTuple):
    """A record as a system sends it, with the truth about it."""

    row: Row
    entity: str
    trap: str


def _crm(person: Person, random: Random) -> Row:
    work = person.work
    own = f"{person.given[0]}.{person.family}@{work.domain}" if work else person.email
    return {
        "given_name": person.given,
        "family_name": person.family,
        "email": random.choice((own, person.email)),
        "phone": person.mobile,
        "company": work.name if work else "",
        "birth_date": person.born if random.random() < 0.5 else "",
        **_home(person),
    }


def _shop(person: Person, random: Random) -> Row:
    names = {"given_name": person.given, "family_name": person.family}
    if random.random() < 0.04:
        names = {"given_name": person.family, "family_name": person.given}
    return {**names, "email": person.email, "phone": person.mobile, **_home(person)}


def _mailing(person: Person, random: Random) -> Row:
    told = {"email": person.email, "given_name": random.choice((person.called, person.given))}
    return told | ({"family_name": person.family} if random.random() < 0.4 else {})


def _phonebook(person: Person, random: Random) -> Row:
    name = random.choice((f"{person.family} {person.given}", f"{person.called} {person.family}"))
    if person.family.endswith(("enko", "chuk")):
        name = name.replace("ch", "ч").translate(_CYRILLIC)
    return {"full_name": name.title(), "phone": person.landline or person.mobile}


def _erp(person: Person, random: Random) -> Row:
    name = f"{random.choice(('', 'mgr ', 'inż. '))}{person.given} {person.family}".title()
    work = person.work
    if work is None:
        return {"full_name": name, "phone": person.mobile, **_home(person)}
    mailbox = random.choice((f"biuro@{work.domain}", f"{person.family}@{work.domain}"))
    told = {"full_name": name, "company": work.name, "nip": work.nip, "email": mailbox}
    return told | {"phone": random.choice((work.phone, person.mobile))}


SYSTEMS: Mapping[str, tuple[float, Callable[[Person, Random], Row]]] = {
    "crm": (0.5, _crm),
    "shop": (0.5, _shop),
    "mailing": (0.35, _mailing),
    "phonebook": (0.25, _phonebook),
    "erp": (0.2, _erp),
}


def _home(person: Person) -> Row:
    return person.home._asdict()


def told(seed: int) -> Iterator[Told]:
    """Records without end, in the order of arrival."""
    random = Random(seed)
    pool: list[Told] = []
    for number in count():
        for person in household(seed, number):
            pool.extend(_tell(person, random))
        while len(pool) > _POOL:
            at = random.randrange(len(pool))
            pool[at], pool[-1] = pool[-1], pool[at]
            yield pool.pop()


def _tell(person: Person, random: Random) -> Iterator[Told]:
    for system, (share, tell) in SYSTEMS.items():
        if random.random() < share:
            row = {
                name: _slipped(name, value, random) for name, value in tell(person, random).items()
            }
            number = record_id(_ID_KEY, system, person.entity)
            yield Told(
                {"id": number, "source": system, **_changed(row, random)},
                person.entity,
                person.trap,
            )


def _changed(row: Row, random: Random) -> Row:
    """Some marry and take a second surname; some fields are left out or say nothing."""
    if row.get("family_name") and random.random() < 0.02:
        row["family_name"] += f"-{surname(surname_rank(random))}"
    for name in ("phone", "email", "birth_date"):
        if row.get(name) and random.random() < 0.12:
            row[name] = random.choice(_NOTHING) if random.random() < 0.1 else ""
    return row


def _slipped(name: str, value: str, random: Random) -> str:
    """A slip of the pen in one name, street or mailbox of forty; capitals as people write them."""
    if name in _WRITTEN and len(value) > 4 and random.random() < 0.025:
        value = _typo(value, random)
    if name in ("given_name", "family_name"):
        value = random.choice((value.title(), value.title(), value.title(), value.upper()))
    return value


def _typo(word: str, random: Random) -> str:
    at = random.randrange(1, len(word) - 2)
    before, two, after = word[:at], word[at : at + 2], word[at + 2 :]
    return (
        before + random.choice((two[::-1], two[0], two + two[1], random.choice(_LETTERS))) + after
    )
