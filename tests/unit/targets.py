"""Targets to push to: listening sockets that play a part, and who vouches for them."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from chalicelib.connectors.addresses import Resolve, system_resolve
from chalicelib.connectors.http import HttpSender
from chalicelib.connectors.ports import Request

Play = Callable[[socket.socket], None]
NO_CONTENT = b"HTTP/1.1 204 No Content\r\n\r\n"
USUAL = ssl.create_default_context()  # made once: it takes longer than a push


class Target:
    """A listening socket whose every connection is handed to `play`, in a thread."""

    def __init__(self, play: Play, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[bytes] = []
        self._play = play
        self._tls = tls
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(5)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                with connection, suppress(OSError):
                    self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        if self._tls is None:
            return self._talk(connection)
        with self._tls.wrap_socket(connection, server_side=True) as secured:
            return self._talk(secured)

    def _talk(self, connection: socket.socket) -> None:
        self.requests.append(read_request(connection))
        self._play(connection)


def read_request(connection: socket.socket) -> bytes:
    """Read a head, then as many bytes as it announces."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += some(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    size = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    while len(body) < size:
        body += some(connection)
    return head + b"\r\n\r\n" + body


def some(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise ConnectionAbortedError
    return data


@contextmanager
def target(play: Play, tls: ssl.SSLContext | None = None) -> Iterator[Target]:
    running = Target(play, tls)
    try:
        yield running
    finally:
        running.close()


def says(*parts: bytes, pause: float = 0.0) -> Play:
    """Send the parts one by one, until nobody listens."""

    def play(connection: socket.socket) -> None:
        for part in parts:
            connection.sendall(part)
            time.sleep(pause)

    return play


def hangs(connection: socket.socket) -> None:
    connection.recv(1)  # until the other side goes


def sender(
    deadline: float = 5.0, resolve: Resolve = system_resolve, tls: ssl.SSLContext = USUAL
) -> HttpSender:
    return HttpSender(allow_loopback=True, deadline=deadline, resolve=resolve, tls=tls)


def push(url: str, body: bytes = b"{}") -> Request:
    return Request(url, {"Content-Type": "application/json", "webhook-id": "crm-c1-1"}, body)


class Authority:
    """Issues certificates for the length of a test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.trusting = ssl.create_default_context(
            cadata=self._pem("authority", self._key).decode()
        )

    def server(self, name: str, *, days: int = 1) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        chain = self._folder / "chain.pem"
        chain.write_bytes(self._pem(name, key, days) + private(key))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain)
        return context

    def _pem(self, name: str, key: ec.EllipticCurvePrivateKey, days: int = 1) -> bytes:
        until = datetime.now(UTC) + timedelta(days=days)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "authority")]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(until - timedelta(days=2))
            .not_valid_after(until)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .add_extension(x509.BasicConstraints(name == "authority", None), critical=True)
            .sign(self._key, hashes.SHA256())
        )
        return certificate.public_bytes(serialization.Encoding.PEM)


def private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
