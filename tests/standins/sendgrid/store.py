"""What a SendGrid account holds: contacts under up to four identifiers, lists, custom fields."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

IDENTIFIERS = ("email", "phone_number_id", "external_id", "anonymous_id")
_TEXTS = (
    *("first_name", "last_name", "address_line_1", "address_line_2", "city"),
    *("state_province_region", "country", "postal_code"),
)
_UNWRITTEN = ("unique_name", "phone_number", "whatsapp", "line", "facebook")


class Rejected(Exception):
    """One contact of a job cannot be written."""


def stamp(at: datetime) -> str:
    """As SendGrid writes a time."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Contact:
    """One contact; what it never got is empty text."""

    id: str
    created: datetime
    updated: datetime
    fields: dict[str, Any] = field(default_factory=dict)
    custom: dict[str, Any] = field(default_factory=dict)
    lists: list[str] = field(default_factory=list)

    @property
    def identifiers(self) -> dict[str, str]:
        """Those that it has."""
        return {name: self.fields[name] for name in IDENTIFIERS if self.fields.get(name)}

    @property
    def keys(self) -> list[tuple[str, str]]:
        """All by which it is found."""
        others = self.fields.get("alternate_emails", [])
        return [*self.identifiers.items(), *(("alternate_emails", each) for each in others)]

    def shown(self, names: dict[str, str]) -> dict[str, Any]:
        """As the API shows it; custom fields are shown by name, though they are set by id."""
        texts = {name: self.fields.get(name, "") for name in (*IDENTIFIERS, *_TEXTS, *_UNWRITTEN)}
        return {
            "id": self.id,
            **texts,
            "alternate_emails": self.fields.get("alternate_emails", []),
            "list_ids": list(self.lists),
            "segment_ids": [],
            "custom_fields": {names[id]: value for id, value in self.custom.items() if id in names},
            "created_at": stamp(self.created),
            "updated_at": stamp(self.updated),
            "_metadata": {"self": f"https://api.sendgrid.com/v3/marketing/contacts/{self.id}"},
        }


class Store:
    """All of it; ids come from one counter."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.contacts: dict[str, Contact] = {}
        self.lists: dict[str, str] = {}
        self.custom: dict[str, dict[str, str]] = {}
        self._counter = count(1)
        self._known: dict[tuple[str, str], str] = {}

    def new_id(self) -> str:
        """An id that no other thing has."""
        return f"00000000-0000-4000-8000-{next(self._counter):012x}"

    def write(self, given: dict[str, Any], lists: Iterable[str]) -> bool:
        """Create or update the contact that these identifiers mean; whether it is new.

        Raises `Rejected` where they mean two, or where one that it has is not given.
        """
        given = lowered(given)
        found = list(self._meant(given))
        if len(found) > 1:
            raise Rejected("identifiers belong to different contacts")
        contact = found[0] if found else self._new()
        for name, value in contact.identifiers.items():
            if given.get(name) != value:  # also where the request has another one
                raise Rejected(f"existing identifier {name} is not present")
        self.contacts[contact.id] = contact
        self.change(contact, given, lists)
        return not found

    def change(self, contact: Contact, given: dict[str, Any], lists: Iterable[str] = ()) -> None:
        """Set what is given; the rest remains."""
        self._forget(contact)
        contact.fields |= {name: value for name, value in given.items() if name != "custom_fields"}
        contact.custom |= given.get("custom_fields", {})
        contact.lists += [id for id in lists if id not in contact.lists]
        contact.updated = self.now()
        self._known |= dict.fromkeys(contact.keys, contact.id)

    def delete(self, id: str) -> None:
        """For good; raises `Rejected` where it is not there."""
        if id not in self.contacts:
            raise Rejected("contact not found")
        self._forget(self.contacts.pop(id))

    def found(self, kind: str, value: str) -> Contact | None:
        """By one identifier; an e-mail also by the alternate ones, in whatever case."""
        wanted = value.lower() if kind == "email" else value
        id = self._known.get((kind, wanted))
        if id is None and kind == "email":
            id = self._known.get(("alternate_emails", wanted))
        return self.contacts[id] if id else None

    def unidentify(self, id: str, kind: str, value: str) -> None:
        """Take one identifier away; raises `Rejected` where it is the last or another's."""
        contact = self.contacts[id]
        if contact.identifiers.get(kind) != value:
            raise Rejected("identifier not found")
        if len(contact.identifiers) == 1:
            raise Rejected("a contact must have an identifier")
        self._forget(contact)
        del contact.fields[kind]
        self.change(contact, {})

    def named(self) -> dict[str, str]:
        """The custom fields' names by id."""
        return {id: told["name"] for id, told in self.custom.items()}

    def _meant(self, given: dict[str, Any]) -> Iterator[Contact]:
        ids = {self._known.get((name, given.get(name, "")), "") for name in IDENTIFIERS}
        yield from (self.contacts[id] for id in sorted(ids) if id)

    def _forget(self, contact: Contact) -> None:
        for key in contact.keys:
            self._known.pop(key, None)

    def _new(self) -> Contact:
        return Contact(self.new_id(), self.now(), self.now())


def lowered(given: dict[str, Any]) -> dict[str, Any]:
    """E-mails are kept in lower case."""
    emails = {"email": given["email"].lower()} if "email" in given else {}
    if "alternate_emails" in given:
        emails["alternate_emails"] = [each.lower() for each in given["alternate_emails"]]
    return {**given, **emails}
