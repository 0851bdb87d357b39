"""Lists, custom fields, and the exports through which all contacts can be read."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from ..base import Replied
from ..common.vendor import Asked, Refused
from .answers import denied
from .contacts import Contacts
from .jobs import Jobs
from .store import IDENTIFIERS, Contact, Store, stamp

_COLUMNS = (*IDENTIFIERS, "first_name", "last_name")
_KEPT = timedelta(hours=72)  # how long an export's file can be had


@dataclass(frozen=True)
class Export:
    """One that was asked for; what it shows is what there is when it is ready."""

    id: str
    lists: list[str]
    form: str
    begun: datetime
    due: datetime


class Lists:
    """A list is a name with ids of contacts; deleting it leaves the contacts."""

    def __init__(self, store: Store, jobs: Jobs, contacts: Contacts) -> None:
        self.store, self.jobs, self.contacts = store, jobs, contacts

    def create(self, asked: Asked) -> Replied:
        """A name that is taken is refused."""
        name = asked.body["name"]
        if name in self.store.lists.values():
            return denied(400, "name already exists", "name")
        id = self.store.new_id()
        self.store.lists[id] = name
        return Replied(201, self._shown(id))

    def all(self, asked: Asked) -> Replied:
        """A page of them."""
        size, start = (
            int(asked.query.get(n, d)) for n, d in (("page_size", 100), ("page_token", 0))
        )
        ids = list(self.store.lists)
        base = "https://api.sendgrid.com/v3/marketing/lists"
        meta: dict[str, Any] = {"self": base, "count": len(ids)}
        if start + size < len(ids):
            meta["next"] = f"{base}?page_size={size}&page_token={start + size}"
        shown = [self._shown(id) for id in ids[start : start + size]]
        return Replied(200, {"result": shown, "_metadata": meta})

    def get(self, asked: Asked) -> Replied:
        """One of them."""
        return Replied(200, self._shown(self._known(asked)))

    def delete(self, asked: Asked) -> Replied:
        """And its contacts too, by a job, where that is asked for."""
        id = self._known(asked)
        members = [contact.id for contact in self._members(id)]
        del self.store.lists[id]
        for contact in self.store.contacts.values():
            contact.lists = [each for each in contact.lists if each != id]
        if asked.query.get("delete_contacts") != "true":
            return Replied(204)
        steps = [partial(self.contacts.erase, each) for each in members]
        return Replied(200, {"job_id": self.jobs.begin("delete", steps).id})

    def remove(self, asked: Asked) -> Replied:
        """Contacts from a list, by a job; they stay contacts."""
        id, ids = self._known(asked), asked.query["contact_ids"].split(",")
        if any(each not in self.store.contacts for each in ids):
            return denied(404, "contact not found")
        steps = [partial(self._removed, id, each) for each in ids]
        return Replied(202, {"job_id": self.jobs.begin("remove", steps).id})

    def count(self, asked: Asked) -> Replied:
        """How many are on it."""
        return Replied(200, {"contact_count": sum(1 for _ in self._members(self._known(asked)))})

    def _known(self, asked: Asked) -> str:
        if asked.args["id"] not in self.store.lists:
            raise Refused(denied(404, "list not found"))
        return asked.args["id"]

    def _members(self, id: str) -> Iterator[Contact]:
        return (contact for contact in self.store.contacts.values() if id in contact.lists)

    def _removed(self, id: str, contact_id: str) -> str:
        contact = self.store.contacts[contact_id]
        contact.lists = [each for each in contact.lists if each != id]
        return "updated"

    def _shown(self, id: str) -> dict[str, Any]:
        link = {"self": f"https://api.sendgrid.com/v3/marketing/lists/{id}"}
        members = sum(1 for _ in self._members(id))
        name = self.store.lists[id]
        return {"id": id, "name": name, "contact_count": members, "_metadata": link}


class Fields:
    """Custom fields must be defined before a contact can have them."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def define(self, name: str, kind: str) -> str:
        """The new field's id: its number and the first letter of its kind."""
        id = f"w{len(self.store.custom) + 1}_{kind[0]}"
        self.store.custom[id] = {"id": id, "name": name, "field_type": kind}
        return id

    def create(self, asked: Asked) -> Replied:
        """Names are unique whatever their case."""
        name = asked.body["name"]
        if any(name.lower() == each.lower() for each in self.store.named().values()):
            return denied(400, "name already exists", "name")
        return Replied(200, self.store.custom[self.define(name, asked.body["field_type"])])

    def all(self, _: Asked) -> Replied:
        """The custom ones and those that every account has."""
        shown = [{"name": name, "field_type": "Text", "read_only": False} for name in _COLUMNS]
        body = {"custom_fields": list(self.store.custom.values()), "reserved_fields": shown}
        return Replied(200, {**body, "_metadata": {"self": "https://api.sendgrid.com"}})


class Exports:
    """The only way to read everyone: a job, then a file that needs no key."""

    def __init__(self, store: Store, delay: timedelta, files: str) -> None:
        self.store, self.delay, self.files = store, delay, files
        self._all: dict[str, Export] = {}

    def create(self, asked: Asked) -> Replied:
        """Of some lists, or of everyone."""
        body, now = asked.body or {}, self.store.now()
        form = body.get("file_type", "csv")
        export = Export(self.store.new_id(), body.get("list_ids", []), form, now, now + self.delay)
        self._all[export.id] = export
        return Replied(202, {"id": export.id, "_metadata": {"self": f"{self.files}/{export.id}"}})

    def status(self, asked: Asked) -> Replied:
        """Pending, then ready with the file's URL."""
        export = self._all.get(asked.args["id"])
        if export is None:
            return denied(404, "export not found")
        ready = export.due <= self.store.now()
        told = {"created_at": export.begun, "updated_at": export.begun}
        told["expires_at"] = export.due + _KEPT
        done = {"completed_at": stamp(export.due), "urls": [f"{self.files}/exports/{export.id}"]}
        body = {"id": export.id, "status": "ready" if ready else "pending"}
        times = {name: stamp(at) for name, at in told.items()}
        return Replied(200, {**body, **times, **(done if ready else {})})

    def file(self, asked: Asked) -> Replied:
        """Gone when it has expired."""
        export = self._all.get(asked.args["id"])
        if export is None or not export.due <= self.store.now() <= export.due + _KEPT:
            return Replied(403, b"<Error><Code>AccessDenied</Code></Error>")
        chosen = [
            contact.shown(self.store.named())
            for contact in self.store.contacts.values()
            if not export.lists or set(export.lists) & set(contact.lists)
        ]
        return Replied(200, _lines(chosen) if export.form == "json" else _table(chosen))


def _lines(shown: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(each) + "\n" for each in shown).encode()


def _table(shown: list[dict[str, Any]]) -> bytes:
    written = io.StringIO()
    columns = {"contact_id": "id"} | {name: name for name in _COLUMNS}
    rows = csv.writer(written)
    rows.writerow([name.upper() for name in columns])
    rows.writerows([[each[source] for source in columns.values()] for each in shown])
    return written.getvalue().encode()
