"""Calls to other systems over HTTP, trusting neither the URL nor who answers.

httpcore (what httpx stands on) is enough and does less: no redirects, no proxies, no
environment, no cookies, no unpacking. Import this module where it is used: it costs a
cold start some 60 ms.
"""

import ssl
from contextlib import suppress
from urllib.parse import urlsplit

import httpcore

from chalicelib.connectors.addresses import Resolve, check_url, system_resolve
from chalicelib.connectors.dialling import FAILURES, CheckedBackend, Deadline, why_silent
from chalicelib.connectors.lines import opened
from chalicelib.connectors.ports import LONGEST, Answer, Line, LineError, Request
from chalicelib.domain.urls import Scheme, check_called_url

_HEADERS = {"User-Agent": "Kartoteka", "Accept-Encoding": "identity", "Connection": "close"}


class HttpSender:
    """See `Sender`. No call takes longer than the `deadline`, in seconds."""

    def __init__(
        self,
        *,
        allow_loopback: bool,
        resolve: Resolve = system_resolve,
        deadline: float = LONGEST,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._allow_loopback = allow_loopback
        self._resolve = resolve
        self._deadline = deadline
        self._tls = tls or httpcore.default_ssl_context()

    def check(self, url: str, scheme: Scheme = "https") -> None:
        """See `Sender`."""
        check_url(url, allow_loopback=self._allow_loopback, resolve=self._resolve, scheme=scheme)

    def open(self, url: str, seconds: float = LONGEST) -> Line:
        """See `Sender`."""
        try:
            check_called_url(url, allow_loopback=self._allow_loopback, scheme="ldaps")
            return opened(url, self._backend(seconds), self._tls)
        except FAILURES as error:
            raise LineError(why_silent(error)) from None

    def send(self, request: Request) -> Answer:
        """See `Sender`."""
        try:
            check_called_url(request.url, allow_loopback=self._allow_loopback)
            return self._exchange(request)
        except FAILURES as error:
            return Answer(None, None, why_silent(error))

    def _exchange(self, request: Request) -> Answer:
        backend = self._backend(request.seconds)
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

    def _backend(self, seconds: float) -> CheckedBackend:
        deadline = Deadline(min(seconds, self._deadline))
        return CheckedBackend(deadline, allow_loopback=self._allow_loopback, resolve=self._resolve)


def _read(response: httpcore.Response, limit: int) -> bytes:
    """The beginning of the body; the status stands whatever the body does."""
    body = bytearray()
    with suppress(*FAILURES):
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
