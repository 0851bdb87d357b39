"""Lines to directories: checked addresses, a name that is proven, one deadline, one limit."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from chalicelib.connectors import lines
from chalicelib.connectors.addresses import check_url
from chalicelib.connectors.http import HttpSender
from chalicelib.connectors.ports import Line, LineError
from chalicelib.domain.errors import InvalidError
from chalicelib.domain.urls import check_target_url
from tests.unit.targets import USUAL, Authority, Play, Target, hangs, sender

DEADLINE = 0.4


class Talker(Target):
    """A server that begins by itself."""

    def _talk(self, connection: socket.socket) -> None:
        self._play(connection)


@contextmanager
def talking(play: Play, tls: Any = None) -> Iterator[int]:
    running = Talker(play, tls)
    try:
        yield running.port
    finally:
        running.close()


def broken(url: str, *, allow_loopback: bool = True, **how: Any) -> str:
    """Why there is no line."""
    with pytest.raises(LineError) as caught:
        HttpSender(allow_loopback=allow_loopback, tls=USUAL, **how).open(url)
    return str(caught.value)


@pytest.mark.parametrize(
    "url",
    ["ldaps://ldap.example.org", "ldaps://ldap.example.org/", "LDAPS://ldap.example.org:636"]
    + ["ldaps://8.8.8.8", "ldaps://[2606:4700:4700::1111]"],
)
def test_a_public_directory_is_allowed(url: str) -> None:
    check_target_url(url, allow_loopback=False, scheme="ldaps")


REFUSED = {
    "scheme": """ldap://ldap.example.org https://ldap.example.org http://localhost
        https://localhost:636 ldap://8.8.8.8:636""",
    "port": "ldaps://ldap.example.org:389 ldaps://ldap.example.org:6360",
    "malformed": """ldaps://ldap.example.org/dc=example ldaps://ldap.example.org?x ldapi://%2Ftmp
        ldaps://a:b@ldap.example.org ldaps:ldap.example.org ldaps:// ldap.example.org
        ldaps://ldap.example.org#x ldaps://ldap.example.org,ldap.example.com
        ldaps://localhost/dc=example ldaps://localhost:65536""",
    "host": "ldaps://dc.local ldaps://directory ldaps://127.1 ldaps://0x7f.1",
    "address": "ldaps://10.0.0.5 ldaps://169.254.169.254 ldaps://[fd00::1] ldaps://192.168.1.2:636",
}
CASES = [(code, url) for code, urls in REFUSED.items() for url in urls.split()]


@pytest.mark.parametrize("allow_loopback", [False, True])
@pytest.mark.parametrize(("code", "url"), CASES)
def test_any_other_is_neither_saved_nor_dialled(code: str, url: str, allow_loopback: bool) -> None:
    asked: list[str] = []
    with pytest.raises(InvalidError) as caught:
        check_url(url, allow_loopback=allow_loopback, resolve=asked.append, scheme="ldaps")
    assert [error.code for error in caught.value.errors] == [code]
    how = {"allow_loopback": allow_loopback, "resolve": asked.append}
    assert broken(url, **how) == "refused_address"
    assert asked == []


@pytest.mark.parametrize("url", ["ldap://localhost:1389", "ldap://127.0.0.1", "ldaps://[::1]:1636"])
def test_loopback_is_for_the_local_cloud(url: str) -> None:
    check_target_url(url, allow_loopback=True, scheme="ldaps")
    for scheme in ("ldaps", "https"):
        with pytest.raises(InvalidError):
            check_target_url(url, allow_loopback=scheme == "https", scheme=scheme)
    assert broken(url, allow_loopback=False) == "refused_address"


@pytest.mark.parametrize("addresses", [["10.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["fd00::1"]])
def test_a_name_that_leads_inside_is_refused_when_it_is_saved_and_when_it_is_dialled(
    addresses: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    dialled: list[Any] = []
    monkeypatch.setattr(socket, "create_connection", lambda *a, **k: dialled.append(a))
    url, resolve = "ldaps://ldap.example.org", lambda host: addresses
    with pytest.raises(InvalidError):
        HttpSender(allow_loopback=True, resolve=resolve, tls=USUAL).check(url, "ldaps")
    assert broken(url, resolve=resolve) == "refused_address"
    assert dialled == []


def test_a_call_is_never_made_to_a_directory_nor_a_line_to_a_web_server() -> None:
    checked = sender(resolve=lambda host: ["8.8.8.8"])
    with pytest.raises(InvalidError):
        checked.check("ldaps://ldap.example.org")
    with pytest.raises(InvalidError):
        checked.check("https://crm.example.com", "ldaps")


def says(connection: socket.socket) -> None:
    connection.sendall(connection.recv(9) + b" to you")


@pytest.mark.parametrize(
    ("name", "days", "trusted", "outcome"),
    [
        ("localhost", 1, True, "hello to you"),
        ("localhost", 1, False, "tls"),
        ("localhost", -1, True, "tls"),
        ("ldap.example.org", 1, True, "tls"),
    ],
)
def test_the_name_must_be_proven(
    tmp_path: Path, name: str, days: int, trusted: bool, outcome: str
) -> None:
    authority = Authority(tmp_path)
    tls = authority.trusting if trusted else USUAL
    with talking(says, authority.server(name, days=days)) as port:
        try:
            line = sender(tls=tls).open(f"ldaps://localhost:{port}")
            line.sendall(b"hello")
            assert heard(line).decode() == outcome
            line.close()
        except LineError as error:
            assert str(error) == outcome


def heard(line: Line) -> bytes:
    told = b""
    while part := line.recv(4096):
        told += part
    return told


def test_all_that_is_said_has_one_deadline() -> None:
    def drips(connection: socket.socket) -> None:
        for _ in range(100):
            connection.sendall(b"x")
            time.sleep(0.02)

    for play in (hangs, drips):
        with talking(play) as port:
            line, begun = sender(DEADLINE).open(f"ldap://localhost:{port}"), time.monotonic()
            with pytest.raises(LineError, match="timeout"):
                heard(line)
            assert time.monotonic() - begun < 3
            line.close()


def test_what_is_heard_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST", 100_000)
    with talking(lambda connection: connection.sendall(b"x" * 10**7)) as port:
        line = sender().open(f"ldap://127.0.0.1:{port}")
        with pytest.raises(LineError, match="too_long"):
            heard(line)
        line.close()


def test_nobody_there_is_said_as_for_a_call() -> None:
    with talking(hangs) as port:
        pass
    assert broken(f"ldap://127.0.0.1:{port}") == "connection"
