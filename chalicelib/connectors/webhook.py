"""Pushes to targets over HTTP, trusting neither the URL nor who answers.

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
from chalicelib.connectors.ports import Answer, Push
from chalicelib.domain.errors import InvalidError
from chalicelib.domain.urls import check_target_url

DEADLINE_SECONDS = 15.0
MAX_ANSWER = 4096  # bytes of the body that are read, and thrown away

_HEADERS = {"User-Agent": "Kartoteka", "Accept-Encoding": "identity", "Connection": "close"}
_FAILURES = (
    InvalidError,
    OSError,
    httpcore.NetworkError,
    httpcore.RemoteProtocolError,
    httpcore.TimeoutException,
)


class WebhookSender:
    """See `Sender`. `deadline` is in seconds, for the whole of a push, name to last byte."""

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

    def send(self, push: Push) -> Answer:
        """See `Sender`."""
        try:
            check_target_url(push.url, allow_loopback=self._allow_loopback)
            return self._post(push)
        except _FAILURES as error:
            return Answer(None, None, _why_silent(error))

    def _post(self, push: Push) -> Answer:
        backend = CheckedBackend(
            Deadline(self._deadline), allow_loopback=self._allow_loopback, resolve=self._resolve
        )
        headers = {**_HEADERS, **push.headers, "Host": urlsplit(push.url).netloc}.items()
        with (
            httpcore.ConnectionPool(ssl_context=self._tls, network_backend=backend) as pool,
            pool.stream("POST", push.url, headers=list(headers), content=push.body) as response,
        ):
            _drain(response)
            return Answer(response.status, _retry_after(response), _reason(response.status))


def _drain(response: httpcore.Response) -> None:
    """Let the target finish a short answer; its status stands whatever its body does."""
    taken = 0
    with suppress(*_FAILURES):
        for part in response.iter_stream():
            taken += len(part)
            if taken >= MAX_ANSWER:
                return


def _retry_after(response: httpcore.Response) -> str | None:
    values = (value for name, value in response.headers if name.lower() == b"retry-after")
    return next((value.decode("latin-1") for value in values), None)


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
