"""The operations on persons, and those on the companies they belong to."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from ..base import Replied
from ..common.vendor import Asked, Refused, Vendor
from .store import Person, Persons, stamp


def error(status: int, message: str, code: str = "ERR_BAD_REQUEST") -> Replied:
    """Pipedrive's error form."""
    body = {"success": False, "error": message, "code": code, "data": None}
    return Replied(status, {**body, "additional_data": None})


def done(data: Any, status: int = 200, **more: Any) -> Replied:
    """And that of success."""
    return Replied(status, {"success": True, "data": data, **more})


class PersonsApi:
    """`keys` are the custom fields that there are, `labels` the labels."""

    def __init__(
        self, vendor: Vendor, persons: Persons, keys: set[str], labels: set[int], synced: bool
    ) -> None:
        self.vendor, self.persons = vendor, persons
        self.keys, self.labels, self.synced = keys, labels, synced
        self.companies: dict[int, str] = {}
        self.search_lag = timedelta()
        self._ids = count(1)

    def get(self, asked: Asked) -> Replied:
        """Also one that is deleted, as such, for thirty days."""
        person = self.persons.get(self._id(asked))
        if person is None:
            return error(404, "Person not found", "ERR_NOT_FOUND")
        return done(self._shown(person, asked))

    def post(self, asked: Asked) -> Replied:
        """A new one, each time."""
        self._check(asked)
        return done(self.persons.create(asked.body, "api").shown(synced=self.synced), 201)

    def patch(self, asked: Asked) -> Replied:
        """What is named is replaced."""
        self._check(asked)
        person = self._live(asked)
        return done(self.persons.update(person, asked.body, "api").shown(synced=self.synced))

    def delete(self, asked: Asked) -> Replied:
        """Softly."""
        person = self._live(asked)
        self.persons.delete(person, "api")
        return done({"id": person.id})

    def page(self, asked: Asked) -> Replied:
        """Without the deleted; `updated_since` is inclusive, `updated_until` is not."""
        query = asked.query
        by, down = query.get("sort_by", "id"), query.get("sort_direction") == "desc"
        found = [person for person in self.persons.live() if self._listed(person, query)]
        found.sort(key=lambda person: (person.fields[by], person.id), reverse=down)
        start = self._start(asked)
        if start is not None:
            found = [p for p in found if _after([p.fields[by], p.id], start, down)]
        limit = int(query.get("limit", "100"))
        shown = found[:limit]
        more = _cursor([shown[-1].fields[by], shown[-1].id]) if len(found) > limit else None
        records = [self._shown(person, asked) for person in shown]
        return done(records, additional_data={"next_cursor": more})

    def search(self, asked: Asked) -> Replied:
        """By part of a value, or by all of it; in no case are cases told apart."""
        found = [person for person in self.persons.live() if self._fits(person, asked.query)]
        at = int((self._start(asked) or [0])[0])
        limit = int(asked.query.get("limit", "100"))
        items = [{"result_score": 0.5, "item": _item(p)} for p in found[at : at + limit]]
        more = _cursor([at + limit]) if len(found) > at + limit else None
        return done({"items": items}, additional_data={"next_cursor": more})

    def company(self, asked: Asked) -> Replied:
        """One company."""
        id = self._id(asked)
        if id not in self.companies:
            return error(404, "Organization not found", "ERR_NOT_FOUND")
        return done({"id": id, "name": self.companies[id], "is_deleted": False})

    def new_company(self, asked: Asked) -> Replied:
        """A new company, each time."""
        id = next(self._ids)
        self.companies[id] = asked.body["name"]
        return done({"id": id, "name": asked.body["name"], "is_deleted": False}, 201)

    def _check(self, asked: Asked) -> None:
        body = asked.body
        unknown = [key for key in body.get("custom_fields", {}) if key not in self.keys]
        unknown += [str(id) for id in body.get("label_ids", []) if id not in self.labels]
        if body.get("org_id") and body["org_id"] not in self.companies:
            unknown.append(f"organization {body['org_id']}")
        if unknown:
            self.vendor.refuse(asked, f"there is no {', '.join(unknown)}")
            raise Refused(error(400, "Validation failed"))

    def _id(self, asked: Asked) -> int:
        if not asked.args["id"].isdigit():
            self.vendor.refuse(asked, "an id is a number")
            raise Refused(error(400, "Validation failed: id"))
        return int(asked.args["id"])

    def _live(self, asked: Asked) -> Person:
        person = self.persons.get(self._id(asked))
        if person is None or person.deleted:
            raise Refused(error(404, "Person not found", "ERR_NOT_FOUND"))
        return person

    def _shown(self, person: Person, asked: Asked) -> dict[str, Any]:
        include, keys = (asked.query.get(name, "") for name in ("include_fields", "custom_fields"))
        return person.shown(include, keys, self.synced)

    def _listed(self, person: Person, query: dict[str, str]) -> bool:
        updated = person.fields["update_time"]
        named = {name: query[name] for name in ("owner_id", "org_id") if name in query}
        return (
            _utc(query.get("updated_since", "0001-01-01T00:00:00Z")) <= updated
            and updated < _utc(query.get("updated_until", "9999-01-01T00:00:00Z"))
            and ("ids" not in query or str(person.id) in query["ids"].split(","))
            and all(str(person.fields[name]) == value for name, value in named.items())
        )

    def _fits(self, person: Person, query: dict[str, str]) -> bool:
        if person.created + self.search_lag > self.persons.now():
            return False
        term = query["term"].lower()
        fields = query.get("fields", "name,email,phone,notes,custom_fields").split(",")
        values = [value.lower() for name in fields for value in _values(person, name)]
        whole = query.get("exact_match") == "true"
        return any(value == term if whole else term in value for value in values)

    def _start(self, asked: Asked) -> list[Any] | None:
        if "cursor" not in asked.query:
            return None
        try:
            start: list[Any] = json.loads(urlsafe_b64decode(asked.query["cursor"]))
            return start
        except ValueError:
            self.vendor.refuse(asked, "the cursor is none that was given")
            raise Refused(error(400, "Invalid cursor")) from None


def _utc(written: str) -> str:
    return stamp(datetime.fromisoformat(written).astimezone(UTC))


def _after(place: list[Any], start: list[Any], down: bool) -> bool:
    return place < start if down else place > start


def _cursor(place: list[Any]) -> str:
    return urlsafe_b64encode(json.dumps(place).encode()).decode()


def _values(person: Person, name: str) -> list[str]:
    fields = person.fields
    if name in ("email", "phone"):
        return [point["value"] for point in fields[f"{name}s"]]
    if name == "custom_fields":
        return [str(value) for value in fields["custom_fields"].values() if value is not None]
    return [fields[name]] if fields.get(name) else []


def _item(person: Person) -> dict[str, Any]:
    fields = person.fields
    return {
        "id": person.id,
        "type": "person",
        "name": fields["name"],
        "emails": _values(person, "email"),
        "phones": _values(person, "phone"),
        "custom_fields": _values(person, "custom_fields"),
        "notes": [],
        "visible_to": fields["visible_to"],
        "owner": {"id": fields["owner_id"]},
        "organization": {"id": fields["org_id"]} if fields["org_id"] else None,
    }
