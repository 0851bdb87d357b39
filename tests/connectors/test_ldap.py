"""LDAP: what is special to it, before a real slapd, and before servers that are odd."""

import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.connectors.catalogue import connect
from chalicelib.connectors.connector import Account, Connector, Op, UnavailableError
from chalicelib.connectors.kinds import ldap as kind
from chalicelib.connectors.kinds import ldap_session
from chalicelib.connectors.kinds.ldap_entries import changed, entry_of, listed, made
from tests.connectors.rig_ldap import ldap
from tests.connectors.rigs import ID, Rig
from tests.connectors.test_contract import EWA, push, put
from tests.servers.slapd import Directory
from tests.unit.targets import sender
from tests.unit.test_lines import talking

real = pytest.mark.where_obtainable


@pytest.fixture
def rig(slapd: Directory) -> Rig:
    return ldap(slapd)


def meanwhile(rig: Rig, act: Callable[[], Any], times: int = 1) -> None:
    """Somebody else acts right before a modification."""
    opened, left = rig.standin.open, [act] * times

    def later(url: str) -> Any:
        line = opened(url)
        send = line.sendall

        def sendall(data: bytes) -> None:
            if left and b"\x66" in data[:8]:
                left.pop()()
            send(data)

        line.sendall = sendall
        return line

    rig.standin.open = later


@real
def test_who_writes_between_reading_and_writing_is_heard(rig: Rig) -> None:
    remote = put(rig, EWA)
    meanwhile(rig, lambda: rig.edit(remote, title="rybaczka"))
    assert push(rig, EWA | {"family_name": "Maj"}, remote).status == "done"
    shown = rig.shown(remote) or {}
    assert (shown["family_name"], shown["job_title"]) == ("Maj", "rybaczka")
    assert rig.standin.said.count("PATCH") == 2


@real
def test_who_never_stops_writing_is_a_conflict(rig: Rig) -> None:
    remote = put(rig, EWA)
    meanwhile(rig, lambda: rig.edit(remote, roomNumber="8"), times=9)
    assert push(rig, EWA | {"family_name": "Maj"}, remote).status == "conflict"


@real
def test_what_stands_there_already_is_not_written(rig: Rig) -> None:
    remote = put(rig, EWA)
    told = rig.connector().read(rig.op(EWA, remote))
    assert push(rig, EWA, remote).etag == (told and told.etag)
    assert "PATCH" not in rig.standin.said


@real
def test_an_entry_of_our_name_is_taken_for_ours(rig: Rig) -> None:
    remote = put(rig, EWA | {"job_title": "rybaczka"})
    again = push(rig, EWA | {"family_name": "Maj"})
    assert (again.status, again.remote, again.created) == ("done", remote, False)


@real
def test_an_entry_that_was_there_keeps_its_name_and_its_other_values(rig: Rig) -> None:
    remote = rig.make(
        mail=["ewa@example.org"], title=["rybaczka", "sołtyska"], sn=["Lis", "Lisowa"]
    )
    assert rig.connector().find(rig.op(EWA)) == [remote]
    cn = (rig.held(remote) or {})["cn"]
    told = EWA | {"family_name": "Maj", "job_title": "wójtka"}
    assert push(rig, told, remote).status == "done"
    held = rig.held(remote) or {}
    assert (held["cn"], held["sn"], held["title"]) == (
        cn,
        ["Maj", "Lisowa"],
        ["wójtka", "sołtyska"],
    )


@real
@pytest.mark.parametrize(
    ("contact", "names"),
    [
        ({"organization": "Rybex"}, ("Rybex", None)),
        ({"emails": [{"address": "x@example.org"}]}, ("x@example.org", None)),
        ({"given_name": "Ewa"}, ("Ewa", None)),
        ({"family_name": "Lis"}, ("Lis", "Lis")),
        ({"full_name": "Pani Ewa", "family_name": "Lis"}, ("Pani Ewa", "Lis")),
        ({"language": "pl"}, ("-", None)),
    ],
)
def test_the_names_that_an_entry_must_have_are_made_up_and_not_told(
    rig: Rig, contact: dict[str, Any], names: tuple[str, str | None]
) -> None:
    remote = put(rig, contact)
    held = rig.held(remote) or {}
    assert (held["cn"], held["sn"]) == (names[0], [names[1]])
    assert rig.shown(remote) == rig.mapper.projection(contact)


@real
def test_a_made_up_name_follows_and_a_name_by_hand_stays(rig: Rig) -> None:
    remote = put(rig, EWA)
    renamed = EWA | {"full_name": "Ewa Maj", "family_name": "Maj"}
    push(rig, renamed, remote)
    assert (rig.held(remote) or {})["cn"] == "Ewa Maj"
    rig.edit(remote, cn="Szefowa")
    push(rig, EWA, remote)
    assert (rig.held(remote) or {})["cn"] == "Szefowa"


@real
@pytest.mark.parametrize(
    "name", ["a,b", "a+b=c", "*)(uid=*", " a ", "#a", 'a"b\\c', "zażółć", "a/b;c<d>"]
)
def test_no_name_means_anything_but_itself(rig: Rig, name: str) -> None:
    rig.make(mail="other@example.org")
    remote = put(rig, EWA, id=name)
    assert rig.connector().find(rig.op({}, id=name)) == [remote]
    contact = {"emails": [{"address": name}]}
    assert rig.connector().find(rig.op(contact, id="nobody")) == []


@real
def test_a_poll_comes_in_pages_with_the_directorys_time_and_ends(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kind, "PAGE", 2)
    monkeypatch.setattr(ldap_session, "_PAGE", 2)
    made = [rig.make() for _ in range(5)]
    first = rig.connector().poll(None)
    assert ([t.remote for t in first.told], first.more) == (made[:2], True)
    rig.edit(made[0], roomNumber="9")
    second = rig.connector().poll(first.cursor)
    third = rig.connector().poll(second.cursor)
    told = [*second.told, *third.told]
    assert [t.remote for t in told] == [*made[2:], made[0]]
    assert all(abs(datetime.now(UTC) - t.occurred_at) < timedelta(minutes=1) for t in told)
    assert not third.more and rig.connector().poll(third.cursor).told == []


@real
def test_many_are_fetched_and_who_is_no_more_is_said(rig: Rig, monkeypatch: Any) -> None:
    monkeypatch.setattr(kind, "TERMS", 2)
    made = [rig.make() for _ in range(3)]
    rig.delete(made[1])
    told = rig.connector().fetch(made)
    assert [(t.kind, t.remote) for t in told] == [
        ("upsert", made[0]),
        ("delete", made[1]),
        ("upsert", made[2]),
    ]


@real
def test_a_branch_that_is_not_there_is_nobodys_fault_but_ours(rig: Rig) -> None:
    rig.options = {"base": "ou=nowhere,dc=example,dc=org"}
    assert push(rig, EWA).status == "failed"
    assert rig.connector().health("t-1").reason == "ldap_32"


@real
@pytest.mark.parametrize(
    "places", [{"nothing": ["x"]}, {"mail": [{"value": "x"}]}, {"n": {"a": 1}}]
)
def test_a_mapping_of_other_places_is_refused(rig: Rig, places: dict[str, Any]) -> None:
    op = rig.op(EWA)
    (result,) = rig.connector().push([Op("upsert", ID, "m", {**op.body, **places})])
    assert result.status == "refused"


def connector(port: int, deadline: float = 2.0) -> Connector:
    access = {"user": "cn=admin", "password": "canary"}
    url = f"ldap://127.0.0.1:{port}"
    account = Account("t", "ldap", url, {"base": "dc=example"}, access)
    return connect(account, sender(deadline), lambda: datetime.now(UTC))


def says(*parts: bytes) -> Callable[[socket.socket], None]:
    """Answer each message with the next part, under the message's own number."""

    def play(connection: socket.socket) -> None:
        for part in parts:
            connection.sendall(part.replace(NUMBER, numbered(connection.recv(4096))))

    return play


NUMBER = b"\x02\x04NUMB"


def numbered(message: bytes) -> bytes:
    """The number of a message, written as long as `NUMBER`."""
    start = 2 + (message[1] & 0x7F if message[1] & 0x80 else 0)
    number = int.from_bytes(message[start + 2 :][: message[start + 1]])
    return b"\x02\x04" + number.to_bytes(4)


def result(kind: int, code: int, more: bytes = b"", text: bytes = b"") -> bytes:
    """An LDAPResult of fewer than 128 bytes."""
    told = bytes([0x0A, 1, code, 4, 0, 4, len(text)]) + text + more
    message = NUMBER + bytes([kind, len(told)]) + told
    return bytes([0x30, len(message)]) + message


ELSEWHERE = b"ldap://127.0.0.1:1/dc=evil"
REFERRED = b"\xa3" + bytes([len(ELSEWHERE) + 2, 4, len(ELSEWHERE)]) + ELSEWHERE


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ([result(0x61, 49)], "ldap_49"),
        ([result(0x61, 10, REFERRED)], "protocol"),
        ([result(0x61, 0), result(0x65, 10, REFERRED)], "ldap_10"),
        ([result(0x61, 0), result(0x65, 51, text=b"canary")], "ldap_51"),
        ([result(0x61, 0).replace(NUMBER, b"\x02\x01\x09")], "protocol"),
        ([b""], "protocol"),
        ([b"HTTP/1.1 400 Bad Request\r\n\r\n"], "protocol"),
    ],
)
def test_what_a_directory_says_is_a_code_and_leads_nowhere(
    parts: list[bytes], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialled: list[Any] = []
    create = socket.create_connection
    monkeypatch.setattr(
        socket, "create_connection", lambda *a, **k: (dialled.append(a[0]), create(*a, **k))[1]
    )
    with talking(says(*parts)) as port, pytest.raises(UnavailableError) as caught:
        connector(port).fetch(["x"])
    assert (caught.value.result.reason, len(dialled)) == (reason, 1)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("seed", range(40))
def test_whatever_bytes_come_a_push_ends_in_a_result(seed: int) -> None:
    bound = result(0x61, 0)
    noise = bytearray(result(0x65, 0, text=b"text"))
    noise[seed % len(noise)] ^= 1 << seed % 7
    with talking(says(bound, bytes(noise) + bytes([seed]) * seed)) as port:
        (told,) = connector(port, 0.3).push([push_op()])
    assert told.status in ("failed", "refused", "gone", "throttled"), told


def push_op() -> Op:
    return Op("upsert", ID, "m", {"sn": ["Lis"]}, "0c6b4a52-9f1e-8d3a-b7c4-5e6f7a8b9c0d")


def test_a_change_holds_what_is_not_ours() -> None:
    raw = {"cn": ["Ewa"], "sn": ["-"], "ou": ["x", "y"], "mail": ["a@x.pl", "b@x.pl"]}
    entry = entry_of("cn=Ewa,dc=x", {n: [v.encode() for v in values] for n, values in raw.items()})
    wanted = {"mail": ["b@x.pl"], "ou": ["z"], "sn": [], "cn": ["Eva"], "o": []}
    single = frozenset({"ou", "sn", "cn", "o"})
    assert changed(entry, wanted, single) == {
        "mail": ["b@x.pl"],
        "ou": ["z", "y"],
        "cn": ["Eva", "Ewa"],
    }
    assert changed(entry, {"ou": []}, single) == {"ou": []}


def test_a_form_is_made_of_lists_of_text() -> None:
    assert listed({"o": [None], "mail": None, "sn": "Lis"}) == {"o": [], "mail": [], "sn": ["Lis"]}
    assert listed({"o": [7]}) is None
    assert made({"o": ["Rybex"], "title": []}) == {"cn": ["Rybex"], "sn": ["-"], "o": ["Rybex"]}
