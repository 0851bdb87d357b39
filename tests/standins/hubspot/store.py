"""HubSpot's contacts: properties as strings, unique ones, what a merge and an archiving leave."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

STANDARD = (
    "firstname",
    "lastname",
    "email",
    "hs_additional_emails",
    "phone",
    "mobilephone",
    "company",
    "jobtitle",
    "date_of_birth",
    "address",
    "city",
    "zip",
    "country",
)
READ_ONLY = ("hs_object_id", "createdate", "lastmodifieddate", "hs_email_optout")
SHOWN = ("createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname")
LONGEST = 65_536

Tell = Callable[..., None]


class Denied(Exception):
    """A write that HubSpot does not do: `category`, and the ids or names it is about."""

    def __init__(self, category: str, message: str, **context: str) -> None:
        super().__init__(category)
        self.category, self.message, self.context = category, message, context


@dataclass
class Contact:
    """One record; `merged` are the ids that lead here."""

    id: str
    created: datetime
    updated: datetime
    properties: dict[str, str] = field(default_factory=dict)
    merged: tuple[str, ...] = ()
    archived: datetime | None = None

    def value(self, name: str) -> str | None:
        """A property, also those that the system keeps."""
        kept = {
            "hs_object_id": self.id,
            "createdate": stamp(self.created),
            "lastmodifieddate": stamp(self.updated),
        }
        return kept.get(name) or self.properties.get(name) or None

    def emails(self) -> list[str]:
        """The address and the further ones."""
        further = self.properties.get("hs_additional_emails", "").split(";")
        return [email for email in [self.properties.get("email", ""), *further] if email]

    def shown(self, names: list[str] | tuple[str, ...]) -> dict[str, Any]:
        """The record in an answer, with these properties and those that always come."""
        always = ("createdate", "hs_object_id", "lastmodifieddate")
        record: dict[str, Any] = {
            "id": self.id,
            "properties": {name: self.value(name) for name in sorted({*names, *always})},
            "createdAt": stamp(self.created),
            "updatedAt": stamp(self.updated),
            "archived": self.archived is not None,
        }
        return {**record, "archivedAt": stamp(self.archived)} if self.archived else record


class Contacts:
    """All of them. `tell(kind, contact, ...)` hears of every change."""

    def __init__(
        self,
        now: Callable[[], datetime],
        tell: Tell,
        custom: tuple[str, ...],
        unique: tuple[str, ...],
        options: Mapping[str, tuple[str, ...]],
    ) -> None:
        self.now, self.tell = now, tell
        self.writable = (*STANDARD, *custom)
        self.unique = unique
        self.options = options
        self.all: dict[str, Contact] = {}
        self.blocked: set[str] = set()
        self._ids = count(101)

    def live(self) -> Iterator[Contact]:
        """Those that are not archived, the oldest first."""
        return (contact for contact in self.all.values() if contact.archived is None)

    def by_id(self, id: str) -> Contact | None:
        """Also by an id that was merged away; archived ones too."""
        return self.all.get(id) or next((c for c in self.all.values() if id in c.merged), None)

    def find(self, id: str, by: str | None) -> Contact | None:
        """A live contact by its id, an address of its, or another unique property."""
        if by in (None, "hs_object_id"):
            found = self.by_id(id)
            return found if found and found.archived is None else None
        if by == "email":
            return next((c for c in self.live() if id.strip().lower() in c.emails()), None)
        return next((c for c in self.live() if c.properties.get(by or "") == id), None)

    def checked(self, properties: Mapping[str, str], contact: Contact | None) -> dict[str, str]:
        """As they will be stored; raises `Denied`."""
        written = {name: _stored(name, value) for name, value in properties.items()}
        for name, value in written.items():
            self._check_value(name, value)
        held = contact.properties if contact else {}
        if not contact and not any(written.get(n) for n in ("email", "firstname", "lastname")):
            raise Denied("VALIDATION_ERROR", "One of email, firstname, lastname must be given.")
        self._check_unique({**held, **written}, contact)
        return written

    def unknown(self, properties: Mapping[str, str]) -> list[str]:
        """Names that there are not, or that nobody may write."""
        return [name for name in properties if name not in self.writable]

    def create(self, properties: Mapping[str, str], by: str) -> Contact:
        """A new contact; raises `Denied`."""
        written = self.checked(properties, None)
        contact = Contact(str(next(self._ids)), self.now(), self.now())
        self.all[contact.id] = contact
        self.tell("creation", contact, by)
        self._write(contact, written, by)
        return contact

    def update(self, contact: Contact, properties: Mapping[str, str], by: str) -> Contact:
        """What is not named stays, an empty string clears; raises `Denied`."""
        self._write(contact, self.checked(properties, contact), by)
        return contact

    def set_kept(self, contact: Contact, name: str, value: str, by: str) -> None:
        """A property that the system keeps."""
        self._write(contact, {name: value}, by)

    def archive(self, contact: Contact, by: str) -> None:
        """It can be restored, for 90 days."""
        contact.archived = contact.updated = self.now()
        self.tell("deletion", contact, by)

    def restore(self, contact: Contact, by: str) -> None:
        """Back from the archive."""
        contact.archived, contact.updated = None, self.now()
        self.tell("restore", contact, by)

    def erase(self, contact: Contact, by: str) -> None:
        """For good; its addresses can never come back."""
        self.blocked.update(contact.emails())
        del self.all[contact.id]
        self.tell("privacyDeletion", contact, by)

    def merge(self, primary: Contact, second: Contact, by: str) -> Contact:
        """A contact with a NEW id: the primary's values, then the second's; both ids lead to it."""
        gone = (primary, second)
        properties = {**_filled(second), **_filled(primary)}
        emails = [email for contact in gone for email in contact.emails()]
        further = [email for email in emails if email != properties.get("email")]
        properties["hs_additional_emails"] = ";".join(dict.fromkeys(further))
        ids = tuple(id for contact in gone for id in (contact.id, *contact.merged))
        for contact in gone:
            del self.all[contact.id]
        created = min(contact.created for contact in gone)
        merged = Contact(str(next(self._ids)), created, self.now(), properties, ids)
        self.all[merged.id] = merged
        moved = len(set(_filled(second)) - set(_filled(primary)))
        self.tell("merge", primary, by, merged=[second.id], new=merged.id, moved=moved)
        return merged

    def _write(self, contact: Contact, written: Mapping[str, str], by: str) -> None:
        contact.updated = self.now()
        for name, value in written.items():
            if contact.properties.get(name, "") != value:
                contact.properties[name] = value
                self.tell("propertyChange", contact, by, name=name, value=value)
        self.tell("touched", contact, by)

    def _check_value(self, name: str, value: str) -> None:
        if len(value) > LONGEST:
            raise Denied("VALIDATION_ERROR", f"{name} is too long", propertyName=name)
        if name == "email" and value and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
            raise Denied("VALIDATION_ERROR", "INVALID_EMAIL", propertyName=name)
        allowed = self.options.get(name)
        if allowed and any(part not in allowed for part in value.split(";") if part):
            raise Denied("VALIDATION_ERROR", "INVALID_OPTION", propertyName=name)

    def _check_unique(self, properties: Mapping[str, str], contact: Contact | None) -> None:
        for email in Contact("", self.now(), self.now(), dict(properties)).emails():
            if email in self.blocked:
                raise Denied("VALIDATION_ERROR", "This address was deleted for privacy.")
            self._check_holder(self.find(email, "email"), contact)
        for name in self.unique:
            if properties.get(name):
                self._check_holder(self.find(properties[name], name), contact)

    def _check_holder(self, holder: Contact | None, contact: Contact | None) -> None:
        if holder is not None and holder is not contact:
            message = f"Contact already exists. Existing ID: {holder.id}"
            raise Denied("CONFLICT", message, existingId=holder.id)


def stamp(moment: datetime) -> str:
    """As HubSpot writes a time: to the millisecond, in UTC."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def _stored(name: str, value: str) -> str:
    emails = name in ("email", "hs_additional_emails")
    return value.strip().lower() if emails else value.strip()


def _filled(contact: Contact) -> dict[str, str]:
    return {name: value for name, value in contact.properties.items() if value}
