"""What Mailchimp tells us: events as forms, by a token in the URL or signed, or both."""

import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import md5, sha256
from urllib.parse import parse_qsl

from chalicelib.connectors.connector import Told
from chalicelib.domain.errors import InvalidError, UnauthorizedError
from chalicelib.domain.hooks import Hook

TOLERANCE = timedelta(minutes=5)


def hashed(address: str) -> str:
    """The key of an address in Mailchimp's paths."""
    return md5(address.lower().encode(), usedforsecurity=False).hexdigest()


def token_of(secret: str) -> str:
    """The token in the URL of a hook that we made; logs on its way do not tell the secret."""
    return hmac.new(secret.encode(), b"mailchimp hook", sha256).hexdigest()


def verify(hook: Hook, tokens: Sequence[str], secret: str, now: datetime) -> None:
    """Raise `UnauthorizedError` unless it has all the proofs that were set, at least one.

    The first of the `tokens` is a person's own, empty where none is set.
    """
    given = hook.query.get("token", "").encode()
    named = any(hmac.compare_digest(given, token.encode()) for token in tokens if token)
    signed = not secret or _signed(hook, secret, now)
    if not (signed and (named or (secret and not tokens[0]))):
        raise UnauthorizedError("The call does not prove that Mailchimp made it.")


def _signed(hook: Hook, secret: str, now: datetime) -> bool:
    header = hook.headers.get("x-mailchimp-signature", "")
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    at, given = parts.get("t", ""), parts.get("v1", "")
    if not (at.isascii() and at.isdigit() and len(at) < 12):
        return False
    fresh = abs(now - datetime.fromtimestamp(int(at), UTC)) <= TOLERANCE
    made = hmac.new(secret.encode(), f"{at}.".encode() + hook.body, sha256).hexdigest()
    return fresh and hmac.compare_digest(made.encode(), given.encode())


def notices(hook: Hook, audience: str) -> Sequence[Told]:
    """What an event of this audience says; raises `InvalidError`.

    It names no contact id: whom it is about is fetched by the hash of the address. What is
    known at once, and what no later reading shows (a complaint), stands in the body.
    """
    try:
        form = dict(parse_qsl(hook.body.decode(), keep_blank_values=True))
        at = datetime.strptime(form["fired_at"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
        return _told(form, at) if form["data[list_id]"] == audience else []
    except (ValueError, KeyError):
        raise InvalidError("The body is not what Mailchimp sends.", status=400) from None


def _told(form: Mapping[str, str], at: datetime) -> list[Told]:
    kind = form["type"]
    if kind not in ("subscribe", "unsubscribe", "profile", "cleaned", "upemail"):
        return []
    address = form["data[new_email]" if kind == "upemail" else "data[email]"]
    status = _status(kind, form)
    body = {"email_address": address} | ({"status": status} if status else {})
    changed = frozenset({"status"}) if status else None
    return [Told("ref", hashed(address), body, occurred_at=at, changed=changed)]


def _status(kind: str, form: Mapping[str, str]) -> str:
    """Whether the event is somebody's yes or no; put away by staff is neither."""
    if kind == "subscribe":
        return "subscribed"
    left = kind == "unsubscribe" and form.get("data[action]") != "delete"
    complained = kind == "cleaned" and form.get("data[reason]") == "abuse"
    return "unsubscribed" if left or complained else ""
