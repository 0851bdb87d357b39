"""The vocabulary of the filter language: what each term reads, and how its value is written.

A term sees a contact as a few short texts, its *values*. The same values are the rows of
the search index (`search_keys.py`), so that what a filter matches is also what it finds.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from operator import eq, ge, gt, le, lt
from typing import Any

from chalicelib.domain.fields import KINDS, ROLES, STAGES
from chalicelib.domain.folding import fold
from chalicelib.domain.normal.codec import Codec, Context, InvalidValueError
from chalicelib.domain.normal.emails import email
from chalicelib.domain.normal.phones import phone
from chalicelib.domain.normal.text import choice, clean, token

Contact = Mapping[str, Any]
"""Golden values in normal form, with `id` and `records`: [{"source", "external_id"}]."""

MAX_VALUE = 300  # characters; a longer value of a contact is neither indexed nor matched
NAME_WORDS = 10  # of a contact's name, the first ones; each is a row of the index
_MAX_ID = 64
_READING = Context(country="PL", today=date.max)  # a national number is a Polish one
_DAYS = re.compile(r"[1-9][0-9]{0,3}")
_COMPARISON = re.compile(r"([<>]=?)\s*([0-9]{1,12}(?:\.[0-9]{1,4})?)\s*([A-Za-z]{3})?")
_SIGNS = {">": gt, ">=": ge, "<": lt, "<=": le}
_LEAP_YEAR = 2000  # 29 February is a birthday too


@dataclass(frozen=True)
class Term:
    """One word of the language.

    `of` gives a contact's values. `typed` gives what the text after the colon asks for, all
    of which must hold, or raises `InvalidValueError`. `rows` guesses how many contacts in a
    million have one value, for the planner. `fits` says whether a contact's value is what is
    asked for. With `compared` it may be asked for as `>` or `<`; `dated` turns what hangs on
    the clock into what was meant on a day.
    """

    of: Callable[[Contact], Iterable[str]]
    typed: Callable[[str], Sequence[str]]
    rows: int
    fits: Callable[[str, str], bool] = eq
    compared: bool = False
    dated: Callable[[str, date], str] | None = None

    @property
    def prefix(self) -> bool:
        """Whether beginnings are matched."""
        return self.fits is str.startswith

    def matches(self, contact: Contact, value: str) -> bool:
        """Whether the contact has a value that fits."""
        return any(self.fits(known, value) for known in self.of(contact))


def _each(field: str) -> Callable[[Contact], list[str]]:
    return lambda contact: _short(text.casefold() for text in contact.get(field) or ())


def _one(field: str) -> Callable[[Contact], list[str]]:
    return lambda contact: _short([(contact.get(field) or "").casefold()])


def _part(field: str, part: str) -> Callable[[Contact], list[str]]:
    return lambda contact: _short(element[part] for element in contact.get(field) or ())


def _short(values: Iterable[str]) -> list[str]:
    return [value for value in values if 0 < len(value) <= MAX_VALUE]


def _ids(contact: Contact) -> list[str]:
    return [contact["id"]]


def _sources(contact: Contact) -> list[str]:
    return _short(record["source"].casefold() for record in contact.get("records") or ())


def _records(contact: Contact) -> list[str]:
    told = contact.get("records") or ()
    return _short(f"{record['source'].casefold()}/{record['external_id']}" for record in told)


def _relations(contact: Contact) -> list[str]:
    """Not cut to what a filter can ask for: who is related is also looked up by these rows."""
    told = contact.get("relations") or ()
    return [f"{r['kind']}/{r['source'].casefold()}/{r['external_id']}" for r in told]


def _birthdays(contact: Contact) -> list[str]:
    born = contact.get("birth_date")
    return [born[-5:]] if born else []


def _name_words(contact: Contact) -> list[str]:
    """The folded words of the name; a company's name may stand in `organization` alone."""
    fields = ["given_name", "family_name", "full_name"]
    if contact.get("kind") == "company":
        fields.append("organization")
    return _words(" ".join(contact.get(field) or "" for field in fields))[:NAME_WORDS]


def _words(text: str) -> list[str]:
    return [word[:MAX_VALUE] for word in dict.fromkeys(fold(text).split())]


def _label(text: str) -> list[str]:
    return [clean(text).casefold()]


def _in_form(codec: Codec) -> Callable[[str], list[str]]:
    return lambda text: [codec(text, _READING)]


def _id(text: str) -> list[str]:
    if not 1 <= len(text) <= _MAX_ID or not text.isascii():
        raise InvalidValueError("bad_value", "It must be the id of a contact.")
    return [text]


def _record(text: str) -> list[str]:
    source, _, external_id = text.partition("/")
    if not source or not external_id:
        raise InvalidValueError("bad_value", "Write the source, a slash and its id for the record.")
    return [f"{source.casefold()}/{external_id}"]


def _relation(text: str) -> list[str]:
    kind, _, record = text.partition("/")
    return [f"{token(kind, _READING)}/{value}" for value in _record(record)]


def _birthday(text: str) -> list[str]:
    try:
        return [f"{date.fromisoformat(f'{_LEAP_YEAR}-{text}'):%m-%d}"]
    except ValueError:
        raise InvalidValueError("bad_value", "Write month and day, such as 11-21.") from None


def _name(text: str) -> list[str]:
    words = _words(text)
    if not 1 <= len(words) <= NAME_WORDS:
        raise InvalidValueError("bad_value", f"Write 1 to {NAME_WORDS} words of a name.")
    return words


def _purchases(contact: Contact) -> list[str]:
    """`<day>#<item>` for the last purchase of each item, by its number and by its name.

    And of the last order whatever it was of, as of the item "".
    """
    bought = contact.get("purchases")
    if not bought:
        return []
    items = [(i["last"], i[part].casefold()) for i in bought["items"] for part in ("sku", "name")]
    return [f"{day}#{item}" for day, item in dict.fromkeys(items) if item] + [f"{bought['last']}#"]


def _is_of(purchase: str, item: str) -> bool:
    return purchase.partition("#")[2] == item


def _since(purchase: str, wanted: str) -> bool:
    (day, _, item), (first, _, wanted_item) = purchase.partition("#"), wanted.partition("#")
    if first.startswith("-"):
        raise ValueError("a filter that hangs on the clock must be told what day it is")
    return item == wanted_item and day >= first


def _within(text: str) -> list[str]:
    """`-<days>#<item>`: what it means is for `_from` to say, on a day."""
    days, _, item = text.partition("/")
    if not _DAYS.fullmatch(days) or ("/" in text and not item.strip()):
        detail = "Write a number of days, a slash and the item, or the days alone."
        raise InvalidValueError("bad_value", detail)
    return [f"-{days}#{clean(item).casefold() if item else ''}"]


def _from(value: str, today: date) -> str:
    days, _, item = value.removeprefix("-").partition("#")
    return f"{today - timedelta(days=int(days))}#{item}"


def _totals(contact: Contact) -> list[str]:
    """`<currency> <amount>` of all orders together."""
    bought = contact.get("purchases") or {"totals": {}}
    return [f"{currency} {total['amount']}" for currency, total in bought["totals"].items()]


def _amount(text: str) -> list[str]:
    found = _COMPARISON.fullmatch(text.strip())
    if not found:
        detail = "Write >, >=, < or <= and an amount, in quotes with a currency: >100 PLN."
        raise InvalidValueError("bad_value", detail)
    sign, amount, currency = found.groups()
    return [f"{sign} {amount} {(currency or '').upper()}"]


def _compares(total: str, wanted: str) -> bool:
    (currency, amount), (sign, bound, asked) = total.split(" "), wanted.split(" ")
    return asked in ("", currency) and bool(_SIGNS[sign](Decimal(amount), Decimal(bound)))


TERMS: Mapping[str, Term] = {
    "birthday": Term(_birthdays, _birthday, rows=3_000),
    "bought": Term(_purchases, _label, rows=5_000, fits=_is_of),
    "bought_within": Term(_purchases, _within, rows=2_000, fits=_since, dated=_from),
    "email": Term(_part("emails", "address"), _in_form(email), rows=2),
    "id": Term(_ids, _id, rows=1),
    "interest": Term(_each("interests"), _label, rows=50_000),
    "kind": Term(_one("kind"), _in_form(choice(*KINDS)), rows=500_000),
    "name": Term(_name_words, _name, rows=5_000, fits=str.startswith),
    "phone": Term(_part("phones", "number"), _in_form(phone), rows=3),
    "record": Term(_records, _record, rows=1),
    "related": Term(_relations, _relation, rows=100),
    "role": Term(_each("roles"), _in_form(choice(*ROLES)), rows=300_000),
    "source": Term(_sources, _label, rows=300_000),
    "spent": Term(_totals, _amount, rows=400_000, fits=_compares, compared=True),
    "stage": Term(_one("stage"), _in_form(choice(*STAGES)), rows=200_000),
    "tag": Term(_each("tags"), _label, rows=50_000),
}
