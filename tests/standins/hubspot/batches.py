"""The operations on many contacts: what fails for one, and what for all."""

from collections.abc import Callable
from typing import Any

from ..base import Replied
from ..common.vendor import Asked
from .answers import batch, denied, item_error
from .contacts import OneContact
from .store import SHOWN, Contact, Denied, stamp

_Write = Callable[[dict[str, Any]], dict[str, Any]]


class ManyContacts:
    """At most a hundred at a time; results come in an order of HubSpot's own."""

    def __init__(self, one: OneContact) -> None:
        self.one, self.contacts = one, one.contacts

    def read(self, asked: Asked) -> Replied:
        """207 where one is missing; a merged id gives the record with its new id, once."""
        by, found, lacking = asked.body.get("idProperty"), {}, []
        self.one.check_key(asked, by)
        archived = asked.query.get("archived") == "true"
        for id in [entry["id"] for entry in asked.body["inputs"]]:
            contact = self.contacts.by_id(id) if archived else self.contacts.find(id, by)
            if contact is not None and (contact.archived is not None) == archived:
                found[contact.id] = contact
            else:
                lacking.append(id)
        names = asked.body["properties"] or SHOWN
        errors = [_lacking(lacking)] if lacking else []
        return self._answer([contact.shown(names) for contact in found.values()], errors)

    def archive(self, asked: Asked) -> Replied:
        """Those that are not there do not matter."""
        for entry in asked.body["inputs"]:
            contact = self.contacts.find(entry["id"], None)
            if contact:
                self.contacts.archive(contact, "app")
        return Replied(204)

    def upsert(self, asked: Asked) -> Replied:
        """By a unique property, but not by the address: that cannot write a part."""
        return self._written(asked, self._upsert)

    def update(self, asked: Asked) -> Replied:
        """By id or a unique property."""
        return self._written(asked, self._update)

    def _upsert(self, entry: dict[str, Any]) -> dict[str, Any]:
        by, properties = entry["idProperty"], entry["properties"]
        found = self.contacts.find(entry["id"], by)
        keyed = {**properties, by: entry["id"]}
        if found is None:
            return {**self._shown(self.contacts.create(keyed, "app"), keyed), "new": True}
        return {**self._shown(self.contacts.update(found, keyed, "app"), keyed), "new": False}

    def _update(self, entry: dict[str, Any]) -> dict[str, Any]:
        found = self.contacts.find(entry["id"], entry.get("idProperty"))
        if found is None:
            raise Denied("OBJECT_NOT_FOUND", "Could not get some objects", id=entry["id"])
        written = self.contacts.update(found, entry["properties"], "app")
        return self._shown(written, entry["properties"])

    def _written(self, asked: Asked, write: _Write) -> Replied:
        entries = asked.body["inputs"]
        self._check(asked, entries, write == self._upsert)
        traced = all("objectWriteTraceId" in entry for entry in entries)
        if not traced:
            self._rehearse(entries, write)
        results, errors = [], []
        for entry in entries:
            trace = {"objectWriteTraceId": entry["objectWriteTraceId"]} if traced else {}
            try:
                results.append({**write(entry), **trace})
            except Denied as why:
                errors.append(item_error(why, **{name: [id] for name, id in trace.items()}))
        return self._answer(results, errors)

    def _rehearse(self, entries: list[dict[str, Any]], write: _Write) -> None:
        """Without traces the first item that fails is the answer, and nothing is written."""
        for entry in entries:
            found = self.contacts.find(entry["id"], entry.get("idProperty"))
            try:
                if found is None and write == self._update:
                    raise Denied("OBJECT_NOT_FOUND", "Could not get some objects", id=entry["id"])
                key = {entry["idProperty"]: entry["id"]} if write == self._upsert else {}
                self.contacts.checked({**entry["properties"], **key}, found)
            except Denied as why:
                raise denied(why) from None

    def _check(self, asked: Asked, entries: list[dict[str, Any]], upsert: bool) -> None:
        self.one.check_names(asked, {name: "" for e in entries for name in e["properties"]})
        keys = [(entry.get("idProperty"), entry["id"]) for entry in entries]
        for by, _ in keys:
            self.one.check_key(asked, by)
        traces = [entry["objectWriteTraceId"] for entry in entries if "objectWriteTraceId" in entry]
        doubled = len(set(keys)) < len(keys) or len(set(traces)) < len(traces)
        wrong = "a record or a trace comes twice" if doubled else ""
        if upsert and any(by not in self.contacts.unique for by, _ in keys):
            wrong = "an upsert goes by a custom unique property"
        if wrong:
            self.one.vendor.refuse(asked, wrong)
            raise denied(Denied("VALIDATION_ERROR", wrong))

    def _shown(self, contact: Contact, written: dict[str, str]) -> dict[str, Any]:
        return contact.shown([*written])

    def _answer(self, results: list[dict[str, Any]], errors: list[dict[str, Any]]) -> Replied:
        mixed = sorted(results, key=lambda record: -int(record["id"]))
        return batch(stamp(self.contacts.now()), mixed, errors)


def _lacking(ids: list[str]) -> dict[str, Any]:
    why = Denied("OBJECT_NOT_FOUND", "Could not get some CONTACT objects")
    return item_error(why, ids=ids)
