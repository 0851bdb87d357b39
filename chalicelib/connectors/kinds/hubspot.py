"""HubSpot CRM contacts (dated API, 2026-03), by a private app's token.

Our id stands in a custom property that an admin makes once, unique: `kartoteka_id`, unless
the option `key` names another. So a creation whose answer is lost makes no second contact.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from chalicelib.connectors.api import Api, Reply
from chalicelib.connectors.authority import bearer
from chalicelib.connectors.connector import (
    TAKEN,
    Caps,
    Connector,
    Op,
    Page,
    Rate,
    Result,
    Told,
)
from chalicelib.connectors.kinds.hubspot_hooks import notices, verify
from chalicelib.domain.hooks import Hook

VERSION, KEY = "2026-03", "kartoteka_id"
CATEGORIES = ("OBJECT_NOT_FOUND", "VALIDATION_ERROR")
PAGE = 100
FARTHEST = 10_000 - PAGE  # a search shows no more; then it begins anew from the latest time
_EXISTING = re.compile(r"Existing ID: (\d+)")
LAG = timedelta(seconds=30)  # by how much the search may lag behind a write [unchecked]


class HubSpot(Connector):
    """See `Connector`. A remote id is HubSpot's record id."""

    caps = Caps(
        access=("token",),
        access_optional=("client_secret",),
        options_optional=("version", "key", "hook_url"),
        base="https://api.hubapi.com",
        reads=True,
        polls=True,
        hooks=True,
        fetches=PAGE,
        removals=("archive", "delete", "unlink", "ignore"),
        rate=Rate(units=190, seconds=10, daily=650_000),
        costs={"find": 2},
    )

    @cached_property
    def _api(self) -> Api:
        version = self.account.options.get("version", VERSION)
        base = f"{self.account.url}/crm/objects/{version}/contacts"
        return Api(self.sender, base, bearer(self.account.access.get("token", "")))

    @cached_property
    def _key(self) -> str:
        return self.account.options.get("key", KEY)

    @cached_property
    def _names(self) -> list[str]:
        named = {place.removeprefix("properties.") for place in self.account.places}
        return sorted(named | {self._key})

    def upsert(self, op: Op) -> Result:
        """See `Connector`."""
        properties = {**op.body.get("properties", {}), self._key: op.id}
        if op.remote:
            return _result(self._api.call("PATCH", f"/{op.remote}", {"properties": properties}))
        entry = {"id": op.id, "idProperty": self._key, "objectWriteTraceId": op.message}
        body = {"inputs": [{**entry, "properties": properties}]}
        return _of_batch(self._api.call("POST", "/batch/upsert", body))

    def remove(self, op: Op) -> Result:
        """See `Connector`. A deletion is GDPR's: HubSpot cannot bring it back."""
        if op.removal == "unlink":
            body = {"properties": {self._key: ""}}
            return _gone(self._api.call("PATCH", f"/{op.remote}", body))
        if op.removal == "delete":
            return _gone(self._api.call("POST", "/gdpr-delete", {"objectId": op.remote}))
        return _gone(self._api.call("DELETE", f"/{op.remote}"))

    def find(self, op: Op) -> Sequence[str]:
        """See `Connector`."""
        ours = self._read([op.id], self._key)
        theirs = [] if ours or not op.lookup else self._read(op.lookup, "email")
        return [told.remote for told in [*ours, *theirs]]

    def read(self, op: Op) -> Told | None:
        """See `Connector`."""
        return next(iter(self._read([op.remote], None)), None)

    def fetch(self, remotes: Sequence[str]) -> Sequence[Told]:
        """See `Connector`."""
        found = [told for n in range(0, len(remotes), PAGE) for told in self._some(remotes, n)]
        there = {told.remote for told in found}
        return found + [Told("delete", r) for r in remotes if r not in there]

    def _some(self, remotes: Sequence[str], start: int) -> list[Told]:
        return self._read(remotes[start : start + PAGE], None)

    def _read(self, ids: Sequence[str], by: str | None) -> list[Told]:
        """Those that are there; HubSpot answers 207 where some are not."""
        wanted = {"inputs": [{"id": i} for i in ids], "properties": self._names}
        body = {**wanted, "propertiesWithHistory": []} | ({"idProperty": by} if by else {})
        told = self._api.call("POST", "/batch/read", body).required()
        return [_told(record) for record in told["results"]]

    def poll(self, cursor: str | None) -> Page:
        """See `Connector`. A search by the time of the last change; it sees no deletions."""
        since, _, after = (cursor or "0").partition(" ")
        at_once = {"propertyName": "lastmodifieddate", "operator": "GTE", "value": since}
        body = {
            "filterGroups": [{"filters": [at_once]}],
            "sorts": [{"propertyName": "lastmodifieddate", "direction": "ASCENDING"}],
            "properties": [*self._names, "lastmodifieddate"],
            "limit": PAGE,
        } | ({"after": after} if after else {})
        answer = self._api.call("POST", "/search", body).required()
        told = [_told(record) for record in answer["results"]]
        following = answer.get("paging", {}).get("next", {}).get("after", "")
        return Page(told, *_onward(since, following, told))

    def verify(self, hook: Hook, secrets: Sequence[str]) -> None:
        """See `Connector`. Signature v3, by the app's client secret."""
        url = self.account.options.get("hook_url") or hook.url
        verify(replace(hook, url=url), self.account.access.get("client_secret", ""), self.now())

    def parse(self, hook: Hook) -> Sequence[Told]:
        """See `Connector`."""
        return notices(hook)

    def health(self, name: str) -> Result:
        """See `Connector`."""
        return self._api.call("GET", "", query={"limit": 1}).result()


def _told(record: Mapping[str, Any]) -> Told:
    at = record.get("updatedAt")
    return Told(
        kind="upsert",
        remote=str(record["id"]),
        body=record,
        etag=at or "",
        occurred_at=datetime.fromisoformat(at) if at else None,
    )


def _onward(since: str, following: str, told: Sequence[Told]) -> tuple[str, bool]:
    """The next cursor, and whether it is to be asked at once; a search goes only so far."""
    if following and int(following) < FARTHEST:
        return f"{since} {following}", True
    latest = max((t.occurred_at for t in told if t.occurred_at), default=None)
    if latest is None:
        return since, False
    back = timedelta(0) if following else LAG
    return str(int((latest - back).timestamp() * 1000)), bool(following)


def _result(reply: Reply) -> Result:
    """The record may stand under another id than it did: it was merged there."""
    if not reply.ok:
        return _refusal(reply)
    return reply.result(remote=str(reply.json["id"]), etag=reply.json.get("updatedAt", ""))


def _refusal(reply: Reply) -> Result:
    """A conflict is with another record there, that has the address: no time mends it."""
    result = reply.result()
    return _taken(reply.json or {}) if result.status == "conflict" else result


def _taken(error: Mapping[str, Any]) -> Result:
    """Who has it is said in the context, or at the end of the message only."""
    named = (error.get("context") or {}).get("existingId") or _EXISTING.findall(
        str(error.get("message"))
    )
    return Result("refused", TAKEN, remote=str(named[0]) if named else "")


def _of_batch(reply: Reply) -> Result:
    """Of a batch of one: 207 says that it failed, and how."""
    if not reply.ok:
        return _refusal(reply)
    if reply.json.get("errors"):
        error = reply.json["errors"][0]
        category = str(error.get("category", ""))
        if category == "CONFLICT":
            return _taken(error)
        return Result("refused", category.lower() if category in CATEGORIES else "refused")
    (record,) = reply.json["results"]
    made = bool(record.get("new"))
    return reply.result(remote=str(record["id"]), etag=record.get("updatedAt", ""), created=made)


def _gone(reply: Reply) -> Result:
    """What is not there any more is as it should be."""
    return Result("done") if reply.ok or reply.status == 404 else reply.result()


CONNECTOR = HubSpot
