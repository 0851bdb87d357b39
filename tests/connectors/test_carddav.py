"""CardDAV: what is special to it, before a real Radicale, and before servers that are odd."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.connectors import api
from chalicelib.connectors.catalogue import connect
from chalicelib.connectors.connector import Account, Connector, Op, Told, UnavailableError
from chalicelib.connectors.kinds import carddav as kind
from chalicelib.connectors.kinds import carddav_xml as xml
from chalicelib.connectors.memory import MemorySender
from chalicelib.connectors.ports import Answer
from tests.connectors.rig_carddav import carddav
from tests.connectors.rigs import ID, Rig
from tests.connectors.test_contract import EWA, push, put
from tests.servers.radicale import Radicale

BOOK = "https://dav.example.com/books/ewa"


@pytest.fixture
def rig(radicale: Radicale) -> Any:
    made = carddav(radicale)
    yield made
    assert made.standin.broken == []


def meanwhile(rig: Rig, method: str, act: Callable[[], Any], times: int = 1) -> None:
    """Somebody else acts right before a call of this method."""
    answer, left = rig.standin.answer, [act] * times

    def later(called: Any) -> Any:
        if called.method == method and left:
            left.pop()()
        return answer(called)

    rig.standin.answer = later


def test_who_writes_between_reading_and_writing_is_heard(rig: Rig) -> None:
    remote = put(rig, EWA)
    meanwhile(rig, "PUT", lambda: rig.edit(remote, TITLE="rybaczka"))
    assert push(rig, EWA | {"family_name": "Maj"}, remote).status == "done"
    shown = rig.shown(remote) or {}
    assert (shown["family_name"], shown["job_title"]) == ("Maj", "rybaczka")
    assert rig.standin.seen[-4:] == ["GET", "PUT", "GET", "PUT"]


def test_who_never_stops_writing_is_a_conflict(rig: Rig) -> None:
    remote = put(rig, EWA)
    meanwhile(rig, "PUT", lambda: rig.edit(remote, NOTE="x"), times=9)
    assert push(rig, EWA | {"family_name": "Maj"}, remote).status == "conflict"


def test_what_stands_there_already_is_not_written(rig: Rig) -> None:
    remote = put(rig, EWA)
    etag = push(rig, EWA, remote).etag
    assert rig.standin.seen.count("PUT") == 1
    assert rig.connector().read(rig.op(EWA, remote)).etag == etag


def test_a_card_of_our_name_is_taken_for_ours(rig: Rig) -> None:
    put(rig, EWA | {"job_title": "rybaczka"})
    again = push(rig, EWA | {"family_name": "Maj"})
    assert (again.status, again.remote, again.created) == ("done", f"{ID}.vcf", False)
    assert (rig.shown(again.remote) or {})["family_name"] == "Maj"


def test_a_card_that_vanished_meanwhile_is_gone(rig: Rig) -> None:
    remote = put(rig, EWA)
    meanwhile(rig, "PUT", lambda: rig.delete(remote))
    assert push(rig, EWA | {"family_name": "Maj"}, remote).status == "gone"


def test_who_was_there_before_is_found_by_the_very_address(rig: Rig) -> None:
    theirs = rig.make(EMAIL="Ewa@Example.org")
    rig.make(EMAIL="notewa@example.org")
    assert rig.connector().find(rig.op(EWA)) == [theirs]
    ours = put(rig, EWA)
    assert rig.connector().find(rig.op(EWA)) == [ours, theirs]


def polled(rig: Rig, cursor: str | None) -> tuple[list[Told], str, bool]:
    told: list[Told] = []
    anew, more = False, True
    while more:
        page = rig.connector().poll(cursor)
        told, cursor, more, anew = [*told, *page.told], page.cursor, page.more, anew or page.anew
    assert cursor is not None
    return told, cursor, anew


def test_a_poll_tells_the_changed_the_new_and_the_gone(rig: Rig) -> None:
    stays, goes = rig.make(), rig.make()
    everything, cursor, _ = polled(rig, None)
    assert {told.remote for told in everything} == {stays, goes}
    comes = rig.make(TITLE="rybak")
    rig.delete(goes)
    told, later, _ = polled(rig, cursor)
    assert {(one.kind, one.remote) for one in told} == {("delete", goes), ("upsert", comes)}
    (new,) = (one for one in told if one.kind == "upsert")
    assert new.body["title"] == "rybak" and new.etag
    assert new.occurred_at is None  # Radicale tells its time in no report
    assert polled(rig, later)[0] == []


def test_a_long_poll_comes_in_pages_and_misses_nothing(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kind, "PAGE", 2)
    before = sorted(rig.make() for _ in range(5))
    first = rig.connector().poll(None)
    assert (len(first.told), first.more) == (2, True)
    rig.edit(before[0], TITLE="told already")
    rest, cursor, _ = polled(rig, first.cursor)
    assert sorted(told.remote for told in [*first.told, *rest]) == before
    assert [told.remote for told in polled(rig, cursor)[0]] == [before[0]]


def test_an_answer_that_is_too_long_is_asked_for_in_halves(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    remotes = sorted(rig.make(NOTE="x" * 500) for _ in range(8))
    monkeypatch.setattr(api, "ENOUGH", 3000)
    assert sorted(told.remote for told in rig.connector().fetch(remotes)) == remotes


def test_a_forgotten_token_begins_anew(rig: Rig) -> None:
    there = rig.make()
    stale = '["http://radicale.org/ns/sync/nothing", "", ""]'
    told, _, anew = polled(rig, stale)
    assert anew and [one.remote for one in told] == [there]


def test_lists_of_cards_are_no_contacts(rig: Rig) -> None:
    group = rig.make(**{"X-ADDRESSBOOKSERVER-KIND": "group"})
    person = rig.make()
    assert [told.remote for told in polled(rig, None)[0]] == [person]
    assert rig.connector().fetch([group]) == []


def test_what_is_no_address_book_is_not_well(radicale: Radicale) -> None:
    rig = carddav(radicale)
    rig.base = f"{radicale.url}/{radicale.user}/"
    rig.__post_init__()
    assert rig.connector().health("t-1").reason == "no_address_book"


class Scripted:
    """A server that answers what it was told to; its connector, and what that sent."""

    def __init__(self, *answers: Answer) -> None:
        self.sender = MemorySender(answers)
        access = {"user": "ewa", "password": "secret"}
        account = Account("t", "carddav", f"{BOOK}/", access=access)
        self.connector: Connector = connect(account, self.sender, lambda: datetime.now(UTC))

    def push(self, remote: str = "x.vcf") -> str:
        op = Op("upsert", ID, "m", {"title": "rybak"}, remote)
        return " ".join((lambda r: (r.status, r.reason))(self.connector.push([op])[0]))


def answer(status: int, body: str = "", **headers: str) -> Answer:
    return Answer(status, None, "ok" if status < 300 else f"http_{status}", body.encode(), headers)


TOLD = """<multistatus xmlns="DAV:"><response><href>/books/ewa/x.vcf</href><propstat><prop>
<getetag>"1"</getetag><getlastmodified>{at}</getlastmodified>
<address-data xmlns="urn:ietf:params:xml:ns:carddav">{card}</address-data>
</prop><status>HTTP/1.1 200 OK</status></propstat></response></multistatus>"""
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:x\r\nFN:x\r\nEND:VCARD\r\n"
MINE = answer(200, CARD, etag='"1"')


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ([MINE, answer(204)], "done ok"),
        ([answer(301)], "failed http_301"),
        ([answer(200, "<html>")], "refused no_card"),
        ([Answer(200, None, "ok", b"BEGIN:VCARD\xff")], "refused no_card"),
        ([MINE, answer(403, "<no-uid-conflict/>")], "refused http_403"),
        ([MINE, answer(403)], "failed http_403"),
        ([MINE, answer(507)], "failed http_507"),
        ([answer(401)], "failed http_401"),
        ([MINE, answer(412), answer(404)], "gone http_404"),
    ],
)
def test_each_answer_has_its_meaning(answers: list[Answer], outcome: str) -> None:
    assert Scripted(*answers).push() == outcome


def test_a_card_is_written_on_the_condition_that_it_is_as_it_was_read() -> None:
    server = Scripted(MINE, answer(204))
    server.push()
    written = server.sender.sent[-1]
    assert (written.method, written.headers["if-match"]) == ("PUT", '"1"')
    assert b"TITLE:rybak" in written.body and "secret" not in written.url


BOMB = '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><x xmlns="DAV:">&b;</x>'
FILE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x xmlns="DAV:">&a;</x>'


@pytest.mark.parametrize(
    "body", ["", "<html>", "\x00", BOMB, FILE, "<?xml version='1.0' encoding='x'?><a/>"]
)
def test_an_answer_that_is_no_plain_xml_is_not_read(body: str) -> None:
    with pytest.raises(UnavailableError) as caught:
        Scripted(answer(207, body)).connector.fetch(["x.vcf"])
    assert caught.value.result.reason == "protocol"


@pytest.mark.parametrize(
    ("at", "moment"),
    [
        ("Sun, 22 Nov 2026 08:07:20 GMT", datetime(2026, 11, 22, 8, 7, 20, tzinfo=UTC)),
        ("Sun, 22 Nov 2026 09:07:20 +0100", datetime(2026, 11, 22, 8, 7, 20, tzinfo=UTC)),
        ("yesterday", None),
        ("", None),
    ],
)
def test_the_time_of_a_change_is_the_servers(at: str, moment: datetime | None) -> None:
    server = Scripted(answer(207, TOLD.format(at=at, card=CARD)))
    (told,) = server.connector.fetch(["x.vcf"])
    assert (told.occurred_at, told.etag, told.remote) == (moment, '"1"', "x.vcf")


@pytest.mark.parametrize(
    ("href", "name"),
    [
        ("/books/ewa/a.vcf", "a.vcf"),
        ("https://dav.example.com/books/ewa/a.vcf", "a.vcf"),
        ("/books/%65wa/%7Ba%7D%20b.vcf", "%7Ba%7D%20b.vcf"),
        ("/books/ewa/{a} b.vcf", "%7Ba%7D%20b.vcf"),
        ("/books/ewa/", ""),
        ("/books/ewa", ""),
        ("/books/ewa/sub/a.vcf", ""),
        ("/books/ewa/..%2Fadam/a.vcf", ""),
        ("/books/adam/a.vcf", ""),
        ("", ""),
    ],
)
def test_a_card_has_one_name_and_lies_in_the_book(href: str, name: str) -> None:
    assert xml.name_of(href, BOOK) == name
