"""Pipedrive's persons: what a write stores, a soft deletion, a merge."""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

PURGED_AFTER = timedelta(days=30)
# Shown only where the account syncs contacts; nobody writes them through v2.
SYNCED = ("birthday", "job_title", "postal_address", "notes", "im")
_ALWAYS = ("id", "name", "first_name", "last_name", "owner_id", "org_id", "add_time", "update_time")
_SHOWN = (*_ALWAYS, "emails", "phones", "is_deleted", "visible_to", "label_ids", "custom_fields")

Tell = Callable[..., None]


@dataclass
class Person:
    """One record: its fields as an answer has them; `touched` once the API set its status."""

    fields: dict[str, Any]
    created: datetime
    deleted: datetime | None = None
    touched: bool = False
    merged_to: int | None = None

    @property
    def id(self) -> int:
        """The number that is its own for ever."""
        return int(self.fields["id"])

    def shown(self, include: str = "", keys: str = "", synced: bool = False) -> dict[str, Any]:
        """In an answer; `include` and `keys` are the parameters of the call."""
        names = (*_SHOWN, *(SYNCED if synced else ()))
        record: dict[str, Any] = {name: deepcopy(self.fields.get(name)) for name in names}
        if keys:
            wanted = keys.split(",")
            custom = record["custom_fields"]
            record["custom_fields"] = {key: custom[key] for key in wanted if key in custom}
        optional = {name: self.fields.get(name) for name in include.split(",") if name}
        return {**record, **optional}


class Persons:
    """All of them; `tell(action, person, previous, by, ...)` hears of every change."""

    def __init__(self, now: Callable[[], datetime], tell: Tell, owner: int) -> None:
        self.now, self.tell, self.owner = now, tell, owner
        self.all: dict[int, Person] = {}
        self._ids = count(1)

    def live(self) -> Iterator[Person]:
        """Those that are not deleted."""
        return (person for person in self.all.values() if person.deleted is None)

    def get(self, id: int) -> Person | None:
        """Also a deleted one, for thirty days."""
        person = self.all.get(id)
        gone = person and person.deleted and person.deleted + PURGED_AFTER <= self.now()
        return None if gone else person

    def create(self, written: Mapping[str, Any], by: str) -> Person:
        """A new person, whoever else there is: nothing is unique here."""
        at = stamp(self.now())
        blank: dict[str, Any] = {
            "id": next(self._ids),
            "owner_id": self.owner,
            "org_id": None,
            "emails": [],
            "phones": [],
            "visible_to": 3,
            "label_ids": [],
            "custom_fields": {},
            "marketing_status": "no_consent",
            "is_deleted": False,
            "add_time": at,
            "update_time": at,
        }
        person = Person(blank, self.now())
        blank.update(self._stored(person, written, by))
        self.all[person.id] = person
        self.tell("create", person, None, by)
        return person

    def update(self, person: Person, written: Mapping[str, Any], by: str, **more: int) -> Person:
        """What is named is replaced, lists whole; the same values change nothing."""
        stored = self._stored(person, written, by)
        before = {name: person.fields.get(name) for name in stored}
        changed = [name for name in stored if stored[name] != before[name]]
        if changed or more:
            person.fields.update(stored)
            person.fields["update_time"] = written.get("update_time") or stamp(self.now())
            self.tell("change", person, {name: before[name] for name in changed}, by, **more)
        return person

    def delete(self, person: Person, by: str, **more: int) -> None:
        """Softly."""
        person.deleted = self.now()
        person.fields.update(is_deleted=True, update_time=stamp(self.now()))
        self.tell("delete", person, person.shown(), by, **more)

    def merge(self, into: Person, gone: Person, by: str) -> None:
        """What `into` lacks comes from `gone`; two events tell of it."""
        lacking = {
            name: value
            for name, value in gone.fields.items()
            if value and not into.fields.get(name) and name != "is_deleted"
        }
        joined = {
            name: [*into.fields[name], *_further(into.fields[name], gone.fields[name])]
            for name in ("emails", "phones")
        }
        gone.merged_to = into.id
        self.delete(gone, by, merged_to_id=into.id)
        self.update(into, {**lacking, **joined}, by, merged_from_id=gone.id)

    def _stored(self, person: Person, written: Mapping[str, Any], by: str) -> dict[str, Any]:
        stored = {name: _trimmed(value) for name, value in written.items()}
        for name in ("emails", "phones"):
            if name in stored:
                stored[name] = _points(stored[name])
        if "custom_fields" in stored:
            stored["custom_fields"] = {**person.fields["custom_fields"], **stored["custom_fields"]}
        if "name" in stored:
            stored.update(_names(stored["name"]))
        if by == "api" and "marketing_status" in stored:
            self._mark(person, stored)
        return stored

    def _mark(self, person: Person, stored: dict[str, Any]) -> None:
        """The API sets a status once, and only with an address; else it stays, without a word."""
        status = stored.pop("marketing_status")
        reachable = stored.get("emails", person.fields["emails"])
        if status != person.fields["marketing_status"] and reachable and not person.touched:
            stored["marketing_status"] = status
            person.touched = True


def stamp(moment: datetime) -> str:
    """As Pipedrive writes a time: to the second, in UTC."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _names(name: str) -> dict[str, str | None]:
    first, _, last = name.rpartition(" ")
    return {"first_name": first or last, "last_name": last if first else None}


def _points(points: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One is the primary: the first that says so, else the first."""
    said = [at for at, point in enumerate(points) if point.get("primary")]
    chosen = said[0] if said else 0
    return [
        {"value": p["value"].strip(), "primary": at == chosen, "label": p.get("label", "work")}
        for at, p in enumerate(points)
    ]


def _further(held: list[dict[str, Any]], more: list[dict[str, Any]]) -> list[dict[str, Any]]:
    values = {point["value"] for point in held}
    return [{**point, "primary": False} for point in more if point["value"] not in values]


def _trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else deepcopy(value)
