"""Calls to a system's JSON API: one way to write them, to read answers, to judge them.

A token that is not taken is renewed once. What no call says, a result does: each status has
one meaning here unless its connector knows better.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from chalicelib.connectors.authority import Authority, RefusedError
from chalicelib.connectors.connector import Result, Status, UnavailableError
from chalicelib.connectors.ports import Answer, Request, Sender

ENOUGH = 8 * 1024 * 1024  # bytes of an answer: a page of a thousand contacts
_JSON = {"content-type": "application/json", "accept": "application/json"}
_MEANING: Mapping[int, Status] = {
    404: "gone",
    409: "conflict",
    410: "gone",
    412: "conflict",
    408: "failed",
    425: "failed",
    401: "failed",
    403: "failed",
    429: "throttled",
}


@dataclass(frozen=True)
class Reply:
    """An answer that was read: `json` is None where the body is none, `body` as it came."""

    status: int | None
    json: Any = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    reason: str
    retry_after: str | None
    body: bytes = field(default=b"", repr=False)

    @property
    def ok(self) -> bool:
        """Whether it is a success with a body that can be read."""
        return self.status is not None and 200 <= self.status < 300

    def result(self, **told: Any) -> Result:
        """What it means for an `Op`: done with what is `told`, or why not."""
        if self.ok:
            return Result("done", **told)
        return Result(self._meaning(), self.reason, retry_after=self.retry_after)

    def _meaning(self) -> Status:
        if self.status is None or not 400 <= self.status < 500:
            return "failed"
        return _MEANING.get(self.status, "refused")

    def required(self) -> Any:
        """The body of a read; `UnavailableError` where it failed."""
        if not self.ok or self.json is None:
            raise UnavailableError(self.result() if not self.ok else Result("failed", "protocol"))
        return self.json

    def ended(self) -> None:
        """Nothing, where what was to be ended is no more; else `UnavailableError`."""
        if not self.ok and self.status != 404:
            raise UnavailableError(self.result())


class Api:
    """The API under one base URL (without a slash at its end)."""

    def __init__(
        self,
        sender: Sender,
        base: str,
        authority: Authority,
        headers: Mapping[str, str] = _JSON,
    ) -> None:
        self._sender, self._base, self._authority = sender, base, authority
        self._headers = headers

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Call once; once more with a new token where the old one is not taken.

        `path` may be a whole URL under the same base, as cursors are. A `body` of bytes is
        sent as it is, any other as JSON. A list in `query` is its name repeated.
        """
        reply = self._call(method, path, body, query or {}, headers or {})
        if reply.status == 401 and self._authority.renew():
            reply = self._call(method, path, body, query or {}, headers or {})
        return reply

    def _call(
        self,
        method: str,
        path: str,
        body: Any,
        query: Mapping[str, Any],
        headers: Mapping[str, str],
    ) -> Reply:
        try:
            allowed = self._authority.headers()
        except RefusedError as error:
            return Reply(error.status, None, {}, error.reason, error.retry_after)
        written = _written(body)
        sent = {**self._headers, **headers, **allowed}
        url = self._url(path) + (f"?{urlencode(query, doseq=True)}" if query else "")
        return _reply(self._sender.send(Request(url, sent, written, method, ENOUGH)))

    def _url(self, path: str) -> str:
        """A cursor may not lead a token elsewhere."""
        if path.startswith("/") or not path:
            return self._base + path
        if not path.startswith(self._base + "/"):
            raise UnavailableError(Result("failed", "elsewhere"))
        return path


def _written(body: Any) -> bytes:
    if body is None or isinstance(body, bytes):
        return body or b""
    return json.dumps(body, ensure_ascii=False).encode()


def _reply(answer: Answer) -> Reply:
    try:
        read = json.loads(answer.body) if answer.body else None
    except ValueError:
        read = None
    told = (answer.status, read, answer.headers, answer.reason, answer.retry_after)
    return Reply(*told, answer.body)
