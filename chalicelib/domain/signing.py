"""Standard Webhooks 1.0.0 (standardwebhooks.com): who sent this body, and when.

The scheme `v1`: HMAC-SHA256 over `<webhook-id>.<webhook-timestamp>.<body>`, keyed with the
bytes of a secret that is told once as `whsec_<base64>`. Used both ways: sources sign what
they tell us, we sign what we tell targets.
"""

import base64
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from chalicelib.domain.errors import InvalidError, UnauthorizedError

TOLERANCE = timedelta(minutes=5)
MAX_SIGNATURES = 10

_PREFIX = "whsec_"
_DECOY = _PREFIX  # signs where no secret stands, so that an unknown source takes as long
# Printable ASCII. No full stop, for it divides what is signed; no comma or space, for that is
# how one header sent twice looks.
_ID = re.compile(r"[!-+\-/-~]{1,256}")
_SECONDS = re.compile(r"[1-9][0-9]{0,11}")


class Message(NamedTuple):
    """A webhook call that verified: its id, and when it was sent (Unix seconds)."""

    id: str
    timestamp: int


def new_secret(random_bytes: bytes) -> str:
    """Write 24 to 64 random bytes as the secret that both sides keep."""
    if not 24 <= len(random_bytes) <= 64:
        raise ValueError("a signing secret has 24 to 64 bytes")
    return _PREFIX + base64.b64encode(random_bytes).decode()


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Make one entry of the header `webhook-signature`: "v1,<base64>"."""
    key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    digest = hmac.digest(key, f"{message_id}.{timestamp}.".encode() + body, sha256)
    return "v1," + base64.b64encode(digest).decode()


def verify(
    secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime
) -> Message:
    """Check that one of `secrets` signed the body within `TOLERANCE` of `now`.

    `headers` are asked by lower-case name. A header that is absent, or a time or signature
    that does not hold, raises `UnauthorizedError`, always the same one; pass no secrets for
    a source that is unknown or disabled. A malformed id or too many signatures raise
    `InvalidError` (400): both are judged before any secret, so that they tell nothing of it.
    """
    message_id = headers.get("webhook-id")
    timestamp = headers.get("webhook-timestamp")
    signatures = headers.get("webhook-signature")
    if message_id is None or timestamp is None or signatures is None:
        raise _unauthorized()
    _check_form(message_id, signatures)
    seconds = _seconds(timestamp, now)
    expected = [sign(secret, message_id, seconds, body) for secret in secrets or [_DECOY]]
    if not (_any_equal(expected, signatures) and secrets):
        raise _unauthorized()
    return Message(message_id, seconds)


def _check_form(message_id: str, signatures: str) -> None:
    if not _ID.fullmatch(message_id):
        raise _malformed("webhook-id is 1 to 256 printable ASCII characters, without . or ,")
    if signatures.count(" ") >= MAX_SIGNATURES:
        raise _malformed(f"webhook-signature holds at most {MAX_SIGNATURES} signatures")


def _seconds(timestamp: str, now: datetime) -> int:
    if not _SECONDS.fullmatch(timestamp):
        raise _unauthorized()
    seconds = int(timestamp)
    if abs(now.timestamp() - seconds) > TOLERANCE.total_seconds():
        raise _unauthorized()
    return seconds


def _any_equal(expected: Sequence[str], header: str) -> bool:
    """Compare every pair in constant time; entries of another scheme equal nothing."""
    given = header.encode("ascii", "replace").split(b" ")
    equal = [hmac.compare_digest(one.encode(), other) for one in expected for other in given]
    return any(equal) and b"" not in given


def _unauthorized() -> UnauthorizedError:
    return UnauthorizedError("The webhook's signature does not verify.")


def _malformed(detail: str) -> InvalidError:
    return InvalidError(detail, status=400, kind="malformed_header")
