"""What HubSpot tells us: thin events, signed (v3) with the app's client secret."""

import base64
import hmac
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import unquote

from chalicelib.connectors.connector import Told
from chalicelib.domain.errors import InvalidError, UnauthorizedError
from chalicelib.domain.hooks import Hook

TOLERANCE = timedelta(minutes=5)
OURS = frozenset({"API", "INTEGRATION"})
# What a signature's URI has decoded: these, and nothing else.
_DECODED = re.compile(r"%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", re.IGNORECASE)


def verify(hook: Hook, secret: str, now: datetime) -> None:
    """Raise `UnauthorizedError` unless the secret signed it within five minutes of now."""
    at = hook.headers.get("x-hubspot-request-timestamp", "")
    fresh = at.isdigit() and len(at) < 16 and abs(now - _moment(int(at))) <= TOLERANCE
    uri = _DECODED.sub(lambda found: unquote(found[0]), hook.url)
    signed = f"{hook.method}{uri}".encode() + hook.body + at.encode()
    made = base64.b64encode(hmac.digest(secret.encode(), signed, sha256)).decode()
    given = hook.headers.get("x-hubspot-signature-v3", "")
    if not (secret and fresh and hmac.compare_digest(made.encode(), given.encode())):
        raise UnauthorizedError("The signature does not hold.")


def notices(hook: Hook) -> Sequence[Told]:
    """What the events say; raises `InvalidError`."""
    try:
        events = json.loads(hook.body)
        return [told for event in events for told in _told(event)]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InvalidError("The body is not what HubSpot sends.", status=400) from None


def _told(event: Mapping[str, Any]) -> Iterator[Told]:
    """A change is read again; a merge lives on under a new id, and the old ones lead to it."""
    kind = str(event["subscriptionType"]).partition(".")[2]
    remote, at = str(event["objectId"]), _moment(int(event["occurredAt"]))
    ours = event.get("changeSource") in OURS
    if kind == "merge":
        gone = [*event.get("mergedObjectIds", ()), event["primaryObjectId"]]
        into = str(event.get("newObjectId") or remote)
        yield from (
            Told("merge", str(g), occurred_at=at, into=into) for g in gone if str(g) != into
        )
        yield Told("ref", into, occurred_at=at)
    elif kind in ("deletion", "privacyDeletion"):
        yield Told("delete", remote, occurred_at=at, ours=ours)
    else:
        yield Told("ref", remote, occurred_at=at, ours=ours)


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
