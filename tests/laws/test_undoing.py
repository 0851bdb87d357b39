"""Undoing batches: imports, sittings, what is kept, what parts, what is refused."""

import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.errors import BusyError, ConflictError, NotFoundError
from chalicelib.domain.times import text
from chalicelib.flow.batches import Chosen
from chalicelib.flow.editing import edit, retire
from chalicelib.flow.editing.pin import Seen
from chalicelib.flow.intake import receive
from chalicelib.flow.merging import merge
from chalicelib.flow.reading import read
from chalicelib.flow.undoing import show_batches, undo_batches
from tests.conftest import NIGHTLY
from tests.laws.portraits import portrait
from tests.laws.undoing import (
    ME,
    SITTING,
    batch_of,
    foreseen,
    shown,
    undone,
    undone_all,
)
from tests.support.checks import fsck, settled
from tests.support.scenes import born, judged, replies
from tests.support.state import read as state_of
from tests.support.witness import watched
from tests.support.world import START, World, outcomes, record

JAN = {"given_name": "Jan", "family_name": "Wrona", "emails": ["jan@wrona.pl"]}
ROWS, CONTACTS = (5_000, 3_000) if NIGHTLY else (250, 150)
UPTO_NOW = Chosen(by="source:crm", name="import")


@pytest.fixture
def world() -> World:
    made = watched()
    made.source("crm")
    made.source("shop")
    made.target("all", fields=["full_name", "job_title", "emails"])
    return made


def imported(world: World, records: list[Any], message: str, **batch: Any) -> list[Any]:
    """A call of the import `import`, by `crm`."""
    body = json.dumps(
        {"type": "contact.upserted", "data": records, "batch": {"name": "import", **batch}}
    ).encode()
    headers = world.signed("crm", body, message)
    results: list[Any] = receive.receive(world.ports, "crm", headers, body, lambda: 9_000)[
        "results"
    ]
    return results


def members(world: World) -> list[list[str]]:
    contacts = state_of(world.items.snapshot()).contacts
    return sorted(sorted(c.head.members) for c in contacts if c.head.status == "active")


def seen(world: World, contact: str) -> Seen:
    found, etag = read.contact(world.ports, contact)
    return Seen(found["id"], etag, ME, world.chance.token())


def test_an_import_comes_back_exactly_but_for_what_was_edited_since(world: World) -> None:
    def row(n: int, at: int, title: str) -> Any:
        return record(str(n), at, given_name=f"Jan{n}", job_title=title)

    for start in range(0, CONTACTS, 100):
        told = [row(n, 0, "before") for n in range(start, min(start + 100, CONTACTS))]
        world.call("crm", told)
    world.work()
    before = portrait(world)
    world.clock.tick(seconds=10)
    rows = [row(n % CONTACTS, 1 + n // CONTACTS, f"row {n}") for n in range(ROWS)]
    for start in range(0, ROWS, 100):
        imported(world, rows[start : start + 100], f"i{start}")
    world.clock.tick(seconds=10)
    edit.edit(world.ports, seen(world, born("crm", "3")), {"job_title": "kept"})
    world.work()
    kept = [f["record"]["external_id"] for f in foreseen(world, UPTO_NOW, 100) if f["kept"]]
    assert kept == ["3"]
    counts = undone_all(world, UPTO_NOW)
    world.work()
    settled(world)
    assert counts == {"undone": ROWS, "batches": -(-ROWS // 100)}
    edit.release(world.ports, seen(world, born("crm", "3")), "job_title")
    world.work()
    assert portrait(world) == before


def test_a_row_that_bridged_two_contacts_leaves_them_apart(world: World) -> None:
    world.tell("crm", "1", **JAN)
    world.tell("shop", "2", given_name="Jan", family_name="Wrona", phones=["+48600700801"])
    world.work()
    apart = members(world)
    world.clock.tick(seconds=5)
    imported(world, [record("3", 5, **JAN, phones=["+48600700801"])], "bridge")
    world.work()
    assert len(members(world)) == 1
    (meant,) = foreseen(world, Chosen(id=batch_of("crm", "bridge")))
    assert len(meant["apart"]) == 2
    undone(world, batch_of("crm", "bridge"))
    world.work()
    settled(world)
    assert members(world) == apart


def test_what_the_preview_says_is_what_comes(world: World) -> None:
    world.tell("crm", "1", given_name="Jan", job_title="kowal")
    world.clock.tick(seconds=5)
    imported(world, [record("1", 5, given_name="Jan", job_title="rybak")], "m")
    batch = batch_of("crm", "m")
    meant = foreseen(world, Chosen(id=batch))
    assert meant[0]["fields"] == {"job_title": {"before": "rybak", "after": "kowal"}}
    answer = undone(world, batch)
    assert answer == undone(world, batch)
    (came,) = shown(world, answer["job"])
    assert came == {**meant[0], "state": "undone"}
    view, _ = read.contact(world.ports, born("crm", "1"))
    assert view["job_title"] == "kowal"
    head = show_batches.one(world.ports, batch, None, 9)
    assert (head["undone_by"], head["counts"]) == (answer["job"], {"updated": 1})


def test_what_another_call_said_too_stands_until_that_is_undone(world: World) -> None:
    told = [record("1", **JAN)]
    for message in ("a", "b"):
        world.call("crm", told, message_id=message)
    undone(world, batch_of("crm", "a"))
    assert members(world) == [[born("crm", "1")]]
    undone(world, batch_of("crm", "b"))
    world.work()
    settled(world)
    assert members(world) == []


def test_what_was_retracted_is_told_again_by_its_source(world: World) -> None:
    told = [record("1", **JAN)]
    world.call("crm", told, message_id="a")
    undone(world, batch_of("crm", "a"))
    world.work()
    assert outcomes(world.call("crm", told, message_id="b")) == ["updated"]
    world.work()
    settled(world)
    assert members(world) == [[born("crm", "1")]]


def test_a_call_that_was_undone_half_way_does_not_go_on(world: World) -> None:
    body = json.dumps(
        {"type": "contact.upserted", "data": [record("1", **JAN), record("2", **JAN), {}]}
    ).encode()
    headers, left = world.signed("crm", body, "m"), iter([9_000, 1_000])
    with pytest.raises(BusyError):
        receive.receive(world.ports, "crm", headers, body, lambda: next(left))
    undone(world, batch_of("crm", "m"))
    with pytest.raises(ConflictError) as refused:
        receive.receive(world.ports, "crm", headers, body, lambda: 9_000)
    assert refused.value.kind == "undone"
    assert members(world) == []
    fsck(world)


def test_a_sitting_is_undone_whole_and_undos_are_left(world: World) -> None:
    for name, title in (("1", "kowal"), ("2", "rybak"), ("3", "bednarz")):
        world.tell("crm", name, given_name="Jan", job_title=title)
    one, two, three = (born("crm", name) for name in "123")
    world.work()
    before = portrait(world)
    world.clock.tick(seconds=1)
    merge.merge(world.ports, merge.Order((one, two, three), "merge", "", ME))
    edit.edit(world.ports, seen(world, one), {"job_title": "mistrz"})
    retire.retire(world.ports, seen(world, one))
    world.clock.tick(seconds=1)
    counts = undone_all(world, SITTING)
    world.work()
    settled(world)
    assert portrait(world) == before
    assert counts == {"batches": 3, "undone": 4}
    assert undone_all(world, SITTING, "again") == {"left": 4}


def test_an_answer_to_a_review_is_undone_and_asked_again(world: World) -> None:
    for name in ("1", "2"):
        world.tell("crm", name, given_name="Jan", family_name="Kowalski", birth_date="1980-01-02")
    world.work()
    question = judged(state_of(world.items.snapshot()), "unsure")
    for verdict in ("different", "same"):
        answer = replies(question, verdict)(world)  # type: ignore[arg-type]
        world.work()
        undone(world, answer.get("judgement") or answer["merge"])
        world.work()
        settled(world)
        assert judged(state_of(world.items.snapshot()), "unsure") == question
        assert len(members(world)) == 2


def test_what_was_brought_back_is_put_away_again(world: World) -> None:
    world.tell("crm", "1", **JAN)
    world.work()
    retire.retire(world.ports, seen(world, born("crm", "1")))
    world.clock.tick(seconds=1)
    retire.restore(world.ports, seen(world, born("crm", "1")))
    (batch, _) = show_batches.listed(world.ports, SITTING, None, 9)["items"]
    assert batch["kind"] == "restore"
    undone(world, batch["id"])
    world.work()
    settled(world)
    assert members(world) == []


def test_an_import_says_what_its_records_do_with_duplicates(world: World) -> None:
    world.tell("shop", "1", **JAN, job_title="kowal")
    world.work()
    world.clock.tick(seconds=1)
    imported(world, [record("2", 5, **JAN, job_title="rybak")], "m", duplicates="skip")
    world.work()
    settled(world)
    assert read.contact(world.ports, born("crm", "2"))[0]["job_title"] == "kowal"
    edge = judged(state_of(world.items.snapshot()), "same")
    assert state_of(world.items.snapshot()).decisions[edge].judgement.mutes == (born("crm", "2"),)


def test_batches_are_listed_by_whom_when_and_name_the_newest_first(world: World) -> None:
    for n in range(5):
        world.clock.tick(seconds=1)
        imported(world, [record(str(n), **JAN)], f"i{n}")
        world.tell("crm", f"x{n}", given_name="Ola")
    since, upto = (text(START + timedelta(seconds=n)) for n in (2, 4))
    wanted = Chosen(by="source:crm", name="import", since=since, upto=upto)
    first = show_batches.listed(world.ports, wanted, None, 2)
    rest = show_batches.listed(world.ports, wanted, first["next"], 2)
    found = [b["id"] for b in first["items"] + rest["items"]]
    assert found == [batch_of("crm", f"i{n}") for n in (3, 2, 1)]


def test_what_cannot_be_undone_is_refused(world: World) -> None:
    world.tell("crm", "1", **JAN)
    with pytest.raises(NotFoundError):
        undo_batches.undo(world.ports, "nothing", ME)
    world.call("crm", [record("1", 5, **JAN)], message_id="m")
    answer = undone(world, batch_of("crm", "m"))
    with pytest.raises(ConflictError) as refused:
        undo_batches.undo(world.ports, answer["job"], ME)
    assert refused.value.kind == "not_undoable"
    undone_all(world, UPTO_NOW)
    with pytest.raises(ConflictError):
        undo_batches.undo_chosen(world.ports, SITTING, ME, "key")
