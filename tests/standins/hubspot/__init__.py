"""A HubSpot account: contacts, search, consent, static lists, webhooks.

From HubSpot's public API specification (2026-03; lists and consent of v3/v4), its guides and its
changelog. Not checked against a live account, and therefore parameters or marked where they are
written: the limits, the search's lag, trimming, the blocked address, the order of results,
`changeSource` of a user, opt-out as a property.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from ..base import Called, Now, Replied
from ..common.vendor import Asked, Vendor
from .access import Access, Limits
from .answers import error
from .batches import ManyContacts
from .consent import Consent
from .contacts import OneContact
from .events import Events
from .lists import Lists
from .searching import Index
from .store import Contact, Contacts


class HubSpot(Vendor):
    """`contacts.all`, `consent.statuses` and `lists.members` are there to be looked at."""

    def __init__(
        self,
        now: Now,
        *,
        token: str = "pat-1",
        client: tuple[str, str] = ("client-id", "client-secret"),
        refresh_token: str = "refresh-1",
        version: str = "2026-03",
        custom: tuple[str, ...] = ("kartoteka_id",),
        unique: tuple[str, ...] = ("kartoteka_id",),
        options: Mapping[str, tuple[str, ...]] | None = None,
        subscriptions: Mapping[int, str] | None = None,
        lists: tuple[str, ...] = ("7",),
        hook: str = "https://hooks.example.org/in/hubspot",
        ten_seconds: int = 190,
        day: int = 650_000,
        searches_a_second: int = 5,
        search_lag: timedelta = timedelta(seconds=5),
    ) -> None:
        super().__init__(now, "hubspot")
        self.access = Access(now, token, client, refresh_token)
        self.limits = Limits(now, ten_seconds, day, searches_a_second)
        self.pushed = Events(now, hook, client[1])
        self.index = Index(now, search_lag)
        self.contacts = Contacts(now, self._changed, custom, unique, options or {})
        self.consent = Consent(self, self.contacts, dict(subscriptions or {1: "Newsletter"}))
        self.lists = Lists(self.contacts, lists)
        self._open(f"/crm/objects/{version}/contacts")
        self._open("/crm/v3/objects/contacts")

    @property
    def records(self) -> dict[str, dict[str, str]]:
        """The properties of every contact that is not archived, by id."""
        return {contact.id: dict(contact.properties) for contact in self.contacts.live()}

    def events(self) -> list[Called]:
        """The webhook calls that wait; `pushed.returned(call)` where the hook did not take one."""
        return self.pushed.calls()

    def create(self, **properties: str) -> str:
        """A user makes a contact: its id."""
        return self.contacts.create(properties, "user").id

    def edit(self, id: str, **properties: str) -> None:
        """A user writes."""
        self.contacts.update(self._held(id), properties, "user")

    def delete(self, id: str) -> None:
        """A user puts it into the archive."""
        self.contacts.archive(self._held(id), "user")

    def restore(self, id: str) -> None:
        """A user takes it out of there."""
        self.contacts.restore(self.contacts.all[id], "user")

    def erase(self, id: str) -> None:
        """A user deletes it for privacy."""
        self.contacts.erase(self._held(id), "user")

    def merge(self, into: str, gone: str) -> str:
        """A user merges: the new id."""
        return self.contacts.merge(self._held(into), self._held(gone), "user").id

    def unsubscribe(self, email: str, subscription: int | None = None) -> None:
        """The person follows the link at the foot of a mail."""
        self.consent.unsubscribe(email, subscription, "PUBLIC_STATUS", "user")

    def expire(self) -> None:
        """Every token dies."""
        self.access.expire()

    def _held(self, id: str) -> Contact:
        found = self.contacts.find(id, None)
        assert found, f"no live contact {id}"
        return found

    def _changed(self, kind: str, contact: Contact, by: str, **more: Any) -> None:
        self.pushed.tell(kind, contact, by, **more)
        named = (contact.id, *more.get("merged", ()), more.get("new", contact.id))
        for id in dict.fromkeys(named):
            self.index.note(id, self.contacts.all.get(id))

    def _open(self, base: str) -> None:
        one, statuses = (
            OneContact(self, self.contacts, self.index),
            "/communication-preferences/v4/statuses",
        )
        many, on = ManyContacts(one), "/crm/v3/lists/{list}/memberships"
        self.serve(
            [
                ("POST", "/oauth/v1/token", "oauth.token", self.access.token),
                ("GET", base, "contacts.list", one.page),
                ("POST", base, "contacts.post", one.post),
                ("POST", f"{base}/search", "contacts.search", one.search),
                ("POST", f"{base}/merge", "contacts.merge", one.merge),
                ("POST", f"{base}/gdpr-delete", "contacts.gdpr", one.erase),
                ("POST", f"{base}/batch/read", "contacts.read", many.read),
                ("POST", f"{base}/batch/upsert", "contacts.upsert", many.upsert),
                ("POST", f"{base}/batch/update", "contacts.update", many.update),
                ("POST", f"{base}/batch/archive", "contacts.archive", many.archive),
                ("GET", base + "/{id}", "contacts.get", one.get),
                ("PATCH", base + "/{id}", "contacts.patch", one.patch),
                ("DELETE", base + "/{id}", "contacts.delete", one.delete),
                ("GET", on, "lists.get", self.lists.get),
                ("PUT", on + "/add", "lists.add", self.lists.add),
                ("PUT", on + "/remove", "lists.remove", self.lists.remove),
                ("PUT", on + "/add-and-remove", "lists.change", self.lists.change),
                ("POST", statuses + "/batch/read", "statuses.read", self.consent.read),
                ("POST", statuses + "/batch/write", "statuses.write", self.consent.write),
                ("GET", statuses + "/{email}", "statuses.get", self.consent.get),
                ("POST", statuses + "/{email}", "statuses.set", self.consent.set),
                ("POST", statuses + "/{email}/unsubscribe-all", "statuses.out", self.consent.out),
            ]
        )

    def _admitted(self, asked: Asked) -> dict[str, str]:
        if asked.operation == "oauth.token":
            return {}
        self.access.check(asked)
        return self.limits.take(asked.operation == "contacts.search")

    def _failed(self, status: int) -> Replied:
        if status == 429:
            return Replied(
                429, error(429, "RATE_LIMITS", "Limit reached.").body, self.limits.headers()
            )
        return error(status, "INTERNAL_ERROR", "There was a problem with the request.")

    def _unknown(self, called: Called) -> Replied:
        return Replied(404, b"<html>404 Not Found</html>", {"content-type": "text/html"})

    def _malformed(self, faults: list[str]) -> Replied:
        details = [{"message": fault, "in": fault.partition(":")[0]} for fault in faults]
        return error(400, "VALIDATION_ERROR", "Invalid input JSON", errors=details)
