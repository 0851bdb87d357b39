"""Subscriptions: the handshake, thin notifications with the client's state, expiry and renewal.

Unchecked: that the lifecycle address is asked too, that one call carries all that waits.
`longest` was documented as 4230 minutes; newer pages are said to allow seven days. It may
grant less than is asked for, as users found with other resources: `granted`.
"""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import quote

from ..base import Called, Now, Replied
from ..common.vendor import Asked, Refused
from .answers import error, missing, moment, page
from .store import Item

Hook = Callable[[Called], Replied]
Notice = tuple[str, dict[str, Any]]
_TENANT = "84bd8158-6d4d-4958-8b9f-9d6445542f95"


def echoing(called: Called) -> Replied:
    """A subscriber that answers the handshake as it should."""
    token = called.query["validationToken"][0]
    return Replied(200, token.encode(), {"content-type": "text/plain"})


class Subscriptions:
    """Those of one mailbox; the vendor reaches its subscribers by `hook`."""

    def __init__(self, now: Now, hook: Hook, user: str) -> None:
        self.longest, self.on_a_page = timedelta(minutes=4230), 100
        self.granted: timedelta | None = None
        self.hook = hook
        self._now, self._user = now, user
        self._numbers = count(1)
        self._all: dict[str, dict[str, Any]] = {}
        self._waiting: list[Notice] = []

    def create(self, asked: Asked) -> Replied:
        """Both addresses must answer the handshake."""
        self._expiry(asked, asked.body["expirationDateTime"])
        for name in ("notificationUrl", "lifecycleNotificationUrl"):
            self._shake_hands(asked.body.get(name))
        id_ = f"00000000-0000-0000-0001-{next(self._numbers):012}"
        self._all[id_] = {"id": id_, "clientState": None, **self._granted(asked.body)}
        return Replied(201, self._all[id_])

    def listed(self, asked: Asked, base: str) -> Replied:
        """Those that have not expired, by pages."""
        live = [each for each in self._all.values() if self._lives(each)]
        start = int(asked.query.get("$skiptoken", "0"))
        end = start + self.on_a_page
        link = f"{base}{asked.called.path}?$skiptoken={end}"
        return page(live[start:end], **({"nextLink": link} if end < len(live) else {}))

    def get(self, asked: Asked) -> Replied:
        """One of them."""
        return Replied(200, self._found(asked))

    def renew(self, asked: Asked) -> Replied:
        """It lives until then; an expired one cannot be renewed."""
        subscription = self._found(asked)
        if "expirationDateTime" in asked.body:
            self._expiry(asked, asked.body["expirationDateTime"])
        self._shake_hands(asked.body.get("notificationUrl"))
        subscription.update(self._granted(asked.body))
        return Replied(200, subscription)

    def remove(self, asked: Asked) -> Replied:
        """It is told of nothing more."""
        del self._all[self._found(asked)["id"]]
        return Replied(204)

    def told(self, kind: str, item: Item) -> None:
        """A change waits for each subscription that is of its kind."""
        place = f"Users/{self._user}/Contacts/{item.id}"
        named = {"@odata.type": "#Microsoft.Graph.Contact", "@odata.id": place}
        about = {**named, "@odata.etag": item.etag, "id": item.id}
        for each in filter(self._lives, self._all.values()):
            if kind in each["changeType"].split(","):
                notice = {"changeType": kind, "resource": place, "resourceData": about}
                self._wait(each["notificationUrl"], each, notice)

    def lifecycle(self, event: str) -> None:
        """`reauthorizationRequired`, `missed`, or `subscriptionRemoved`, which ends them."""
        for each in list(filter(self._lives, self._all.values())):
            if each.get("lifecycleNotificationUrl"):
                self._wait(each["lifecycleNotificationUrl"], each, {"lifecycleEvent": event})
            if event == "subscriptionRemoved":
                del self._all[each["id"]]

    def drop(self) -> None:
        """All are gone, and nobody says so."""
        self._all.clear()

    def events(self) -> list[Called]:
        """The calls that Graph would make now: one for each address."""
        notices, self._waiting = self._waiting, []
        return [_call(url, list(_of(url, notices))) for url in dict(notices)]

    def _wait(self, url: str, subscription: dict[str, Any], notice: dict[str, Any]) -> None:
        own = {
            "subscriptionId": subscription["id"],
            "subscriptionExpirationDateTime": subscription["expirationDateTime"],
            "clientState": subscription["clientState"],
            "tenantId": _TENANT,
        }
        self._waiting.append((url, own | notice))

    def _expiry(self, asked: Asked, text: str) -> datetime:
        """When it ends: neither past nor too far."""
        at = moment(text)
        if not self._now() < at <= self._now() + self.longest:
            told = "Subscription expiration can only be within the allowed time from now."
            raise Refused(error(400, "ValidationError", told))
        return at

    def _granted(self, body: dict[str, Any]) -> dict[str, Any]:
        if self.granted is None or "expirationDateTime" not in body:
            return body
        until = min(moment(body["expirationDateTime"]), self._now() + self.granted)
        return {**body, "expirationDateTime": until.strftime("%Y-%m-%dT%H:%M:%S.0000000Z")}

    def _shake_hands(self, url: str | None) -> None:
        if url is None:
            return
        token = f"Validation: Testing client application reachability + {next(self._numbers)}"
        mark = "&" if "?" in url else "?"
        kind = {"content-type": "text/plain; charset=utf-8"}
        called = Called.of("POST", f"{url}{mark}validationToken={quote(token)}", kind, b"")
        replied = self.hook(called)
        named = {name.lower(): value for name, value in replied.headers.items()}
        plain = named.get("content-type", "").startswith("text/plain")
        if (replied.status, plain, replied.written()) != (200, True, token.encode()):
            told = "Subscription validation request failed."
            raise Refused(error(400, "ValidationError", told))

    def _found(self, asked: Asked) -> dict[str, Any]:
        subscription = self._all.get(asked.args["id"])
        if subscription is None or not self._lives(subscription):
            raise missing()
        return subscription

    def _lives(self, subscription: dict[str, Any]) -> bool:
        return moment(subscription["expirationDateTime"]) > self._now()


def _of(url: str, notices: list[Notice]) -> Iterator[dict[str, Any]]:
    return (notice for address, notice in notices if address == url)


def _call(url: str, notices: list[dict[str, Any]]) -> Called:
    kind = {"content-type": "application/json; charset=utf-8"}
    return Called.of("POST", url, kind, json.dumps({"value": notices}).encode())
