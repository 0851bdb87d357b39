"""A Salesforce org: contacts by external id, collections, SOQL as polls use it, the deleted.

From Salesforce's REST guide. It calls nobody: changes are polled. Not checked against a live org,
and therefore parameters or marked where they are written: field lengths, the session's life, the
page of a query and its locator's life, the recycle bin's fifteen days, codes of item errors,
trimming, `If-Unmodified-Since` on writes.
"""

from datetime import timedelta
from typing import Any

from ..base import Called, Now, Replied
from ..common.vendor import Asked, Vendor
from .access import Access, Limits
from .answers import MISSING, error
from .batches import ManyContacts
from .contacts import OneContact
from .querying import Queries
from .store import Contact, Contacts


class Salesforce(Vendor):
    """Switches: `contacts.locked` (ids), `contacts.duplicate_rule`, besides those of `Vendor`."""

    def __init__(
        self,
        now: Now,
        *,
        client: tuple[str, str] = ("client-id", "client-secret"),
        version: str = "65.0",
        external: tuple[str, ...] = ("Kartoteka_Id__c",),
        custom: tuple[str, ...] = (),
        users: tuple[str, str] = ("005000000000001AAA", "005000000000002AAA"),
        session: timedelta = timedelta(hours=2),
        day: int = 100_000,
        page: int = 2000,
        locator: timedelta = timedelta(days=2),
        covered: timedelta = timedelta(),
        instance: str = "https://kartoteka.my.salesforce.com",
    ) -> None:
        super().__init__(now, "salesforce")
        self.base = f"/services/data/v{version}"
        self.access = Access(now, client, session, instance)
        self.limits = Limits(now, day)
        self.contacts = Contacts(now, external, custom, {"app": users[0], "user": users[1]})
        self.one = OneContact(self, self.contacts, self.base, covered)
        self.queries = Queries(self, self.contacts, self.base, page, locator)
        self._open()

    @property
    def records(self) -> dict[str, dict[str, Any]]:
        """The filled fields of every contact that is not deleted, by id."""
        return {
            contact.id: {n: v for n, v in contact.fields.items() if v not in (None, False)}
            for contact in self.contacts.live()
        }

    def create(self, **fields: Any) -> str:
        """A user makes a contact: its id."""
        return self.contacts.create(fields, "user").id

    def edit(self, id: str, **fields: Any) -> None:
        """A user writes."""
        self.contacts.update(self._held(id), fields, "user")

    def delete(self, id: str) -> None:
        """A user deletes."""
        self.contacts.delete(self._held(id), "user")

    def restore(self, id: str) -> None:
        """A user takes it out of the recycle bin."""
        self.contacts.restore(self.contacts.all[id], "user")

    def merge(self, into: str, gone: str) -> None:
        """A user merges: `gone` is deleted, with `into` as its MasterRecordId."""
        self.contacts.merge(self._held(into), self._held(gone), "user")

    def unsubscribe(self, email: str) -> None:
        """A user sets the opt-out of everybody with this address."""
        for contact in list(self.contacts.live()):
            if (contact.fields["Email"] or "").lower() == email.lower():
                self.edit(contact.id, HasOptedOutOfEmail=True)

    def expire(self) -> None:
        """Every session ends."""
        self.access.sessions = {}

    def _held(self, id: str) -> Contact:
        found = self.contacts.get(id)
        assert found, f"no live contact {id}"
        return found

    def _open(self) -> None:
        rows, many, one = f"{self.base}/sobjects/Contact", ManyContacts(self.one), self.one
        sets, query = f"{self.base}/composite/sobjects", self.queries
        self.serve(
            [
                ("POST", "/services/oauth2/token", "token", self.access.token),
                ("GET", rows + "/deleted/?", "contact.gone", one.gone),
                ("POST", rows + "/?", "contact.post", one.post),
                ("GET", rows + "/{id}", "contact.get", one.get),
                ("PATCH", rows + "/{id}", "contact.patch", one.patch),
                ("DELETE", rows + "/{id}", "contact.delete", one.delete),
                ("GET", rows + "/{field}/{value}", "contact.by", one.by),
                ("PATCH", rows + "/{field}/{value}", "contact.upsert", one.upsert),
                ("PATCH", sets + "/Contact/{field}", "many.upsert", many.upsert),
                ("DELETE", sets, "many.delete", many.delete),
                ("GET", f"{self.base}/query/?", "query", query.query),
                ("GET", f"{self.base}/queryAll/?", "query.all", query.all),
                ("GET", self.base + "/query(?:All)?/{locator}", "query.more", query.more),
            ]
        )

    def _admitted(self, asked: Asked) -> dict[str, str]:
        if asked.operation == "token":
            return {}
        self.access.check(asked)
        return self.limits.take()

    def _failed(self, status: int) -> Replied:
        return error(status, "SERVER_UNAVAILABLE", "Server is too busy.")

    def _unknown(self, called: Called) -> Replied:
        return MISSING

    def _malformed(self, faults: list[str]) -> Replied:
        return error(400, "JSON_PARSER_ERROR", "; ".join(faults))
