"""The web hooks of an audience: one for each URL, whatever its query; a token proves the calls."""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.connectors.api import Reply
from chalicelib.connectors.kinds.mailchimp_hooks import token_of
from chalicelib.domain.hooks import Subscription

Call = Callable[..., Reply]
HOOKS, PROOF = "/webhooks", "&token="
KINDS = ("subscribe", "unsubscribe", "profile", "cleaned", "upemail")
LOUD = {  # of all that people do, and nothing that comes by the API
    "events": {**dict.fromkeys(KINDS, True), "campaign": False},
    "sources": {"user": True, "admin": True, "api": False},
}


def subscribe(call: Call, url: str, secret: str) -> Subscription:
    """Make the hook, or change the one that leads here already; `UnavailableError`."""
    place = _place(url)
    found = [each for each in subscriptions(call) if _place(each.url) == place]
    method, path = ("PATCH", f"{HOOKS}/{found[0].id}") if found else ("POST", HOOKS)
    wanted = {**LOUD, "url": f"{url}{PROOF}{token_of(secret)}"}
    return _told(call(method, path, wanted).required())


def unsubscribe(call: Call, known: Subscription) -> None:
    """End it; `UnavailableError`."""
    call("DELETE", f"{HOOKS}/{known.id}").ended()


def subscriptions(call: Call) -> list[Subscription]:
    """All of the audience; `UnavailableError`."""
    return [_told(each) for each in call("GET", HOOKS).required()["webhooks"]]


def _told(hook: Mapping[str, Any]) -> Subscription:
    return Subscription(str(hook["id"]), str(hook["url"]).partition(PROOF)[0])


def _place(url: str) -> str:
    return url.partition("?")[0]
