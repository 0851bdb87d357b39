"""The push against real sockets: what arrives, what is answered, one deadline for it all."""

import socket
import time
from dataclasses import replace

import pytest

from chalicelib.connectors.memory import ACCEPTED, MemorySender
from chalicelib.connectors.ports import Answer, Sender
from tests.unit.targets import NO_CONTENT, Play, hangs, push, says, sender, target

DEADLINE = 0.4


def resets(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def then_hangs(start: bytes) -> Play:
    def play(connection: socket.socket) -> None:
        connection.sendall(start)
        hangs(connection)

    return play


def status(line: str, *headers: str) -> Play:
    return says("\r\n".join([f"HTTP/1.1 {line}", "Content-Length: 0", *headers, "", ""]).encode())


def answer_to(play: Play, deadline: float = 5.0, body: bytes = b"{}") -> Answer:
    with target(play) as running:
        return sender(deadline).send(push(f"http://127.0.0.1:{running.port}/in", body))


def test_the_target_gets_what_was_pushed_and_nothing_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    body = bytes(range(256)) * 4096
    with target(says(NO_CONTENT)) as running:
        url = f"http://localhost:{running.port}/in?a=1"
        assert sender().send(push(url, body)) == Answer(204, None, "ok")
        (request,) = running.requests
    head, _, received = request.partition(b"\r\n\r\n")
    assert received == body
    assert head.decode().split("\r\n")[0] == "POST /in?a=1 HTTP/1.1"
    lines = {line.lower() for line in head.decode().split("\r\n")[1:]}
    assert lines == {
        f"host: localhost:{running.port}",
        f"content-length: {len(body)}",
        "content-type: application/json",
        "webhook-id: crm-c1-1",
        "user-agent: kartoteka",
        "accept-encoding: identity",
        "connection: close",
    }


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        *[(f"{code} Fine", "ok") for code in (200, 201, 202)],
        *[(f"{code} Elsewhere", "redirect") for code in (300, 301, 302, 303, 304, 307, 308)],
        *[(f"{code} No", f"http_{code}") for code in (400, 401, 404, 409, 410, 413, 422, 429)],
        *[(f"{code} Oh", f"http_{code}") for code in (500, 502, 503, 504, 599)],
    ],
)
def test_each_status_has_its_reason(line: str, reason: str) -> None:
    assert answer_to(status(line)) == Answer(int(line[:3]), None, reason)


def test_a_redirect_is_not_followed() -> None:
    with target(says(NO_CONTENT)) as elsewhere:
        location = f"Location: http://127.0.0.1:{elsewhere.port}/"
        assert answer_to(status("307 Moved", location)).reason == "redirect"
        assert elsewhere.requests == []


@pytest.mark.parametrize("value", ["120", "Sat, 21 Nov 2026 13:00:00 GMT", "-1", "soon"])
def test_retry_after_is_handed_on_as_it_came(value: str) -> None:
    answer = answer_to(status("503 Busy", f"Retry-After: {value}"))
    assert answer == Answer(503, value, "http_503")


@pytest.mark.parametrize(
    ("fault", "play", "reason"),
    [
        ("an empty reply", says(), "protocol"),
        ("a reset", resets, "connection"),
        ("not HTTP", says(b"220 smtp.example.com ESMTP\r\n"), "protocol"),
        ("half a head", says(b"HTTP/1.1 200 OK\r\nContent-"), "protocol"),
        ("a head without end", says(*[b"HTTP/1.1 200 OK\r\nX: ", *[b"x" * 4096] * 99]), "protocol"),
        ("two lengths", status("200 OK", "Content-Length: 7"), "protocol"),
    ],
)
def test_no_proper_answer_is_none_and_says_why(fault: str, play: Play, reason: str) -> None:
    assert answer_to(play) == Answer(None, None, reason), fault


@pytest.mark.parametrize(
    ("fault", "play"),
    [
        ("nothing is said", hangs),
        ("half a head, then nothing", then_hangs(b"HTTP/1.1 200 OK\r\n")),
        ("one byte at a time", says(*[bytes([b]) for b in b"HTTP/1.1 200 OK" * 40], pause=0.02)),
        ("interim answers for ever", says(*[b"HTTP/1.1 102 Wait\r\n\r\n"] * 600, pause=0.02)),
    ],
)
def test_a_slow_target_cannot_hold_us_beyond_the_deadline(fault: str, play: Play) -> None:
    begun = time.monotonic()
    assert answer_to(play, DEADLINE) == Answer(None, None, "timeout"), fault
    assert time.monotonic() - begun < 3


def took(play: Play, deadline: float = DEADLINE) -> tuple[Answer, float]:
    with target(play) as running:
        begun = time.monotonic()
        answer = sender(deadline).send(push(f"http://127.0.0.1:{running.port}/"))
        return answer, time.monotonic() - begun


@pytest.mark.parametrize(
    ("fault", "head", "body"),
    [
        ("a body that never comes", b"Content-Length: 9\r\n\r\n", [b""]),
        ("a slow body", b"Content-Length: 9000\r\n\r\n", [b"x"] * 600),
        ("a slow endless body", b"\r\n", [b"x"] * 600),
        ("slow chunks", b"Transfer-Encoding: chunked\r\n\r\n", [b"1\r\nx\r\n"] * 600),
    ],
)
def test_a_slow_body_cannot_hold_us_either_and_the_status_stands(
    fault: str, head: bytes, body: list[bytes]
) -> None:
    def play(connection: socket.socket) -> None:
        says(b"HTTP/1.1 200 OK\r\n" + head, *body, pause=0.02)(connection)
        hangs(connection)

    answer, seconds = took(play)
    assert answer == Answer(200, None, "ok"), fault
    assert DEADLINE * 0.9 < seconds < 3, fault


@pytest.mark.parametrize(
    "body",
    [b"Content-Length: 9\r\n\r\nhalf", b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"]
    + [b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\xff\xff"],
)
def test_a_broken_body_does_not_undo_the_status(body: bytes) -> None:
    assert answer_to(says(b"HTTP/1.1 200 OK\r\n" + body)) == Answer(200, None, "ok")


def test_a_gigabyte_is_left_where_it_is() -> None:
    sent: list[int] = []

    def floods(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")
        for _ in range(16384):
            sent.append(connection.send(bytes(65536)))

    answer, seconds = took(floods, deadline=5.0)
    assert answer == Answer(200, None, "ok")
    assert seconds < 4
    assert sum(sent) < 64 * 1024 * 1024  # what the kernel's buffers swallow


def test_a_target_that_does_not_read_cannot_hold_us() -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    with listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        begun = time.monotonic()
        answer = sender(DEADLINE).send(push(url, bytes(32 * 1024 * 1024)))
        assert answer == Answer(None, None, "timeout")
        assert time.monotonic() - begun < 3


def test_a_closed_port_is_a_failed_connection() -> None:
    with target(hangs) as gone:
        pass
    assert sender().send(push(f"http://127.0.0.1:{gone.port}/")) == Answer(None, None, "connection")


def test_the_body_of_a_push_is_not_in_its_text() -> None:
    assert "canary" not in repr(push("https://crm.example.com/", b"canary"))


def test_the_memory_sender_remembers_and_answers_as_told() -> None:
    gone = Answer(410, None, "http_410")
    memory = MemorySender([gone])
    senders: list[Sender] = [memory, sender()]
    pushes = [push("https://a.pl/"), push("https://b.pl/")]
    assert [senders[0].send(one) for one in pushes] == [gone, ACCEPTED]
    assert memory.sent == pushes


def test_who_has_little_time_left_waits_no_longer() -> None:
    with target(hangs) as running:
        begun = time.monotonic()
        request = replace(push(f"http://127.0.0.1:{running.port}/in"), seconds=DEADLINE)
        assert sender().send(request) == Answer(None, None, "timeout")
        assert time.monotonic() - begun < 3
