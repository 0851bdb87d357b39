"""Subscriptions at Microsoft Graph: made for a resource, alive for some days, renewed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.connectors.api import Api
from chalicelib.connectors.connector import UnavailableError
from chalicelib.connectors.kinds.graph_answers import required
from chalicelib.domain import times
from chalicelib.domain.hooks import Subscription

PATH = "/v1.0/subscriptions"
LIFE = timedelta(minutes=4230 - 30)  # as documented, less what its clock may be behind ours
KINDS = "created,updated,deleted"


def subscribe(api: Api, resource: str, url: str, state: str, now: datetime) -> Subscription:
    """Graph asks the URL whether anybody is there before it answers; `UnavailableError`."""
    wanted = {
        "changeType": KINDS,
        "resource": resource,
        "notificationUrl": url,
        "lifecycleNotificationUrl": url,
        "clientState": state,
        "expirationDateTime": _expiry(now),
    }
    return _told(required(api.call("POST", PATH, wanted)))


def renew(api: Api, known: Subscription, now: datetime) -> Subscription:
    """As long as it may live from now; `UnavailableError`."""
    until = _expiry(now)
    reply = api.call("PATCH", f"{PATH}/{known.id}", {"expirationDateTime": until})
    if not reply.ok:
        raise UnavailableError(reply.result())
    told = (reply.json or {}).get("expirationDateTime", until)
    return replace(known, expires_at=times.moment(told))


def unsubscribe(api: Api, known: Subscription) -> None:
    """End it; `UnavailableError`."""
    api.call("DELETE", f"{PATH}/{known.id}").ended()


def subscriptions(api: Api) -> Iterator[Subscription]:
    """Those that this app made, for whatever mailbox; `UnavailableError`."""
    page = PATH
    while page:
        told = required(api.call("GET", page))
        yield from map(_told, told["value"])
        page = told.get("@odata.nextLink", "")


def _told(item: Mapping[str, Any]) -> Subscription:
    until = times.moment(item["expirationDateTime"])
    return Subscription(str(item["id"]), str(item["notificationUrl"]), until)


def _expiry(now: datetime) -> str:
    return times.text(now + LIFE)
