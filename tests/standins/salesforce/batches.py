"""Collections of at most two hundred: an answer of 200 says nothing of the items."""

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from ..base import Replied
from ..common.vendor import Asked
from .answers import ROLLED_BACK, item, item_error
from .contacts import OneContact, allows_twins
from .store import Denied

_Step = Callable[[], dict[str, Any]]


class ManyContacts:
    """Results come in the order of the request."""

    def __init__(self, one: OneContact) -> None:
        self.one, self.contacts = one, one.contacts

    def upsert(self, asked: Asked) -> Replied:
        """By an external id; one that comes twice fails twice."""
        self.one.check_external(asked)
        records, field = asked.body["records"], asked.args["field"]
        bare = [{n: v for n, v in record.items() if n != "attributes"} for record in records]
        self.one.check_names(asked, {name: None for record in bare for name in record})
        times = Counter(str(record.get(field) or "").lower() for record in bare)

        def step(record: dict[str, Any]) -> _Step:
            twice = times[str(record.get(field) or "").lower()] > 1
            return lambda: self._upsert(field, record, twice, allows_twins(asked))

        steps = [step(record) for record in bare]
        return self._done(steps, asked.body.get("allOrNone", False))

    def delete(self, asked: Asked) -> Replied:
        """By record id."""
        ids = asked.query["ids"].split(",")
        steps: list[_Step] = [lambda id=id: self._delete(id) for id in ids]  # type: ignore[misc]
        return self._done(steps, asked.query.get("allOrNone") == "true")

    def _upsert(
        self, field: str, record: dict[str, Any], twice: bool, allow: bool
    ) -> dict[str, Any]:
        value = str(record.get(field) or "")
        if not value:
            raise Denied("MISSING_ARGUMENT", f"{field} not specified")
        if twice:
            raise Denied("DUPLICATE_VALUE", f"Duplicate external id specified: {value}", field)
        found = self.contacts.having(field, value)
        if len(found) > 1:
            raise Denied("DUPLICATE_EXTERNAL_ID", f"{field}: more than one record found")
        if found:
            return item(self.contacts.update(found[0], record, "app").id, created=False)
        return item(self.contacts.create(record, "app", allow).id, created=True)

    def _delete(self, id: str) -> dict[str, Any]:
        contact = self.contacts.get(id)
        if contact is None:
            raise Denied("ENTITY_IS_DELETED", "entity is deleted")
        self.contacts.delete(contact, "app")
        return item(id)

    def _done(self, steps: list[_Step], all_or_none: bool) -> Replied:
        before = deepcopy(self.contacts.all)
        results = [self._tried(step) for step in steps]
        if all_or_none and not all(result["success"] for result in results):
            self.contacts.all = before
            results = [item_error(ROLLED_BACK) if r["success"] else r for r in results]
        return Replied(200, results)

    @staticmethod
    def _tried(step: _Step) -> dict[str, Any]:
        try:
            return step()
        except Denied as why:
            return item_error(why)
