"""What Pipedrive tells us (webhooks, version 2), by user and password.

Its events hold whole persons, custom fields in a form of their own [unchecked], and a repeated
one is old news: we take from them only whom to read.
"""

import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.connectors.authority import basic
from chalicelib.connectors.connector import Told
from chalicelib.domain.errors import InvalidError, UnauthorizedError
from chalicelib.domain.hooks import Hook

USER = "kartoteka"


def verify(hook: Hook, secrets: Sequence[str]) -> None:
    """Raise `UnauthorizedError` unless the password is one of the secrets."""
    given = hook.headers.get("authorization", "").encode()
    right = [basic(USER, secret).headers()["authorization"].encode() for secret in secrets]
    if not any(hmac.compare_digest(given, one) for one in right):
        raise UnauthorizedError("The password does not hold.")


def notices(hook: Hook, user: str) -> Sequence[Told]:
    """What the event says; `user` is our own there. Raises `InvalidError`."""
    try:
        return list(_told(json.loads(hook.body), user))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InvalidError("The body is not what Pipedrive sends.", status=400) from None


def _told(event: Mapping[str, Any], user: str) -> Iterator[Told]:
    """A merge comes as two events: one is deleted into the other, which changes."""
    meta = event["meta"]
    remote, at = str(meta["entity_id"]), datetime.fromisoformat(meta["timestamp"])
    ours = meta["change_source"] == "api" and str(meta["user_id"]) == user
    if meta["entity"] != "person":
        return
    if meta["action"] == "delete":
        gone = Told("delete", remote, occurred_at=at, ours=ours)
        into = str(meta.get("merged_to_id") or "")
        yield replace(gone, kind="merge", into=into) if into else gone
    else:
        yield Told("ref", remote, occurred_at=at, ours=ours)
