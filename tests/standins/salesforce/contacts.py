"""Single contacts, by record id or by an external id, and the list of the deleted."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from ..base import Replied
from ..common.vendor import Asked, Refused, Vendor
from .answers import MISSING, denied, error, item
from .store import BIN, Contact, Contacts, Denied, stamp


class OneContact:
    """`base` is the path of the data API; `covered` is how far the list of the deleted lags."""

    def __init__(self, vendor: Vendor, contacts: Contacts, base: str, covered: timedelta) -> None:
        self.vendor, self.contacts, self.base, self.covered = vendor, contacts, base, covered

    def get(self, asked: Asked) -> Replied:
        """All fields, or those that are named."""
        contact = self.contacts.get(asked.args["id"])
        if contact is None:
            return MISSING
        return self._shown(asked, contact)

    def by(self, asked: Asked) -> Replied:
        """By an external id."""
        found = self._having(asked)
        return self._shown(asked, found[0]) if found else MISSING

    def post(self, asked: Asked) -> Replied:
        """A new one."""
        self.check_names(asked, asked.body)
        try:
            made = self.contacts.create(asked.body, "app", allows_twins(asked))
        except Denied as why:
            raise denied(why) from None
        return Replied(201, item(made.id))

    def patch(self, asked: Asked) -> Replied:
        """By record id: no body in the answer."""
        self.check_names(asked, asked.body)
        contact = self.contacts.get(asked.args["id"])
        if contact is None:
            return MISSING
        self._update(asked, contact)
        return Replied(204)

    def upsert(self, asked: Asked) -> Replied:
        """201 or 200; 300 with the records where several have the id."""
        field, value = asked.args["field"], asked.args["value"]
        self.check_names(asked, asked.body)
        if field in asked.body:
            self.vendor.refuse(asked, f"{field} is in the path and in the body")
            raise denied(Denied("INVALID_FIELD", f"The {field} field should not be specified"))
        found = self._having(asked)
        if len(found) > 1:
            return Replied(300, [f"{self.base}/sobjects/Contact/{c.id}" for c in found])
        if found:
            self._update(asked, found[0])
            return Replied(200, item(found[0].id, created=False))
        if asked.query.get("updateOnly") == "true":
            return MISSING
        try:
            written = {**asked.body, field: value}
            made = self.contacts.create(written, "app", allows_twins(asked))
        except Denied as why:
            raise denied(why) from None
        return Replied(201, item(made.id, created=True))

    def delete(self, asked: Asked) -> Replied:
        """Into the recycle bin."""
        contact = self.contacts.get(asked.args["id"])
        if contact is None:
            return error(404, "ENTITY_IS_DELETED", "entity is deleted")
        try:
            self.contacts.delete(contact, "app")
        except Denied as why:
            raise denied(why) from None
        return Replied(204)

    def gone(self, asked: Asked) -> Replied:
        """Those deleted between two minutes, at most fifteen days back."""
        start, end = (_minute(asked.query[name]) for name in ("start", "end"))
        now = self.contacts.now()
        if start < now - BIN or start >= end:
            self.vendor.refuse(asked, "start is too early, or not before end")
            return error(400, "INVALID_REPLICATION_DATE", "startDate is out of range")
        until = min(end, now - self.covered)
        found = [c for c in self.contacts.kept() if c.deleted and start <= c.deleted < until]
        deleted = [{"id": c.id, "deletedDate": stamp(c.deleted or now)} for c in found]
        return Replied(
            200,
            {
                "deletedRecords": deleted,
                "earliestDateAvailable": stamp(now - BIN),
                "latestDateCovered": stamp(until),
            },
        )

    def check_names(self, asked: Asked, written: dict[str, Any]) -> None:
        """An unknown or read-only field fails the request."""
        unknown = self.contacts.unknown(written)
        if unknown:
            self.vendor.refuse(asked, f"no such field, or read-only: {', '.join(unknown)}")
            raise denied(Denied("INVALID_FIELD", f"No such column '{unknown[0]}'", *unknown))

    def check_external(self, asked: Asked) -> None:
        """Only fields that are external ids."""
        if asked.args["field"] not in self.contacts.external:
            self.vendor.refuse(asked, f"{asked.args['field']} is no external id")
            raise Refused(MISSING)

    def _having(self, asked: Asked) -> list[Contact]:
        self.check_external(asked)
        return self.contacts.having(asked.args["field"], asked.args["value"])

    def _update(self, asked: Asked, contact: Contact) -> None:
        since = asked.called.headers.get("if-unmodified-since")
        if since and contact.changed.replace(microsecond=0) > parsedate_to_datetime(since):
            raise Refused(error(412, "PRECONDITION_FAILED", "The record was changed meanwhile"))
        try:
            self.contacts.update(contact, asked.body, "app")
        except Denied as why:
            raise denied(why) from None

    def _shown(self, asked: Asked, contact: Contact) -> Replied:
        names = asked.query["fields"].split(",") if "fields" in asked.query else contact.fields
        unknown = [name for name in names if name not in self.contacts.columns]
        if unknown:
            self.vendor.refuse(asked, f"no such field: {', '.join(unknown)}")
            return error(400, "INVALID_FIELD", f"No such column '{unknown[0]}'")
        return Replied(200, shown(contact.fields, list(names), self.base))


def shown(row: Any, names: list[str], base: str) -> dict[str, Any]:
    """A record in an answer."""
    url = f"{base}/sobjects/Contact/{row['Id']}"
    return {"attributes": {"type": "Contact", "url": url}, **{name: row[name] for name in names}}


def allows_twins(asked: Asked) -> bool:
    """Whether the call says that it knows of the duplicate rule."""
    header = asked.called.headers.get("sforce-duplicate-rule-header", "")
    return header.replace(" ", "").lower() == "allowsave=true"


def _minute(written: str) -> datetime:
    return datetime.fromisoformat(written).astimezone(UTC).replace(second=0, microsecond=0)
