"""The People API v1 as one user's client meets it.

Documented (discovery document of 2025-11-17): paths, parameters, masks, singletons, etags, sync
tokens of seven days, late syncs, the search's warm-up, batch sizes, mutations one after the other.
Unchecked, hence settable or told in the modules: every number of a quota, 409 for mutations at
once, that a batch is done whole or not at all, that a deleted person's token needs `metadata`.
Absent: photos, other contacts, the directory, `fields` and other masks.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from ..base import Called, Now, Replied
from ..bearer import Bearer, Granted
from ..common.limits import Rolling
from ..common.vendor import Asked, Refused, Work
from .answers import error, found, missing, one, person
from .fields import WRITABLE, Fields, faults, written
from .groups import Groups
from .hands import Hands
from .store import Contacts, Person, phrases
from .sync import Lists

_ONE = r"/v1/(?P<name>people/[^/:]+)"
_REPEATED = ("resourceNames", "sources")
_READS = ("list", "get", "batchGet", "search", "groups")


class GooglePeople(Hands, Granted):
    """One user's contacts; `grant` has the tokens, `lists` what a sync may, `reads` and `writes`
    the quotas (unchecked) of a minute."""

    def __init__(
        self,
        now: Now,
        lag: timedelta = timedelta(minutes=3),
        token_life: timedelta = timedelta(days=7),
    ) -> None:
        super().__init__(now, "google")
        self.contacts = Contacts(now)
        self.grant = Bearer(now, timedelta(seconds=3599))
        self.lists = Lists(self.contacts, now, lag, token_life)
        self.reads = Rolling(600, timedelta(minutes=1))
        self.writes = Rolling(90, timedelta(minutes=1))
        self._searched: list[Person] = []
        self._busy: datetime | None = None
        groups = Groups(self.contacts)
        self.serve(
            [
                ("POST", "/token", "token", lambda asked: self.grant.renewed(asked.body)),
                ("GET", "/v1/people/me/connections", "list", self.lists.listed),
                ("GET", "/v1/people:batchGet", "batchGet", self._batch_get),
                ("GET", "/v1/people:searchContacts", "search", self._search),
                ("POST", "/v1/people:createContact", "create", self._create),
                ("POST", "/v1/people:batchCreateContacts", "batchCreate", self._batch_create),
                ("POST", "/v1/people:batchUpdateContacts", "batchUpdate", self._batch_update),
                ("POST", "/v1/people:batchDeleteContacts", "batchDelete", self._batch_delete),
                ("PATCH", f"{_ONE}:updateContact", "update", self._update),
                ("DELETE", f"{_ONE}:deleteContact", "delete", self._delete),
                ("GET", _ONE, "get", self._get),
                ("GET", "/v1/contactGroups", "groups", groups.listed),
                ("POST", "/v1/contactGroups", "createGroup", groups.create),
            ]
        )

    def _get(self, asked: Asked) -> Replied:
        state = self._found_as(asked.args["name"])
        return Replied(200, person(state, _mask(asked.query["personFields"])))

    def _batch_get(self, asked: Asked) -> Replied:
        mask = _mask(asked.query["personFields"])
        names = asked.query["resourceNames"].split(",")
        return Replied(200, {"responses": [self._one(name, mask) for name in names]})

    def _one(self, name: str, mask: set[str]) -> dict[str, Any]:
        try:
            return one(self.contacts.find(name), mask, name)
        except KeyError:
            status = {"code": 5, "message": "Requested entity was not found."}
            return {"httpStatusCode": 404, "requestedResourceName": name, "status": status}

    def _search(self, asked: Asked) -> Replied:
        """The empty query warms the cache; it holds what a sync would see then."""
        begins = asked.query["query"].lower().strip()
        if not begins:
            self._searched = self.contacts.all(self.now() - self.lists.lag)
            return Replied(200, {})
        hits = [p for p in self._searched if any(t.startswith(begins) for t in phrases(p.fields))]
        most = min(int(asked.query.get("pageSize", 0)) or 10, 30)
        return found(hits[:most], _mask(asked.query["readMask"]))

    def _create(self, asked: Asked) -> Replied:
        mask = _mask(asked.query.get("personFields", ""))
        return Replied(200, person(self.contacts.add(self._fields(asked, asked.body)), mask))

    def _update(self, asked: Asked) -> Replied:
        mask = asked.query["updatePersonFields"].split(",")
        change = self._change(asked, asked.args["name"], asked.body, mask)
        state = self.contacts.change(asked.args["name"], change)
        return Replied(200, person(state, _mask(asked.query.get("personFields", ""))))

    def _delete(self, asked: Asked) -> Replied:
        self.contacts.remove(self._found_as(asked.args["name"]).name)
        return Replied(200, {})

    def _batch_create(self, asked: Asked) -> Replied:
        people = [self._fields(asked, each["contactPerson"]) for each in asked.body["contacts"]]
        states = [self.contacts.add(fields) for fields in people]
        mask = asked.body["readMask"]
        return Replied(
            200, {"createdPeople": [one(s, _mask(mask)) for s in states]} if mask else {}
        )

    def _batch_update(self, asked: Asked) -> Replied:
        body, mask = asked.body, asked.body["updateMask"].split(",")
        changes = {
            name: self._change(asked, name, given, mask) for name, given in body["contacts"].items()
        }
        states = {name: self.contacts.change(name, fields) for name, fields in changes.items()}
        told = {name: one(state, _mask(body["readMask"])) for name, state in states.items()}
        return Replied(200, {"updateResult": told} if body["readMask"] else {})

    def _batch_delete(self, asked: Asked) -> Replied:
        names = {self._found_as(name).name for name in asked.body["resourceNames"]}
        for name in sorted(names):
            self.contacts.remove(name)
        return Replied(200, {})

    def _found_as(self, name: str) -> Person:
        try:
            return self.contacts.find(name)
        except KeyError:
            raise Refused(missing()) from None

    def _fields(self, asked: Asked, given: dict[str, Any]) -> Fields:
        for fault in faults(given, self.contacts.groups):
            self.refuse(asked, fault)
            raise Refused(error(400, fault))
        return written(given)

    def _change(self, asked: Asked, name: str, given: dict[str, Any], mask: list[str]) -> Fields:
        """The fields of the mask; those that are not given are cleared."""
        state = self._found_as(name)
        self._is_latest(asked, state, given)
        if "memberships" in mask and not given.get("memberships"):
            self.refuse(asked, "person.memberships: none is given")
            raise Refused(error(400, "Contact must have at least one contact group membership."))
        fields = self._fields(asked, given)
        return {field: fields.get(field, []) for field in mask}

    def _is_latest(self, asked: Asked, state: Person, given: Mapping[str, Any]) -> None:
        sources = given.get("metadata", {}).get("sources", [])
        etags = [each.get("etag") for each in sources if each.get("type") == "CONTACT"]
        if not any(etags):
            self.refuse(asked, "person.metadata.sources: no etag of the contact")
            raise Refused(error(400, "Request must set person.metadata.sources.etag."))
        if state.etag not in etags:
            told = "Request person.etag is different than the current person.etag. Clear local"
            told += " cache and get the latest person."
            raise Refused(error(400, told, "FAILED_PRECONDITION", "failedPrecondition"))

    def _found(self, called: Called) -> tuple[Asked, Work, list[str]] | None:
        """Repeated parameters are read as one list."""
        query = {
            name: [",".join(all)] if name in _REPEATED else all
            for name, all in called.query.items()
        }
        return super()._found(replace(called, query=query))

    def _admitted(self, asked: Asked) -> dict[str, str]:
        if asked.operation == "token":
            return {}
        if not self.grant.admits(asked.called):
            told = "Request had invalid authentication credentials."
            raise Refused(error(401, told, reason="ACCESS_TOKEN_EXPIRED"))
        limit = self.reads if asked.operation in _READS else self.writes
        if not limit.take(self.now()):
            raise Refused(error(429, "Quota exceeded.", reason="RATE_LIMIT_EXCEEDED"))
        if asked.operation not in _READS:
            self._take_turn(asked)
        return {}

    def _take_turn(self, asked: Asked) -> None:
        """A mutation lasts as long as `slow` says; the next one comes after it."""
        if self._busy is not None and self.now() < self._busy:
            self.refuse(asked, "a mutation is still under way")
            raise Refused(error(409, "The operation was aborted: a concurrent mutation."))
        self._busy = self.now() + self.slow

    def _failed(self, status: int) -> Replied:
        return error(status, "The service is currently unavailable.")

    def _unknown(self, called: Called) -> Replied:
        return error(404, "Method not found.")

    def _malformed(self, faults: list[str]) -> Replied:
        return error(400, f"Invalid JSON payload received. {faults[0]}")


def _mask(text: str) -> set[str]:
    """The fields of a mask; all of them where none is given."""
    return set(text.split(",")) if text else {*WRITABLE, "metadata"}
