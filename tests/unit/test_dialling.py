"""Where a push connects to: checked addresses only, and TLS that knows the name."""

import socket
import threading
import time
from pathlib import Path

import pytest

from chalicelib.connectors.addresses import checked_addresses, system_resolve
from chalicelib.connectors.http import HttpSender
from chalicelib.connectors.ports import Answer
from chalicelib.domain.errors import InvalidError
from tests.unit.targets import NO_CONTENT, Authority, push, says, sender, target

DEADLINE = 0.4


class Names:
    """A resolver that gives one answer after the other, and counts."""

    def __init__(self, *answers: list[str]) -> None:
        self.asked: list[str] = []
        self._answers = iter(answers)

    def __call__(self, host: str) -> list[str]:
        self.asked.append(host)
        return next(self._answers)


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every address that somebody tries to connect to; none is reached."""
    tried: list[str] = []

    def refuse(address: tuple[str, int], *_: object, **__: object) -> socket.socket:
        tried.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    return tried


@pytest.mark.parametrize("allow_loopback", [False, True])
@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["::1"], ["10.0.0.1"], ["169.254.169.254"], ["::ffff:10.0.0.1"], ["fd00::1"]]
    + [["8.8.8.8", "fd00::1"], ["10.0.0.1", "8.8.8.8"]],
)
def test_a_name_that_leads_inside_is_refused_before_a_packet_leaves(
    dialled: list[str], addresses: list[str], allow_loopback: bool
) -> None:
    names = Names(addresses)
    checked = HttpSender(allow_loopback=allow_loopback, resolve=names)
    answer = checked.send(push("https://crm.example.com/in"))
    assert answer == Answer(None, None, "refused_address")
    assert (names.asked, dialled) == (["crm.example.com"], [])


def test_a_name_that_changes_after_the_check_is_not_asked_again(dialled: list[str]) -> None:
    names = Names(["8.8.8.8"], ["127.0.0.1"])
    rebound = HttpSender(allow_loopback=False, resolve=names)
    assert rebound.send(push("https://crm.example.com/")) == Answer(None, None, "connection")
    assert (names.asked, dialled) == (["crm.example.com"], ["8.8.8.8"])
    assert rebound.send(push("https://crm.example.com/")) == Answer(None, None, "refused_address")
    assert dialled == ["8.8.8.8"]


def test_the_next_address_is_tried_when_one_is_dead(dialled: list[str]) -> None:
    names = Names(["2606:4700::1", "8.8.8.8"])
    sender(resolve=names).send(push("https://crm.example.com/"))
    assert dialled == ["2606:4700::1", "8.8.8.8"]


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1/", "http://crm.example.com/", "http://localhost:8000/", "https://a.pl:8443"]
    + ["https://[::ffff:127.0.0.1]/", "https://user@crm.example.com/", "file:///etc/passwd"],
)
def test_a_url_that_should_never_have_been_saved_is_not_even_looked_up(
    dialled: list[str], url: str
) -> None:
    names = Names()
    strict = HttpSender(allow_loopback=False, resolve=names)
    assert strict.send(push(url)) == Answer(None, None, "refused_address")
    assert (names.asked, dialled) == ([], [])


def test_an_unknown_name_says_so() -> None:
    def unknown(host: str) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    url = "https://crm.example.com/"
    assert sender(resolve=unknown).send(push(url)) == Answer(None, None, "dns")
    assert sender(resolve=Names([])).send(push(url)) == Answer(None, None, "dns")


def test_a_resolver_that_hangs_cannot_hold_us() -> None:
    gone = threading.Event()

    def hanging(host: str) -> list[str]:
        gone.wait(5)
        return []

    begun = time.monotonic()
    answer = sender(DEADLINE, resolve=hanging).send(push("https://crm.example.com/"))
    assert (answer, time.monotonic() - begun < 3) == (Answer(None, None, "timeout"), True)
    gone.set()


def test_addresses_can_be_checked_when_a_url_is_saved() -> None:
    assert checked_addresses("localhost", allow_loopback=True, resolve=system_resolve)
    with pytest.raises(InvalidError):
        checked_addresses("localhost", allow_loopback=False, resolve=system_resolve)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def test_tls_verifies_the_name_while_the_checked_address_is_dialled(authority: Authority) -> None:
    asked: list[str | None] = []
    tls = authority.server("localhost")
    tls.sni_callback = lambda _socket, name, _context: asked.append(name)
    names = Names(["127.0.0.1"])
    with target(says(NO_CONTENT), tls) as running:
        trusting = sender(tls=authority.trusting, resolve=names)
        answer = trusting.send(push(f"https://localhost:{running.port}/in"))
        assert answer == Answer(204, None, "ok")
        assert f"localhost:{running.port}".encode() in running.requests[0]
    assert (names.asked, asked) == (["localhost"], ["localhost"])


def test_an_unknown_authority_is_not_trusted(authority: Authority) -> None:
    with target(says(NO_CONTENT), authority.server("localhost")) as running:
        answer = sender().send(push(f"https://localhost:{running.port}/"))
        assert (answer, running.requests) == (Answer(None, None, "tls"), [])


@pytest.mark.parametrize(("name", "days"), [("crm.example.com", 1), ("localhost", -1)])
def test_another_name_or_an_expired_certificate_is_refused(
    authority: Authority, name: str, days: int
) -> None:
    with target(says(NO_CONTENT), authority.server(name, days=days)) as running:
        answer = sender(tls=authority.trusting).send(push(f"https://localhost:{running.port}/"))
        assert (answer, running.requests) == (Answer(None, None, "tls"), [])


def test_a_handshake_that_never_ends_cannot_hold_us() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"https://127.0.0.1:{listening.getsockname()[1]}/"
        begun = time.monotonic()
        assert sender(DEADLINE).send(push(url)) == Answer(None, None, "timeout")
        assert time.monotonic() - begun < 3
