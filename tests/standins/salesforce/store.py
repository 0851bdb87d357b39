"""Salesforce's contacts: required and bounded fields, external ids, the recycle bin, a merge."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

BIN = timedelta(days=15)
LENGTHS = {
    "FirstName": 40,
    "LastName": 80,
    "Email": 80,
    "Phone": 40,
    "MobilePhone": 40,
    "HomePhone": 40,
    "Title": 128,
    "Department": 80,
    "Description": 32_000,
    "MailingStreet": 255,
    "MailingCity": 40,
    "MailingState": 80,
    "MailingPostalCode": 20,
    "MailingCountry": 80,
}
PLAIN = ("Salutation", "LeadSource", "Birthdate", "AccountId", "HasOptedOutOfEmail", "DoNotCall")
KEPT = (
    "Id",
    "Name",
    "IsDeleted",
    "MasterRecordId",
    "CreatedDate",
    "LastModifiedDate",
    "LastModifiedById",
    "SystemModstamp",
)


class Denied(Exception):
    """A record that Salesforce does not write: an error as an item of a collection has it."""

    def __init__(self, code: str, message: str, *fields: str) -> None:
        super().__init__(code)
        self.code, self.message, self.fields = code, message, list(fields)


@dataclass
class Contact:
    """One record."""

    fields: dict[str, Any]
    changed: datetime
    deleted: datetime | None = None

    @property
    def id(self) -> str:
        """Eighteen characters."""
        return str(self.fields["Id"])


class Contacts:
    """All of them; `external` are unique whatever their case, `custom` other fields."""

    def __init__(
        self,
        now: Callable[[], datetime],
        external: tuple[str, ...],
        custom: tuple[str, ...],
        users: dict[str, str],
    ) -> None:
        self.now, self.users = now, users
        self.external, self.custom = external, (*external, *custom)
        self.columns = {*LENGTHS, *PLAIN, *KEPT, *self.custom}
        self.all: dict[str, Contact] = {}
        self.locked: set[str] = set()
        self.duplicate_rule = False
        self._ids = count(1)

    def live(self) -> Iterator[Contact]:
        """Those that are not deleted."""
        return (contact for contact in self.all.values() if contact.deleted is None)

    def kept(self) -> list[Contact]:
        """With those that are in the recycle bin still."""
        return [c for c in self.all.values() if c.deleted is None or c.deleted + BIN > self.now()]

    def get(self, id: str) -> Contact | None:
        """A live one; ids of fifteen characters will do."""
        return next((c for c in self.live() if id in (c.id, c.id[:15])), None)

    def having(self, field: str, value: str) -> list[Contact]:
        """The live ones with this external id."""
        wanted = value.lower()
        return [c for c in self.live() if str(c.fields.get(field) or "").lower() == wanted]

    def create(self, written: Mapping[str, Any], by: str, allow: bool = False) -> Contact:
        """A new contact; raises `Denied`."""
        stored = self._stored(written)
        if not stored.get("LastName"):
            message = "Required fields are missing: [LastName]"
            raise Denied("REQUIRED_FIELD_MISSING", message, "LastName")
        self._check_twins(stored, allow)
        self._check_unique(stored, None)
        blank: dict[str, Any] = dict.fromkeys(sorted(self.columns))
        flags = {"HasOptedOutOfEmail": False, "DoNotCall": False, "IsDeleted": False}
        made = {"Id": f"003{next(self._ids):012d}AAA", "CreatedDate": stamp(self.now())}
        contact = Contact({**blank, **flags, **made}, self.now())
        self.all[contact.id] = contact
        return self._write(contact, stored, by)

    def update(self, contact: Contact, written: Mapping[str, Any], by: str) -> Contact:
        """What is named is overwritten, null and "" clear; raises `Denied`."""
        self._check_lock(contact)
        stored = self._stored(written)
        if "LastName" in stored and not stored["LastName"]:
            message = "Required fields are missing: [LastName]"
            raise Denied("REQUIRED_FIELD_MISSING", message, "LastName")
        self._check_unique(stored, contact)
        return self._write(contact, stored, by)

    def delete(self, contact: Contact, by: str, into: str | None = None) -> None:
        """Into the recycle bin; raises `Denied`."""
        self._check_lock(contact)
        contact.deleted = self.now()
        self._write(contact, {"IsDeleted": True, "MasterRecordId": into}, by)

    def restore(self, contact: Contact, by: str) -> None:
        """Out of it."""
        contact.deleted = None
        self._write(contact, {"IsDeleted": False, "MasterRecordId": None}, by)

    def merge(self, master: Contact, gone: Contact, by: str) -> None:
        """The master's values stand; what it lacks comes from the other."""
        lacking = {
            name: value
            for name, value in gone.fields.items()
            if name not in (*KEPT, *self.external) and value and not master.fields.get(name)
        }
        self.delete(gone, by, into=master.id)
        self._write(master, lacking, by)

    def unknown(self, names: Mapping[str, Any]) -> list[str]:
        """Fields that there are not, or that nobody writes."""
        return [name for name in names if name not in self.columns or name in KEPT]

    def _write(self, contact: Contact, stored: Mapping[str, Any], by: str) -> Contact:
        at = stamp(self.now())
        contact.changed = self.now()
        contact.fields.update(stored)
        contact.fields.update(LastModifiedDate=at, SystemModstamp=at)
        contact.fields["LastModifiedById"] = self.users[by]
        names = (contact.fields["FirstName"], contact.fields["LastName"])
        contact.fields["Name"] = " ".join(name for name in names if name)
        return contact

    def _stored(self, written: Mapping[str, Any]) -> dict[str, Any]:
        stored = {n: v.strip() or None if isinstance(v, str) else v for n, v in written.items()}
        for name, value in stored.items():
            if isinstance(value, str) and len(value) > LENGTHS.get(name, 255):
                message = f"{name}: data value too large (max length={LENGTHS.get(name, 255)})"
                raise Denied("STRING_TOO_LONG", message, name)
        email = stored.get("Email")
        if email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
            raise Denied("INVALID_EMAIL_ADDRESS", "Email: invalid email address", "Email")
        return stored

    def _check_unique(self, stored: Mapping[str, Any], contact: Contact | None) -> None:
        for name in self.external:
            held = self.having(name, stored[name]) if stored.get(name) else []
            if any(holder is not contact for holder in held):
                message = f"duplicate value found: {name} on record with id: {held[0].id}"
                raise Denied("DUPLICATE_VALUE", message, name)

    def _check_twins(self, stored: Mapping[str, Any], allow: bool) -> None:
        twins = (c for c in self.live() if stored.get("Email") == c.fields["Email"])
        if self.duplicate_rule and stored.get("Email") and not allow and next(twins, None):
            raise Denied("DUPLICATES_DETECTED", "Use one of these records?")

    def _check_lock(self, contact: Contact) -> None:
        if contact.id in self.locked:
            raise Denied("UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record")


def stamp(moment: datetime) -> str:
    """As Salesforce writes a time: to the second, with zeroes after it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
