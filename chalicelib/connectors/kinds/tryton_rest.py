"""Tryton's REST: how records are found and counted, and what stands for codes and names."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any
from urllib.parse import quote

from chalicelib.connectors.api import Api, Reply
from chalicelib.connectors.authority import bearer
from chalicelib.connectors.connector import Account, Result, UnavailableError
from chalicelib.connectors.kinds.tryton_parties import Record
from chalicelib.connectors.ports import Sender

PAGE = 100
_CATEGORY, _CODED = "/party.category", {"country": "/country.country", "lang": "/ir.lang"}


def api_of(account: Account, sender: Sender) -> Api:
    """One database; what is put away is not hidden in it."""
    database = quote(account.options.get("database", ""), safe="")
    base = f"{account.url.rstrip('/')}/{database}/rest/model"
    headers = {
        "content-type": "application/json",
        "accept": "application/json",
        "x-tryton-context": _encoded({"active_test": False}),
    }
    return Api(sender, base, bearer(account.access.get("key", "")), headers)


class Records:
    """The records of all models; `UnavailableError` where they cannot be had."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def found(
        self, model: str, domain: Sequence[Any], fields: Sequence[str] = ("id",)
    ) -> Sequence[Record]:
        """At most a page, in the order of their ids."""
        query = {"d": _encoded(domain), "o": _encoded([["id", "ASC"]]), "s": PAGE}
        reply = self._api.call("GET", model, query={**query, "f": list(fields)})
        found: Sequence[Record] = of_a_place(reply).required()
        return found

    def hidden(self, model: str, domain: Sequence[Any], *fields: str) -> Sequence[Record]:
        """All of them, sought by what may stand in no URL."""
        body = {"domain": domain, "fields_names": fields}
        reply = self._api.call("POST", f"{model}/search_read", body)
        found: Sequence[Record] = of_a_place(reply).required()
        return found

    def count(self, model: str, top: int) -> int:
        """How many there are up to an id."""
        body = {"domain": [["id", "<=", top]]}
        reply = self._api.call("POST", f"{model}/search_count", body)
        return int(of_a_place(reply).required())

    def newest(self, model: str) -> Reply:
        """The one with the highest id."""
        query = {"o": _encoded([["id", "DESC"]]), "s": 1, "f": "id"}
        return of_a_place(self._api.call("GET", model, query=query))

    def create(
        self, model: str, values: Mapping[str, Any], fields: Sequence[str] = ("id",)
    ) -> Reply:
        """The answer shows these fields of the new one."""
        return of_a_place(self._api.call("POST", model, values, query={"f": list(fields)}))


class Ids:
    """The ids of what we know by code or name: countries, languages, categories under one."""

    def __init__(self, records: Records, root: str) -> None:
        self._records, self._root = records, root

    def turned(self, values: Any) -> Any:
        """With ids for codes; a country or language that Tryton does not know is left out."""
        if isinstance(values, list):
            return [self.turned(value) for value in values]
        if not isinstance(values, Mapping):
            return values
        ids = {n: self._coded(_CODED[n], v) for n, v in values.items() if n in _CODED and v}
        rest = {n: self.turned(v) for n, v in values.items() if n not in ids}
        return rest | {n: i for n, i in ids.items() if i}

    def _coded(self, model: str, code: str) -> int | None:
        found = self._records.found(model, [["code", "=", code]])
        return next((row["id"] for row in found), None)

    def category(self, name: str) -> int:
        """The category that stands for a tag; it is made where there is none."""
        here = [["name", "=", name], ["parent.name", "=", self._root]]
        return self._found_or_made(here, {"name": name, "parent": self._parent})

    @cached_property
    def _parent(self) -> int:
        top = [["name", "=", self._root], ["parent", "=", None]]
        return self._found_or_made(top, {"name": self._root})

    def _found_or_made(self, domain: Sequence[Any], values: Mapping[str, Any]) -> int:
        found = self._records.found(_CATEGORY, domain)
        return found[0]["id"] if found else self._made(values)

    def _made(self, values: Mapping[str, Any]) -> int:
        """Somebody may make it at the same time: that is no fault of the contact's."""
        reply = self._records.create(_CATEGORY, values)
        if reply.status == 400:
            raise UnavailableError(Result("failed", "category"))
        return int(reply.required()["id"])


def of_a_place(reply: Reply) -> Reply:
    """Where no record is named, 404 says that the database or the module is not there."""
    return replace(reply, status=None) if reply.status == 404 else reply


def _encoded(value: Any) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode()
