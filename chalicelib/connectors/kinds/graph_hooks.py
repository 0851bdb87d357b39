"""What Microsoft Graph tells a subscriber: thin notices, each with the state that we set.

They are not signed: the `clientState` of a subscription is one of the source's secrets.
"""

import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib.connectors.connector import Told
from chalicelib.domain.errors import InvalidError, UnauthorizedError
from chalicelib.domain.hooks import Fate, FateKind, Hook

LONGEST = 1024  # characters of what is answered as it came
FATES: Mapping[object, FateKind] = {
    "reauthorizationRequired": "renew",
    "subscriptionRemoved": "gone",
    "missed": "missed",
}


def handshake(hook: Hook) -> str | None:
    """The token that proves to Graph that we listen, where it only asks that."""
    token = hook.query.get("validationToken")
    return token[:LONGEST] if token and hook.method == "POST" else None


def verify(hook: Hook, secrets: Sequence[str]) -> None:
    """Raise `UnauthorizedError` unless every notice has one of the secrets for its state."""
    try:
        states = [str(notice.get("clientState", "")) for notice in _notices(hook)]
    except InvalidError:
        states = []
    if not states or not all(_is_known(state, secrets) for state in states):
        raise UnauthorizedError("The client state is not that of a subscription of ours.")


def _is_known(state: str, secrets: Sequence[str]) -> bool:
    given = state.encode(errors="replace")
    return any(hmac.compare_digest(given, known.encode()) for known in secrets)


def notices(hook: Hook) -> Sequence[Told]:
    """What the notices say; raises `InvalidError`."""
    try:
        return [told for notice in _notices(hook) for told in _told(notice)]
    except (KeyError, TypeError, AttributeError):
        raise InvalidError("The body is not what Graph sends.", status=400) from None


def fates(hook: Hook) -> Sequence[Fate]:
    """What they say of subscriptions themselves; what nobody knows yet is passed over."""
    told = ((str(n.get("subscriptionId", "")), n.get("lifecycleEvent")) for n in _notices(hook))
    return [Fate(name, FATES[event]) for name, event in told if event in FATES]


def _notices(hook: Hook) -> Sequence[Mapping[str, Any]]:
    try:
        return [notice for notice in json.loads(hook.body)["value"] if isinstance(notice, dict)]
    except (ValueError, KeyError, TypeError):
        raise InvalidError("The body is not what Graph sends.", status=400) from None


def _told(notice: Mapping[str, Any]) -> Iterator[Told]:
    """A change is read again. What befalls a subscription is no news of a contact."""
    if "lifecycleEvent" in notice:
        return
    about = notice["resourceData"]
    gone = notice["changeType"] == "deleted"
    yield Told("delete" if gone else "ref", str(about["id"]), etag=about.get("@odata.etag", ""))
