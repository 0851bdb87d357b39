"""Outlook's contacts: those of one mailbox (Microsoft Graph v1.0).

By a user's refresh token, or by the app's own right (client credentials) for the option
`user`. Our id stands in an extended property, so a creation whose answer is lost is found.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import quote, unquote

from chalicelib.connectors.api import Api, Reply
from chalicelib.connectors.authority import OAuth
from chalicelib.connectors.connector import (
    Caps,
    Connector,
    Op,
    Page,
    Rate,
    Result,
    Told,
    UnavailableError,
)
from chalicelib.connectors.kinds import graph_subscriptions
from chalicelib.connectors.kinds.graph_answers import answered, of_item, required
from chalicelib.connectors.kinds.graph_hooks import fates, handshake, notices, verify
from chalicelib.connectors.patching import patched, tops, whole
from chalicelib.domain.hooks import Fate, Hook, Subscription

LOGIN, TENANT = "https://login.microsoftonline.com", "common"
EXTENDED = "singleValueExtendedProperties"
OWN = "String {5d3c8b0e-7a41-4f5e-9c26-1e0b7f4a2d93} Name kartoteka"
NOBODY = "-"  # an extended property cannot be taken away, only changed [unchecked]
LASTING = 'IdType="ImmutableId"'  # else a contact that moves to another folder gets another id
PAGE = 200
HEADERS = {"content-type": "application/json", "accept": "application/json", "prefer": LASTING}


class Graph(Connector):
    """See `Connector`. A remote id is Graph's immutable one."""

    caps = Caps(
        access=("client_id", "client_secret"),
        access_optional=("refresh_token",),
        options_optional=("tenant", "user", "folder", "login"),
        identity=("tenant", "user", "folder"),
        base="https://graph.microsoft.com",
        reads=True,
        polls=True,
        hooks=True,
        subscribes=True,
        rate=Rate(units=10_000, seconds=600),
        costs={"update": 2, "find": 2},
    )

    @cached_property
    def _api(self) -> Api:
        options = self.account.options
        tenant = quote(options.get("tenant", TENANT), safe="")
        url = f"{options.get('login', LOGIN)}/{tenant}/oauth2/v2.0/token"
        authority = OAuth(self.sender, url, self._form, self.now)
        return Api(self.sender, self.account.url, authority, HEADERS)

    @property
    def _form(self) -> Mapping[str, str]:
        """Each refresh token lives 90 days; the one that every answer brings is not kept."""
        grant = "refresh_token" if self._is_delegated else "client_credentials"
        scope = f"{self.account.url}/.default"
        return {**self.account.access, "grant_type": grant, "scope": scope}

    @property
    def _is_delegated(self) -> bool:
        return bool(self.account.access.get("refresh_token"))

    @cached_property
    def _mailbox(self) -> str:
        user = self.account.options.get("user", "")
        if not (user or self._is_delegated):
            raise UnavailableError(Result("failed", "no_user"))
        return f"/v1.0/users/{quote(user, safe='')}" if user else "/v1.0/me"

    @property
    def _contacts(self) -> str:
        """Those of one folder, the default one if no other is named."""
        folder = quote(self.account.options.get("folder", ""), safe="")
        return f"{self._mailbox}/contactFolders/{folder}/contacts" if folder else self._everywhere

    @property
    def _everywhere(self) -> str:
        return f"{self._mailbox}/contacts"

    def _one(self, remote: str) -> str:
        return f"{self._everywhere}/{quote(remote, safe='')}"

    @cached_property
    def _select(self) -> dict[str, str]:
        return {"$select": ",".join([*tops(self.account.places), "lastModifiedDateTime"])}

    def upsert(self, op: Op) -> Result:
        """See `Connector`."""
        if not op.remote:
            reply = self._api.call("POST", self._contacts, {**op.body, **_owned(op.id)})
            return answered(reply, created=True)
        result = self._change(op)
        return self._change(op) if result.status == "conflict" else result

    def _change(self, op: Op) -> Result:
        """Graph replaces lists and addresses as a whole: what no mapping knows stays."""
        read = self._api.call("GET", self._one(op.remote), query=self._select)
        if not read.ok:
            return of_item(read)
        there = read.required()
        body = {**patched(there, op.body, self.account.places), **_owned(op.id)}
        etag = {"if-match": str(there.get("@odata.etag", "*"))}
        return of_item(self._api.call("PATCH", self._one(op.remote), body, headers=etag))

    def remove(self, op: Op) -> Result:
        """See `Connector`. What is deleted lies in Deleted Items."""
        if op.removal == "unlink":
            result = of_item(self._api.call("PATCH", self._one(op.remote), _owned(NOBODY)))
        else:
            result = of_item(self._api.call("DELETE", self._one(op.remote)))
        return Result("done") if result.status in ("done", "gone") else result

    def find(self, op: Op) -> Sequence[str]:
        """See `Connector`."""
        own = f"{EXTENDED}/any(p:p/id eq {_text(OWN)} and p/value eq {_text(op.id)})"
        ours = self._found(own)
        wanted = (f"emailAddresses/any(e:e/address eq {_text(a)})" for a in op.lookup)
        theirs = [] if ours else [remote for each in wanted for remote in self._found(each)]
        return list(dict.fromkeys([*ours, *theirs]))

    def _found(self, wanted: str) -> list[str]:
        query = {"$filter": wanted, "$select": "id"}
        reply = self._api.call("GET", self._contacts, query=query)
        return [str(each["id"]) for each in required(reply)["value"]]

    def read(self, op: Op) -> Told | None:
        """See `Connector`."""
        return self._read(op.remote)

    def _read(self, remote: str) -> Told | None:
        reply = self._api.call("GET", self._one(remote), query=self._select)
        if of_item(reply).status == "gone":
            return None
        return self._told(required(reply))

    def _told(self, item: Mapping[str, Any]) -> Told:
        if "@removed" in item:
            return Told("delete", str(item["id"]))
        at = item.get("lastModifiedDateTime")
        return Told(
            kind="upsert",
            remote=str(item["id"]),
            body=whole(item, self.account.places),
            etag=str(item.get("@odata.etag", "")),
            occurred_at=datetime.fromisoformat(at) if at else None,
        )

    def fetch(self, remotes: Sequence[str]) -> Sequence[Told]:
        """See `Connector`."""
        return [self._read(remote) or Told("delete", remote) for remote in remotes]

    def poll(self, cursor: str | None) -> Page:
        """See `Connector`. A cursor is a delta link; 410 says that Graph forgot it."""
        reply = self._delta(cursor)
        anew = bool(cursor) and reply.status in (400, 410)
        found = required(self._delta(None) if anew else reply)
        further, then = found.get("@odata.nextLink", ""), found.get("@odata.deltaLink", "")
        news = [self._told(item) for item in found["value"]]
        return Page(news, further or then, bool(further), anew)

    def _delta(self, link: str | None) -> Reply:
        headers = {"prefer": f"{LASTING}, odata.maxpagesize={PAGE}"}
        if link:
            return self._api.call("GET", link, headers=headers)
        return self._api.call("GET", f"{self._contacts}/delta", query=self._select, headers=headers)

    def handshake(self, hook: Hook) -> str | None:
        """See `Connector`."""
        return handshake(hook)

    def verify(self, hook: Hook, secrets: Sequence[str]) -> None:
        """See `Connector`."""
        verify(hook, secrets)

    def parse(self, hook: Hook) -> Sequence[Told]:
        """See `Connector`."""
        return notices(hook)

    def fates(self, hook: Hook) -> Sequence[Fate]:
        """See `Connector`."""
        return fates(hook)

    def subscribe(self, url: str, secret: str) -> Subscription:
        """See `Connector`. The secret is the state that each notice bears."""
        resource = unquote(self._contacts).removeprefix("/v1.0/")
        return graph_subscriptions.subscribe(self._api, resource, url, secret, self.now())

    def renew(self, subscription: Subscription) -> Subscription:
        """See `Connector`."""
        return graph_subscriptions.renew(self._api, subscription, self.now())

    def unsubscribe(self, subscription: Subscription) -> None:
        """See `Connector`."""
        graph_subscriptions.unsubscribe(self._api, subscription)

    def subscriptions(self) -> Sequence[Subscription]:
        """See `Connector`."""
        return list(graph_subscriptions.subscriptions(self._api))

    def health(self, name: str) -> Result:
        """See `Connector`."""
        try:
            required(self._api.call("GET", self._contacts, query={"$top": 1, "$select": "id"}))
        except UnavailableError as error:
            return error.result
        return Result("done")


def _owned(contact: str) -> dict[str, Any]:
    return {EXTENDED: [{"id": OWN, "value": contact}]}


def _text(value: str) -> str:
    """A string of OData."""
    return "'" + value.replace("'", "''") + "'"


CONNECTOR = Graph
