"""Lines to systems that speak no HTTP: dialled as a call is, and heard up to a limit."""

import ssl
from urllib.parse import urlsplit

import httpcore

from chalicelib.connectors.dialling import FAILURES, CheckedBackend, why_silent
from chalicelib.connectors.ports import Line, LineError

MOST = 32 * 1024 * 1024  # bytes that are heard over one line
_PORTS = {"ldaps": 636, "ldap": 389}


class DialledLine:
    """See `Line`."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream, self._left = stream, MOST

    def recv(self, size: int) -> bytes:
        """See `Line`."""
        if self._left <= 0:
            raise LineError("too_long")
        try:
            heard = self._stream.read(size)
        except FAILURES as error:
            raise LineError(why_silent(error)) from None
        self._left -= len(heard)
        return heard

    def sendall(self, data: bytes) -> None:
        """See `Line`."""
        try:
            self._stream.write(data)
        except FAILURES as error:
            raise LineError(why_silent(error)) from None

    def close(self) -> None:
        """See `Line`."""
        self._stream.close()


def opened(url: str, backend: CheckedBackend, tls: ssl.SSLContext) -> Line:
    """A line to the host of a checked URL; raises one of the `FAILURES`."""
    parts = urlsplit(url)
    host, scheme = parts.hostname or "", parts.scheme.lower()
    stream = backend.connect_tcp(host, parts.port or _PORTS[scheme])
    return DialledLine(stream.start_tls(tls, host) if scheme == "ldaps" else stream)
