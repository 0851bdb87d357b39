"""Google Contacts and Outlook both ways: what users do comes in, and nothing goes round."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.flow.reading import read
from chalicelib.flow.telling import accounts
from tests.connectors.rig_google import google
from tests.connectors.rig_graph import graph
from tests.connectors.rigs import Rig
from tests.support.scenes import born
from tests.support.world import World

EWA: dict[str, Any] = {
    "given_name": "Ewa",
    "family_name": "Lis",
    "emails": [{"address": "ewa@example.org", "label": "work"}, "lis@example.org"],
    "phones": ["+48600100200"],
    "addresses": [{"street": "Prosta 1", "city": "Łódź", "postal_code": "90-001"}],
    "birth_date": "1984-11-21",
    "tags": ["vip"],
}
EDITS: dict[str, dict[str, Any]] = {
    "google": {"organizations": [{"name": "Wilk", "department": "A"}]},
    "graph": {"companyName": "Wilk", "department": "A"},
}

FORGETS: dict[str, Callable[[Any], None]] = {
    "google": lambda standin: standin.lists.forget(),
    "graph": lambda standin: standin.deltas.forget(),
}


class Book:
    """A CRM that only tells, and an address book both ways."""

    def __init__(self, rig: Rig) -> None:
        self.rig, self.world = rig, World()
        self.world.sender = rig.wire
        self.world.source("crm", trust=60)
        self.world.source("book", kind=rig.kind, trust=50)
        self.world.target("book", kind=rig.kind, url="", fields=(), options=rig.options)
        accounts.put_access(self.world.ports, "book", rig.access)

    def turn(self, rounds: int = 4) -> None:
        """Everything has its say; the clock of the book is the world's."""
        for _ in range(rounds):
            self.world.work()
            self.world.clock.tick(minutes=4)
            self.rig.clock.on(minutes=4)
            self.world.listen()
        self.world.work()

    def told(self) -> str:
        self.world.tell("crm", "ewa", 0, **EWA)
        self.turn()
        return born("crm", "ewa")

    def writes(self) -> int:
        return sum(
            called.method != "GET" and not called.path.endswith("/token")
            for called in self.rig.standin.calls
        )


@pytest.fixture(params=[google, graph])
def book(request: pytest.FixtureRequest) -> Any:
    make: Callable[[], Rig] = request.param
    made = Book(make())
    yield made
    assert made.rig.standin.broken == []


def test_what_was_sent_and_comes_back_is_no_news(book: Book) -> None:
    ewa = book.told()
    before = read.contact(book.world.ports, ewa)
    book.turn()
    assert read.contact(book.world.ports, ewa) == before
    assert book.writes() == 1
    assert len(before[0]["records"]) == 1


def test_what_a_user_changes_there_comes_in_and_is_not_sent_back(book: Book) -> None:
    ewa = book.told()
    ((remote, _),) = book.rig.standin.records.items()
    book.rig.edit(remote, **EDITS[book.rig.kind])
    book.turn()
    shown = read.contact(book.world.ports, ewa)[0]
    assert shown["organization"] == "Wilk"
    assert {p["number"] for p in shown["phones"]} == {"+48600100200"}
    assert [e["address"] for e in shown["emails"]] == ["ewa@example.org", "lis@example.org"]
    assert shown["addresses"][0]["postal_code"] == "90-001"
    assert shown["birth_date"] == "1984-11-21" and shown["tags"] == ["vip"]
    assert book.writes() == 1


def test_whom_a_user_deletes_there_is_left_alone(book: Book) -> None:
    ewa = book.told()
    ((remote, _),) = book.rig.standin.records.items()
    book.rig.delete(remote)
    book.turn()
    assert read.contact(book.world.ports, ewa)[0]["status"] == "active"
    assert (book.rig.standin.records, book.writes()) == ({}, 1)


def test_who_was_deleted_while_a_cursor_was_forgotten_is_missed(book: Book) -> None:
    ewa = book.told()
    ((remote, _),) = book.rig.standin.records.items()
    book.rig.delete(remote)
    FORGETS[book.rig.kind](book.rig.standin)
    book.turn()
    book.world.tell("crm", "ewa", 900, **EWA | {"given_name": "Ewelina"})
    book.turn()
    assert read.contact(book.world.ports, ewa)[0]["given_name"] == "Ewelina"
    assert (book.rig.standin.records, book.writes()) == ({}, 1)
