"""Calls to other systems over HTTP, trusting neither the URL nor who answers.

httpcore (what httpx stands on) is enough and does less: no redirects, no proxies, no
environment, no cookies, no unpacking. Import this module where it is used: it costs a
cold start some 60 ms.
"""

import socket
import ssl
from contextlib import suppress
from urllib.parse import urlsplit

import httpcore

from chalicelib.connectors.addresses import Resolve, check_url, system_resolve
from chalicelib.connectors.dialling import (
    CheckedBackend,
    Deadline,
    TlsError,
)
from chalicelib.connectors.ports import Answer, Request
from chalicelib.domain.errors import InvalidError
from chalicelib.domain.urls import check_called_url

DEADLINE_SECONDS = 15.0

_HEADERS = {"User-Agent": "Kartoteka", "Accept-Encoding": "identity", "Connection": "close"}
_FAILURES = (
    InvalidError,
    OSError,
    httpcore.NetworkError,
    httpcore.RemoteProtocolError,
    httpcore.TimeoutException,
)


class HttpSender:
    """See `Sender`. `deadline` is in seconds, for the whole of a call, name to last byte."""

    def __init__(
        self,
        *,
        allow_loopback: bool,
        resolve: Resolve = system_resolve,
        deadline: float = DEADLINE_SECONDS,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._allow_loopback = allow_loopback
        self._resolve = resolve
        self._deadline = deadline
        self._tls = tls or httpcore.default_ssl_context()

    def check(self, url: str) -> None:
        """See `Sender`."""
        check_url(url, allow_loopback=self._allow_loopback, resolve=self._resolve)

    def send(self, request: Request) -> Answer:
        """See `Sender`."""
        try:
            check_called_url(request.url, allow_loopback=self._allow_loopback)
            return self._exchange(request)
        except _FAILURES as error:
            return Answer(None, None, _why_silent(error))

    def _exchange(self, request: Request) -> Answer:
        backend = CheckedBackend(
            Deadline(self._deadline), allow_loopback=self._allow_loopback, resolve=self._resolve
        )
        sent = {**_HEADERS, **request.headers, "Host": urlsplit(request.url).netloc}.items()
        with (
            httpcore.ConnectionPool(ssl_context=self._tls, network_backend=backend) as pool,
            pool.stream(
                request.method, request.url, headers=list(sent), content=request.body
            ) as response,
        ):
            body = _read(response, request.limit)
            told = _headers(response)
            again, why = told.get("retry-after"), _reason(response.status)
            return Answer(response.status, again, why, body, told)


def _read(response: httpcore.Response, limit: int) -> bytes:
    """The beginning of the body; the status stands whatever the body does."""
    body = bytearray()
    with suppress(*_FAILURES):
        for part in response.iter_stream():
            body += part
            if len(body) >= limit:
                break
    return bytes(body[:limit])


def _headers(response: httpcore.Response) -> dict[str, str]:
    """By their names in lower case; of a name that comes twice the first."""
    told = ((n.decode("latin-1").lower(), v.decode("latin-1")) for n, v in response.headers)
    return dict(reversed(list(told)))


def _reason(status: int) -> str:
    if 200 <= status < 300:
        return "ok"
    return "redirect" if 300 <= status < 400 else f"http_{status}"


def _why_silent(error: BaseException) -> str:
    match error:
        case InvalidError():
            return "refused_address"
        case TimeoutError() | httpcore.TimeoutException():
            return "timeout"
        case socket.gaierror():
            return "dns"
        case httpcore.RemoteProtocolError():
            return "protocol"
        case TlsError():
            return "tls"
        case _:
            return "connection"
