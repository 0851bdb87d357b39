"""The worst data for a look: one name, phone, house and employer for thousands.

A look reads at most `MOST_KEYS` keys, each one row past its cap, and `CANDIDATES_CAP`
cards; rows are of one size, a card's size is bounded by `features`. So no data can make a
look cost more than `most_units()`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.domain.matching import MODEL, Card, Note, features, look
from chalicelib.domain.matching.features import MOST_VALUES
from chalicelib.domain.matching.keys import MOST_KEYS, cap_of
from chalicelib.domain.matching.looking import CANDIDATES_CAP
from chalicelib.store.sizes import read_units
from infra.matching.shop import Store
from tests.bench.matching.shelves import SizedStore, Spent, list_size, row_size
from tests.bench.matching.tables import show

Values = Mapping[str, Any]

NAME = {"given_name": "Anna", "family_name": "Nowak"}
PHONE = {"phones": [{"number": "+48600100200"}]}
HOUSE = {"addresses": [{"street": "ul. Długa 5", "postal_code": "00-001", "city": "Warszawa"}]}
EMPLOYER = {"organization": "Tartak Wierzba"}
CROWDS = {"one name": 10_000, "one phone": 5_000, "one house": 3_000, "one company": 5_000}
_PRINT, _ID = "0" * 8, "0" * 36
LARGEST_NOTE = Note(frozenset({_PRINT, "1" * 8, "2" * 8}), _PRINT, _ID)


def card_units() -> int:
    """Read units of the largest card that `features` makes."""
    largest = Card(_ID, "s" * 40, "0" * 20, features(largest_values()))
    return read_units(list_size(largest, LARGEST_NOTE))


def most_units() -> int:
    """Above this no look goes, whatever the data."""
    return _key_units() + CANDIDATES_CAP * card_units()


def usual_most_units() -> int:
    """Above this none goes where cards and their lists of rows are within 4 KB."""
    return _key_units() + CANDIDATES_CAP


def _key_units() -> int:
    """No kind of key has a larger cap than a name's (a test holds it)."""
    return MOST_KEYS * read_units((cap_of("name=") + 1) * row_size(_ID, LARGEST_NOTE))


def largest_values() -> dict[str, Any]:
    """A record that says all it can, at length."""
    words, word, many = "a " * 100, "w" * 196, range(100, 100 + 2 * MOST_VALUES)
    host = f"{'firma.' * 29}example.com"
    return {
        "given_name": words,
        "family_name": words,
        "nicknames": [f"{word}{n}" for n in many],
        "organization": words,
        "emails": [{"address": f"{'a.' * 30}a{n}@{host}"} for n in many],
        "phones": [{"number": f"+481234567890{n}"} for n in many],
        "addresses": [{"street": words, "postal_code": f"{n:020}", "city": word} for n in many],
        "birth_date": "1984-11-21",
        "identifiers": [{"kind": f"{'k' * 37}{n}", "value": f"{word}{n}"} for n in many],
    }


def crowd(name: str, number: int) -> Values:
    """What the n-th of a crowd says: the shared thing, and all else its own."""
    own = {
        "given_name": _word(number),
        "family_name": _word(number * 7919 + 13),
        "emails": [{"address": f"{_word(number)}{number}@firma.example.com"}],
    }
    apart = own | {"emails": [{"address": f"{_word(number)}{number}@gmail.com"}]}
    given_one_of_few = {"given_name": ("Anna", "Jan", "Ewa", "Piotr")[number % 4]}
    told: dict[str, Values] = {
        "one name": apart | NAME,
        "one phone": apart | PHONE,
        "one house": apart | given_one_of_few | HOUSE,
        "one company": own | given_one_of_few | EMPLOYER,
    }
    return {"kind": "person", **told[name]}


def asker() -> Values:
    """Who has something in common with every crowd."""
    mailbox = {"emails": [{"address": "anna.nowak@firma.example.com"}]}
    return {"kind": "person", **NAME, **PHONE, **HOUSE, **EMPLOYER, **mailbox}


def _word(number: int) -> str:
    digits = f"{number * 48_271 % 999_983:06}"
    return "".join("bacedifogukalemnotpu"[2 * int(d) : 2 * int(d) + 2] for d in digits)


def fill(store: Store, crowds: Mapping[str, int]) -> None:
    """Put crowds into a store, everybody a contact of their own."""
    for name, size in crowds.items():
        for number in range(size):
            record = f"{name}-{number:06}".replace(" ", "-").ljust(len(_ID), "0")
            store.put(Card(record, "crm", f"{number:09}", features(crowd(name, number))), record)


def looked(store: Store, spent: Spent, values: Values) -> Spent:
    """What one look for these values costs."""
    before = Spent(spent.keys, spent.rows, spent.cards, spent.units)
    look(store, Card(_ID, "shop", "9", features(values)), (_ID,), MODEL)
    read = spent.keys - before.keys, spent.rows - before.rows, spent.cards - before.cards
    return Spent(*read, spent.units - before.units)


def askers(crowds: Iterable[str]) -> dict[str, Values]:
    """One more of each crowd, who has something of all, and who says all one can say."""
    more = {f"{name}, one more": crowd(name, 999_983) for name in crowds}
    return more | {"something of all": asker(), "all one can say": largest_values()}


def main() -> None:
    """Print what looks cost among crowds, and the cap."""
    store = SizedStore()
    fill(store, CROWDS)
    spent = {who: looked(store, store.costs, values) for who, values in askers(CROWDS).items()}
    sizes = ", ".join(f"{name}: {size:,}" for name, size in CROWDS.items())
    rows = [(who, s.keys, s.rows, s.cards, s.units) for who, s in spent.items()]
    head = ("look for", "key reads", "rows", "cards", "units")
    show(f"Among crowds ({sizes})", head, rows)
    print(
        f"  cap: {MOST_KEYS} keys and {CANDIDATES_CAP} cards are {usual_most_units()} units"
        f" with cards within 4 KB, {most_units()} with the largest ({card_units()} units a card)"
    )
