"""Connections to hosts that others chose: a checked address, one deadline for all of it.

The name is resolved once, every address that it has is checked, and one of these very
addresses is dialled, so that a second look-up can lead nowhere else (DNS rebinding). TLS
still verifies the name. The timeouts of a socket begin anew with every byte; here each
step gets only what is left of the whole.
"""

import socket
import ssl
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import httpcore

from chalicelib.connectors.addresses import Resolve, checked_addresses
from chalicelib.domain.errors import InvalidError

CONNECT_SECONDS = 5.0  # for each address of a name, so that a dead one leaves time for the next
CHUNK = 4096  # bytes moved in one step
FAILURES = (
    InvalidError,
    OSError,
    httpcore.NetworkError,
    httpcore.RemoteProtocolError,
    httpcore.TimeoutException,
)


class TlsError(httpcore.ConnectError):
    """The target could not prove who it is, or speaks no TLS that we do."""


class Deadline:
    """A moment by which all must be done."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Give the seconds left; raises `TimeoutError` where there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class CheckedBackend(httpcore.NetworkBackend):
    """Dials for httpcore; good for one request, as the deadline is."""

    def __init__(self, deadline: Deadline, *, allow_loopback: bool, resolve: Resolve) -> None:
        self._deadline = deadline
        self._allow_loopback = allow_loopback
        self._resolve = resolve

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers."""
        *others, last = self._addresses(host)
        for address in others:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return self._dial(address, port)
        return self._dial(last, port)

    def _addresses(self, host: str) -> Sequence[str]:
        """Look up in a thread, which is left behind if late: `getaddrinfo` has no timeout."""
        worker = ThreadPoolExecutor(1)
        found = worker.submit(
            checked_addresses, host, allow_loopback=self._allow_loopback, resolve=self._resolve
        )
        worker.shutdown(wait=False)
        return found.result(self._deadline.left())

    def _dial(self, address: str, port: int) -> httpcore.NetworkStream:
        seconds = min(CONNECT_SECONDS, self._deadline.left())
        return _Stream(httpcore.SyncBackend().connect_tcp(address, port, seconds), self._deadline)


class _Stream(httpcore.NetworkStream):
    """A connection in small steps, each given only what is left of the time."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(min(max_bytes, CHUNK), self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), CHUNK):
            self._inner.write(buffer[start : start + CHUNK], self._deadline.left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        try:
            inner = self._inner.start_tls(ssl_context, server_hostname, self._deadline.left())
        except httpcore.ConnectError as error:
            raise TlsError(str(error)) from error
        return _Stream(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def why_silent(error: BaseException) -> str:
    """The code for one of the `FAILURES`."""
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
