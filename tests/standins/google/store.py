"""One user's contacts with all their past: a sync shows what stood some minutes ago."""

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count

from ..base import Now
from .fields import MY_CONTACTS, Fields


@dataclass(frozen=True)
class Person:
    """One state of one contact; `formerly` are the resource names it had before."""

    name: str
    fields: Fields
    etag: str
    at: datetime
    seq: int
    gone: bool = False
    formerly: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """The id within the contact source."""
        return self.name.removeprefix("people/c")


class Contacts:
    """States in the order in which they came."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self._states: list[Person] = []
        self._numbers, self._seqs = count(1001), count(1)
        self.groups = {MY_CONTACTS: "myContacts", "contactGroups/starred": "starred"}

    def add(self, fields: Fields) -> Person:
        """A new contact; it is in `myContacts` where no group is given."""
        member = {"contactGroupMembership": {"contactGroupResourceName": MY_CONTACTS}}
        return self._state(f"people/c{next(self._numbers)}", {"memberships": [member], **fields})

    def change(self, name: str, fields: Fields) -> Person:
        """These fields are replaced; an empty one is cleared."""
        person = self.find(name)
        fields = {key: all for key, all in {**person.fields, **fields}.items() if all}
        return self._state(person.name, fields, formerly=person.formerly)

    def remove(self, name: str) -> None:
        """It is shown as deleted to whoever syncs."""
        person = self.find(name)
        self._state(person.name, {}, gone=True, formerly=person.formerly)

    def rename(self, name: str) -> Person:
        """It gets another resource name, and is still found under the old one."""
        person = self.find(name)
        formerly = (*person.formerly, person.name)
        return self._state(f"people/c{next(self._numbers)}", person.fields, formerly=formerly)

    def add_group(self, label: str) -> str:
        """Its resource name."""
        name = f"contactGroups/{len(self.groups):x}"
        self.groups[name] = label
        return name

    def find(self, name: str) -> Person:
        """As it is now; raises `KeyError` where there is none."""
        for person in self.all():
            if name in (person.name, *person.formerly):
                return person
        raise KeyError(name)

    def all(self, until: datetime | None = None) -> list[Person]:
        """Who was there at that time, the one that changed first being the first."""
        return [person for person in self.since(0, until) if not person.gone]

    def since(self, seq: int, until: datetime | None = None) -> list[Person]:
        """The last states up to that time of whom changed after `seq`."""
        seen = [each for each in self._states if until is None or each.at <= until]
        last = {person.name: person for person in seen}
        renamed = {name for person in last.values() for name in person.formerly}
        return [
            each
            for each in sorted(last.values(), key=lambda each: each.seq)
            if each.seq > seq and each.name not in renamed
        ]

    def reached(self, until: datetime) -> int:
        """The number of the last state up to that time."""
        return max((each.seq for each in self._states if each.at <= until), default=0)

    def _state(self, name: str, fields: Fields, **rest: object) -> Person:
        seq = next(self._seqs)
        person = Person(name, fields, f"%etag-{seq}", self._now(), seq)
        self._states.append(replace(person, **rest))  # type: ignore[arg-type]
        return self._states[-1]


def phrases(fields: Fields) -> list[str]:
    """What a search of a person may begin with."""
    parts = {
        "names": ("givenName", "familyName"),
        "nicknames": ("value",),
        "emailAddresses": ("value",),
        "phoneNumbers": ("value",),
        "organizations": ("name", "title"),
    }
    texts = [
        " ".join(value[part] for part in named if part in value).lower()
        for name, named in parts.items()
        for value in fields.get(name, [])
    ]
    return [" ".join(words[at:]) for words in map(str.split, texts) for at in range(len(words))]
