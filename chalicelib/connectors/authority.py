"""How a call proves who we are: a fixed header, or a token that is fetched and renewed."""

import base64
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlencode

from chalicelib.connectors.ports import Answer, Request, Sender

EARLY = timedelta(seconds=60)  # a token is renewed before it runs out on the way
LIMIT = 64 * 1024


class Authority(Protocol):
    """What lets a call in."""

    def headers(self) -> Mapping[str, str]:
        """What to send along; `RefusedError` where the system lets us in no more."""

    def renew(self) -> bool:
        """Forget a token that was not taken; says whether there is another to be had."""


class RefusedError(Exception):
    """No token is to be had; `reason` is a stable code.

    Where that is for now only, `status` and `retry_after` are those of the answer.
    """

    def __init__(
        self, reason: str, status: int | None = None, retry_after: str | None = None
    ) -> None:
        super().__init__(reason)
        self.reason, self.status, self.retry_after = reason, status, retry_after


class Fixed:
    """The same headers for ever."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._headers = headers

    def headers(self) -> Mapping[str, str]:
        """See `Authority`."""
        return self._headers

    def renew(self) -> bool:
        """See `Authority`."""
        return False


def bearer(token: str) -> Fixed:
    """A token that somebody made in the system itself."""
    return Fixed({"authorization": f"Bearer {token}"})


def basic(user: str, password: str) -> Fixed:
    """User and password (RFC 7617)."""
    pair = base64.b64encode(f"{user}:{password}".encode()).decode()
    return Fixed({"authorization": f"Basic {pair}"})


class OAuth:
    """Access tokens of OAuth 2 (RFC 6749), by whatever grant the form names.

    A token is remembered as long as this object; a container keeps it by account.
    """

    def __init__(
        self, sender: Sender, url: str, form: Mapping[str, str], now: Callable[[], datetime]
    ) -> None:
        self._sender, self._url, self._form, self._now = sender, url, form, now
        self._token, self._until = "", now()

    def headers(self) -> Mapping[str, str]:
        """See `Authority`."""
        if not self._token or self._until <= self._now():
            self._fetch()
        return {"authorization": f"Bearer {self._token}"}

    def renew(self) -> bool:
        """See `Authority`."""
        had, self._token = self._token, ""
        return bool(had)

    def _fetch(self) -> None:
        headers = {"content-type": "application/x-www-form-urlencoded"}
        body = urlencode(self._form).encode()
        answer = self._sender.send(Request(self._url, headers, body, limit=LIMIT))
        told = _read(answer)
        self._token = str(told["access_token"])
        self._until = self._now() + timedelta(seconds=int(told.get("expires_in", 3600))) - EARLY


def _read(answer: Answer) -> Mapping[str, str]:
    if answer.status is None or answer.status >= 500 or answer.status == 429:
        raise RefusedError(answer.reason, answer.status, answer.retry_after)
    try:
        told = json.loads(answer.body)
        return {"access_token": told["access_token"], **told}
    except (ValueError, KeyError, TypeError):
        raise RefusedError("no_token") from None
