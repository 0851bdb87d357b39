"""Cursors: where a list goes on, sealed, so that nobody can make one up or use it elsewhere."""

import base64
import binascii
import hmac
import json
from hashlib import sha256
from typing import Any

from chalicelib.domain.errors import FieldError, InvalidError

MAX_CURSOR = 4_096


def seal(key: bytes, scope: str, place: Any) -> str:
    """A cursor for one list (`scope` names its query and its reader)."""
    body = json.dumps(place).encode()
    return base64.urlsafe_b64encode(_mac(key, scope, body) + body).decode()


def unseal(key: bytes, scope: str, cursor: str) -> Any:
    """Read a cursor back; `InvalidError` 400 where it is not one of this list's."""
    if len(cursor) <= MAX_CURSOR:
        try:
            raw = base64.b64decode(cursor.encode("ascii"), b"-_", validate=True)
        except (binascii.Error, UnicodeEncodeError):
            raw = b""
        if hmac.compare_digest(raw[:16], _mac(key, scope, raw[16:])):
            return json.loads(raw[16:])
    detail = "This cursor does not belong to this list."
    raise InvalidError(detail, [FieldError("/cursor", "bad_cursor", detail)], status=400)


def _mac(key: bytes, scope: str, body: bytes) -> bytes:
    return hmac.digest(key, scope.encode() + b"\0" + body, sha256)[:16]
