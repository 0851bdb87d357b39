"""One SendGrid account: its key, its limits, its routes, and the hands of those who use it."""

from datetime import datetime, timedelta
from typing import Any

from ..base import Called, Now, Replied
from ..common.vendor import Asked, Refused, Route, Vendor
from .answers import denied
from .contacts import Contacts
from .events import Events
from .jobs import Jobs
from .lists import Exports, Fields, Lists
from .store import Contact, Store, lowered
from .suppressions import BOUNCED, REPORTED, UNSUBSCRIBED, Suppressions

_MC, _ASM, _KEPT = "/v3/marketing", "/v3/asm", "/v3/suppression"
_PERIOD = timedelta(minutes=1)


class SendGrid(Vendor):
    """`delay` is how long a job takes; `limit` the calls a minute of one operation."""

    def __init__(
        self,
        now: Now,
        key: str = "SG.test",
        hook: str = "/hook",
        delay: timedelta = timedelta(seconds=30),
        limit: int = 600,
        files: str = "https://sendgrid.example",
    ) -> None:
        super().__init__(now, "sendgrid")
        self.key, self.limit = key, limit
        self.store = Store(now)
        self.jobs = Jobs(self.store, delay)
        self.fields = Fields(self.store)
        self.suppressions = Suppressions(now)
        self.told = Events(now, hook)
        self._contacts = Contacts(self.store, self.jobs, self.refuse)
        self._lists = Lists(self.store, self.jobs, self._contacts)
        self._exports = Exports(self.store, delay, files)
        self._spent: dict[tuple[str, datetime], int] = {}
        self.serve([*self._for_contacts(), *self._for_lists(), *self._for_suppressions()])

    def answer(self, called: Called) -> Replied:
        """After all jobs that are due."""
        self.jobs.settle()
        return super().answer(called)

    @property
    def records(self) -> dict[str, Contact]:
        """The contacts by id, after all jobs that are due."""
        self.jobs.settle()
        return self.store.contacts

    @property
    def public_key(self) -> str:
        """Of the hook's signatures."""
        return self.told.public_key

    def events(self, size: int = 1_000) -> list[Called]:
        """The calls to our hook that are due; a test that wants doubles makes them twice."""
        return self.told.calls(size)

    # The hands of a user: nothing of these but mail events reaches our hook.

    def create(self, **fields: Any) -> str:
        """A contact made in the browser; its id."""
        before = set(self.records)
        self.store.write(fields, fields.pop("list_ids", []))
        return (set(self.store.contacts) - before).pop()

    def edit(self, id: str, **fields: Any) -> None:
        """A change made in the browser: identifiers too."""
        self.store.change(self.records[id], lowered(fields))

    def delete(self, id: str) -> None:
        """At once; the suppressions of its address stay."""
        self.jobs.settle()
        self.store.delete(id)

    def add_list(self, name: str) -> str:
        """A list; its id."""
        id = self.store.new_id()
        self.store.lists[id] = name
        return id

    def add_field(self, name: str, kind: str = "Text") -> str:
        """A custom field; its id."""
        return self.fields.define(name, kind)

    def unsubscribe(self, email: str, group: int | None = None) -> None:
        """A recipient leaves all mails or a group's."""
        if group is None:
            self.suppressions.add(UNSUBSCRIBED, email)
            self.told.tell("unsubscribe", email)
        else:
            self.suppressions.leave(group, email)
            self.told.tell("group_unsubscribe", email, asm_group_id=group)

    def resubscribe(self, email: str, group: int) -> None:
        """A recipient joins a group again, in the preferences page."""
        self.suppressions.left[group].pop(email.lower(), None)
        self.told.tell("group_resubscribe", email, asm_group_id=group)

    def bounce(self, email: str) -> None:
        """A mail came back for good; the next one is dropped."""
        self.suppressions.add(BOUNCED, email)
        said = {"reason": "550 5.1.1 no such user", "status": "5.1.1", "type": "bounce"}
        self.told.tell("bounce", email, **said)

    def report(self, email: str) -> None:
        """A recipient calls it spam."""
        self.suppressions.add(REPORTED, email)
        self.told.tell("spamreport", email)

    def drop(self, email: str, reason: str = "Bounced Address") -> None:
        """A mail is not even tried."""
        self.told.tell("dropped", email, reason=reason)

    def _admitted(self, asked: Asked) -> dict[str, str]:
        if asked.operation == "exports.file":
            return {}
        given = asked.called.headers.get("authorization")
        if given != f"Bearer {self.key}":
            wrong = "The provided authorization grant is invalid, expired, or revoked"
            raise Refused(denied(401, wrong if given else "authorization required"))
        return self._counted(asked.operation)

    def _counted(self, operation: str) -> dict[str, str]:
        start = self.now().replace(second=0, microsecond=0)
        spent = self._spent.get((operation, start), 0) + 1
        headers = {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(0, self.limit - spent)),
            "X-RateLimit-Reset": str(int((start + _PERIOD).timestamp())),
        }
        if spent > self.limit:
            raise Refused(Replied(429, denied(429, "too many requests").body, headers))
        self._spent[operation, start] = spent
        return headers

    def _failed(self, status: int) -> Replied:
        return denied(status, "too many requests" if status == 429 else "Internal Server Error")

    def _unknown(self, called: Called) -> Replied:
        return denied(404, "resource not found")

    def _malformed(self, faults: list[str]) -> Replied:
        said = [{"message": "invalid", "field": fault.partition(":")[0]} for fault in faults]
        return Replied(400, {"errors": said})

    def _for_contacts(self) -> list[Route]:
        path, on = f"{_MC}/contacts", self._contacts
        return [
            ("PUT", path, "contacts.upsert", on.upsert),
            ("DELETE", path, "contacts.delete", on.delete),
            ("GET", path, "contacts.sample", on.sample),
            ("GET", f"{path}/count", "contacts.count", on.count),
            ("POST", f"{path}/batch", "contacts.batch", on.batch),
            ("POST", f"{path}/search/emails", "search.emails", on.by_emails),
            (
                "POST",
                f"{path}/search/identifiers/{{kind}}",
                "search.identifiers",
                on.by_identifiers,
            ),
            ("GET", f"{path}/imports/{{id}}", "imports.get", on.job),
            ("POST", f"{path}/exports", "exports.create", self._exports.create),
            ("GET", f"{path}/exports/{{id}}", "exports.get", self._exports.status),
            ("GET", "/exports/{id}", "exports.file", self._exports.file),
            ("DELETE", f"{path}/{{id}}/identifiers", "contacts.unidentify", on.unidentify),
            ("GET", f"{path}/{{id}}", "contacts.get", on.get),
        ]

    def _for_lists(self) -> list[Route]:
        path, on = f"{_MC}/lists", self._lists
        return [
            ("POST", path, "lists.create", on.create),
            ("GET", path, "lists.all", on.all),
            ("GET", f"{path}/{{id}}", "lists.get", on.get),
            ("DELETE", f"{path}/{{id}}", "lists.delete", on.delete),
            ("DELETE", f"{path}/{{id}}/contacts", "lists.remove", on.remove),
            ("GET", f"{path}/{{id}}/contacts/count", "lists.count", on.count),
            ("POST", f"{_MC}/field_definitions", "fields.create", self.fields.create),
            ("GET", f"{_MC}/field_definitions", "fields.all", self.fields.all),
        ]

    def _for_suppressions(self) -> list[Route]:
        on, group = self.suppressions, f"{_ASM}/groups/{{group}}/suppressions"
        everyone = f"{_ASM}/suppressions/global"
        kinds = (UNSUBSCRIBED, BOUNCED, REPORTED)
        return [
            *(("GET", f"{_KEPT}/{kind}", f"suppressions.{kind}", on.all) for kind in kinds),
            ("DELETE", f"{_KEPT}/bounces/{{email}}", "bounces.delete", on.delete_bounce),
            ("GET", f"{_ASM}/suppressions", "groups.left", on.all_left),
            ("POST", everyone, "suppressions.add", on.add_global),
            ("GET", f"{everyone}/{{email}}", "global.get", on.get_global),
            ("DELETE", f"{everyone}/{{email}}", "global.delete", on.delete_global),
            ("GET", f"{_ASM}/suppressions/{{email}}", "suppressions.of", on.of_address),
            ("GET", f"{_ASM}/groups", "groups.all", on.all_groups),
            ("GET", group, "groups.of", on.of_group),
            ("POST", group, "suppressions.add", on.add_to_group),
            ("DELETE", f"{group}/{{email}}", "groups.delete", on.delete_from_group),
        ]
