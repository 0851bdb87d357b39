"""The vocabulary of the filter language: what each term reads, and how its value is written.

A term sees a contact as a few short texts, its *values*. The same values are the rows of
the search index (`search_keys.py`), so that what a filter matches is also what it finds.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
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
_LEAP_YEAR = 2000  # 29 February is a birthday too


@dataclass(frozen=True)
class Term:
    """One word of the language.

    `of` gives a contact's values. `typed` gives what the text after the colon asks for, all
    of which must hold, or raises `InvalidValueError`. `rows` guesses how many contacts in a
    million have one value, for the planner. With `prefix`, beginnings are matched.
    """

    of: Callable[[Contact], Iterable[str]]
    typed: Callable[[str], Sequence[str]]
    rows: int
    prefix: bool = False

    def matches(self, contact: Contact, value: str) -> bool:
        """Whether the contact has the value, or for a prefix term one that begins with it."""
        values = self.of(contact)
        return any(v.startswith(value) for v in values) if self.prefix else value in values


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


TERMS: Mapping[str, Term] = {
    "birthday": Term(_birthdays, _birthday, rows=3_000),
    "email": Term(_part("emails", "address"), _in_form(email), rows=2),
    "id": Term(_ids, _id, rows=1),
    "interest": Term(_each("interests"), _label, rows=50_000),
    "kind": Term(_one("kind"), _in_form(choice(*KINDS)), rows=500_000),
    "name": Term(_name_words, _name, rows=5_000, prefix=True),
    "phone": Term(_part("phones", "number"), _in_form(phone), rows=3),
    "record": Term(_records, _record, rows=1),
    "related": Term(_relations, _relation, rows=100),
    "role": Term(_each("roles"), _in_form(choice(*ROLES)), rows=300_000),
    "source": Term(_sources, _label, rows=300_000),
    "stage": Term(_one("stage"), _in_form(choice(*STAGES)), rows=200_000),
    "tag": Term(_each("tags"), _label, rows=50_000),
}
