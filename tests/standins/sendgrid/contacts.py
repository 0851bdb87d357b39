"""The operations on contacts: written by jobs, found by identifier."""

from collections.abc import Callable
from functools import partial
from typing import Any

from ..base import Replied
from ..common.vendor import Asked, Refused
from .answers import denied
from .jobs import Jobs
from .store import Contact, Store, lowered

Refuse = Callable[[Asked, str], None]
_BYTES = 6_000_000
_KINDS: dict[str, type | tuple[type, ...]] = {"Text": str, "Date": str, "Number": (int, float)}
_TYPES = {
    "EMAIL": "email",
    "PHONENUMBERID": "phone_number_id",
    "EXTERNALID": "external_id",
    "ANONYMOUSID": "anonymous_id",
}


class Contacts:
    """`refuse` notes a request that no account would take."""

    def __init__(self, store: Store, jobs: Jobs, refuse: Refuse) -> None:
        self.store, self.jobs, self.refuse = store, jobs, refuse

    def upsert(self, asked: Asked) -> Replied:
        """A job; the whole request is refused for a field or a list that does not exist."""
        if len(asked.called.body) > _BYTES:
            self._refused(asked, "the request is larger than 6 MB", "contacts")
        lists = asked.body.get("list_ids", [])
        for id in lists:
            if id not in self.store.lists:
                raise Refused(denied(404, "list not found", "list_ids"))
        given = [lowered(each) for each in asked.body["contacts"]]
        for place, each in enumerate(given):
            self._check(asked, place, each.get("custom_fields", {}))
        return self._begun("upsert", [partial(self._write, each, lists) for each in given])

    def delete(self, asked: Asked) -> Replied:
        """A job."""
        everyone = "delete_all_contacts" in asked.query
        ids = list(self.store.contacts) if everyone else asked.query["ids"].split(",")
        return self._begun("delete", [partial(self.erase, id) for id in ids])

    def unidentify(self, asked: Asked) -> Replied:
        """A job; it fails where the identifier is the only one."""
        if asked.args["id"] not in self.store.contacts:
            raise Refused(denied(404, "contact not found"))
        kind = _TYPES[asked.body["identifier_type"]]
        step = partial(self._unidentify, asked.args["id"], kind, asked.body["identifier_value"])
        return self._begun("delete", [step])

    def job(self, asked: Asked) -> Replied:
        """How far it is."""
        job = self.jobs.all.get(asked.args["id"])
        return Replied(200, job.shown()) if job else denied(404, "not found")

    def get(self, asked: Asked) -> Replied:
        """By SendGrid's id."""
        contact = self.store.contacts.get(asked.args["id"])
        return Replied(200, self.shown(contact)) if contact else denied(404, "resource not found")

    def batch(self, asked: Asked) -> Replied:
        """Those of the ids that are there."""
        found = [self.store.contacts.get(id) for id in asked.body["ids"]]
        return Replied(200, {"result": [self.shown(each) for each in found if each]})

    def by_emails(self, asked: Asked) -> Replied:
        """By address, also by alternate ones; the answer's keys are in lower case."""
        return self._searched("email", [each.lower() for each in asked.body["emails"] if each])

    def by_identifiers(self, asked: Asked) -> Replied:
        """By identifiers of one kind."""
        kind = asked.args["kind"]
        if kind not in _TYPES.values():
            self._refused(asked, f"{kind} is no identifier", "identifier_type")
        return self._searched(kind, asked.body["identifiers"])

    def sample(self, _: Asked) -> Replied:
        """The fifty latest, by address: there is no paging."""
        latest = sorted(self.store.contacts.values(), key=lambda each: each.updated)[-50:]
        latest.sort(key=lambda each: each.fields.get("email", ""))
        shown = [self.shown(each) for each in latest]
        body = {"result": shown, "contact_count": len(self.store.contacts)}
        return Replied(200, {**body, "_metadata": {"self": "https://api.sendgrid.com"}})

    def count(self, _: Asked) -> Replied:
        """How many there are."""
        return Replied(200, {"contact_count": len(self.store.contacts), "billable_count": 0})

    def shown(self, contact: Contact) -> dict[str, Any]:
        """As the API shows it."""
        return contact.shown(self.store.named())

    def erase(self, id: str) -> str:
        """A job's step."""
        self.store.delete(id)
        return "deleted"

    def _check(self, asked: Asked, place: int, custom: dict[str, Any]) -> None:
        for id, value in custom.items():
            told = self.store.custom.get(id)
            where = f"contacts[{place}].custom_fields.{id}"
            if told is None:
                self._refused(asked, "invalid custom field id", where)
            elif not isinstance(value, _KINDS[told["field_type"]]):
                self._refused(asked, f"not a {told['field_type']}", where)

    def _refused(self, asked: Asked, message: str, field: str) -> None:
        self.refuse(asked, f"{field}: {message}")
        raise Refused(denied(400, message, field))

    def _begun(self, kind: str, steps: list[Callable[[], str]]) -> Replied:
        return Replied(202, {"job_id": self.jobs.begin(kind, steps).id})

    def _searched(self, kind: str, values: list[str]) -> Replied:
        found = {value: self.store.found(kind, value) for value in values}
        if not any(found.values()):
            return denied(404, "contact not found")
        shown = {
            value: {"contact": self.shown(each)} if each else {"error": "contact not found"}
            for value, each in found.items()
        }
        return Replied(200, {"result": shown})

    def _write(self, given: dict[str, Any], lists: list[str]) -> str:
        return "created" if self.store.write(given, lists) else "updated"

    def _unidentify(self, id: str, kind: str, value: str) -> str:
        self.store.unidentify(id, kind, value)
        return "deleted"
