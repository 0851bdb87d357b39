"""Pipedrive persons (API v2), by a user's API token.

Our id stands in a custom field that an admin makes once, of the type text; the option `key` is
its forty hexadecimal digits. Pipedrive knows no upsert: somebody is searched for before being
made, by that field and then by exact e-mail.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from chalicelib.connectors.api import Api, Reply
from chalicelib.connectors.authority import Fixed
from chalicelib.connectors.connector import Caps, Connector, Op, Page, Rate, Result, Told
from chalicelib.connectors.kinds.pipedrive_hooks import USER, notices, verify
from chalicelib.connectors.kinds.pipedrive_persons import labelled, told
from chalicelib.domain.hooks import Hook, Subscription

NAMELESS = "-"  # a name is required; the mapping reads this one as none
PAGE = 500
SOME, FEW = 100, 10  # ids in one list, which costs as much as so many single ones
LIST = 10  # tokens
MOST = 5  # of the addresses to find somebody by: each search costs 20 tokens
ASKED_FOR = ("marketing_status",)  # shown only to who asks
LAG = timedelta(minutes=1)  # by how much the list may lag behind a write [unchecked]
SECOND = timedelta(seconds=1)  # as fine as its times are


class Pipedrive(Connector):
    """See `Connector`. A remote id is the person's number.

    The daily budget is in tokens, the burst in requests (twenty in two seconds, unchecked): so
    many tokens are twenty requests of the cheapest kind.
    """

    caps = Caps(
        access=("token",),
        options=("key",),
        options_optional=("user",),
        base="https://api.pipedrive.com",
        reads=True,
        polls=True,
        hooks=True,
        subscribes=True,
        fetches=SOME,
        rate=Rate(units=60, seconds=2, daily=30_000),
        costs={"create": 5, "update": 6, "remove": 3, "find": 40, "poll": LIST, "fetch": LIST},
    )

    @cached_property
    def _api(self) -> Api:
        return self._under("/api/v2/persons")

    @cached_property
    def _hooks(self) -> Api:
        return self._under("/v1/webhooks")

    def _under(self, path: str) -> Api:
        authority = Fixed({"x-api-token": self.account.access.get("token", "")})
        return Api(self.sender, self.account.url.rstrip("/") + path, authority)

    @cached_property
    def _key(self) -> str:
        return self.account.options.get("key", "")

    @cached_property
    def _shown(self) -> Mapping[str, str]:
        wanted = [name for name in ASKED_FOR if name in self.account.places]
        return {"include_fields": ",".join(wanted)} if wanted else {}

    def _call(self, method: str, path: str, body: Any = None, **query: Any) -> Reply:
        return _waiting(self._api.call(method, path, body, query=query))

    def upsert(self, op: Op) -> Result:
        """See `Connector`."""
        body = self._with_key(op)
        if not op.remote:
            made = labelled({"name": NAMELESS, **body}, {})
            return _result(self._call("POST", "", made), created=True)
        there = self._call("GET", f"/{op.remote}").required()["data"]
        return _result(self._call("PATCH", f"/{op.remote}", labelled(body, there)))

    def _with_key(self, op: Op) -> dict[str, Any]:
        return {**op.body, "custom_fields": {**op.body.get("custom_fields", {}), self._key: op.id}}

    def remove(self, op: Op) -> Result:
        """See `Connector`. What is deleted is purged after thirty days."""
        if op.removal == "unlink":
            body = {"custom_fields": {self._key: None}}
            return self._call("PATCH", f"/{op.remote}", body).result()
        return self._call("DELETE", f"/{op.remote}").result()

    def find(self, op: Op) -> Sequence[str]:
        """See `Connector`."""
        ours = self._search(op.id, "custom_fields")
        theirs = [] if ours else [r for e in op.lookup[:MOST] for r in self._search(e, "email")]
        return list(dict.fromkeys([*ours, *theirs]))

    def _search(self, term: str, where: str) -> list[str]:
        """Who has exactly this."""
        reply = self._call("GET", "/search", term=term, fields=where, exact_match="true")
        return [str(found["item"]["id"]) for found in reply.required()["data"]["items"]]

    def read(self, op: Op) -> Told | None:
        """See `Connector`."""
        return self._one(op.remote)

    def _one(self, remote: str) -> Told | None:
        """Who is deleted is shown as such for a while."""
        reply = self._call("GET", f"/{remote}", **self._shown)
        if reply.status == 404 or reply.required()["data"]["is_deleted"]:
            return None
        return told(reply.json["data"])

    def fetch(self, remotes: Sequence[str]) -> Sequence[Told]:
        """See `Connector`. A few cost less one by one."""
        if len(remotes) < FEW:
            return [self._one(remote) or Told("delete", remote) for remote in remotes]
        found = [told for n in range(0, len(remotes), SOME) for told in self._some(remotes, n)]
        there = {told.remote for told in found}
        return found + [Told("delete", remote) for remote in remotes if remote not in there]

    def cost_of_fetch(self, count: int) -> int:
        """See `Connector`."""
        return count if count < FEW else super().cost_of_fetch(count)

    def _some(self, remotes: Sequence[str], start: int) -> Sequence[Told]:
        ids = ",".join(remotes[start : start + SOME])
        reply = self._call("GET", "", ids=ids, limit=SOME, **self._shown)
        return [told(person) for person in reply.required()["data"]]

    def poll(self, cursor: str | None) -> Page:
        """See `Connector`. It sees no deletions: hooks tell of them."""
        since, _, following = (cursor or "").partition(" ")
        place = {"updated_since": since, "cursor": following}
        asked = {name: value for name, value in place.items() if value}
        query = {"limit": PAGE, "sort_by": "update_time", **asked, **self._shown}
        answer = self._call("GET", "", **query).required()
        found = [told(person) for person in answer["data"]]
        onward = (answer.get("additional_data") or {}).get("next_cursor")
        if onward:
            return Page(found, f"{since} {onward}", more=True)
        return Page(found, self._onward(found[-1].occurred_at) if found else since)

    def _onward(self, latest: datetime | None) -> str:
        """From the second after the latest change, unless others may still come before it."""
        settled = self.now() - LAG
        onward = min(latest + SECOND, settled) if latest else settled
        return onward.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def verify(self, hook: Hook, secrets: Sequence[str]) -> None:
        """See `Connector`. The password of the subscription is the secret."""
        verify(hook, secrets)

    def parse(self, hook: Hook) -> Sequence[Told]:
        """See `Connector`."""
        return notices(hook, self.account.options.get("user", ""))

    def subscribe(self, url: str, secret: str) -> Subscription:
        """See `Connector`. The secret is the password of each call."""
        wanted = {
            "subscription_url": url,
            "event_action": "*",
            "event_object": "person",
            "name": "Kartoteka",
            "version": "2.0",
            "http_auth_user": USER,
            "http_auth_password": secret,
        }
        return _subscription(_waiting(self._hooks.call("POST", "", wanted)).required()["data"])

    def unsubscribe(self, subscription: Subscription) -> None:
        """See `Connector`."""
        _waiting(self._hooks.call("DELETE", f"/{subscription.id}")).ended()

    def subscriptions(self) -> Sequence[Subscription]:
        """See `Connector`. One that failed for three days stands no more."""
        told = _waiting(self._hooks.call("GET", "")).required()["data"] or ()
        return [_subscription(each) for each in told if each["is_active"]]

    def health(self, name: str) -> Result:
        """See `Connector`."""
        return self._call("GET", "", limit=1).result()


def _waiting(reply: Reply) -> Reply:
    """How long to wait is said in a header of Pipedrive's own."""
    wait = reply.retry_after or reply.headers.get("x-ratelimit-reset")
    return replace(reply, retry_after=wait) if reply.status == 429 else reply


def _subscription(told: Mapping[str, Any]) -> Subscription:
    return Subscription(str(told["id"]), str(told["subscription_url"]))


def _result(reply: Reply, *, created: bool = False) -> Result:
    return reply.result(remote=str(reply.required()["data"]["id"]), created=created)


CONNECTOR = Pipedrive
