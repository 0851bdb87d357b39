"""Undone batches of interactions: orders come off the timeline, what was corrected comes back."""

import json
from typing import Any

import pytest

from chalicelib.domain.errors import BusyError, ConflictError
from chalicelib.flow.batches import Chosen
from chalicelib.flow.intake import receive
from chalicelib.flow.interacting import note
from chalicelib.flow.reading import read
from chalicelib.store.ports import Delete
from tests.laws.undoing import ME, SITTING, batch_of, foreseen, shown, undone, undone_all
from tests.support.checks import fsck, product_faults, settled
from tests.support.passing import BASE, deleted, order, passed, timeline_of
from tests.support.rest import holdings
from tests.support.scenes import born
from tests.support.witness import watched
from tests.support.world import World, outcomes

JAN, EWA = born("crm", "1"), born("shop", "2")
OF_JAN, OF_EWA = {"external_id": "1"}, {"source": "shop", "external_id": "2"}
NEW: dict[str, Any] = {"email": "nowy@kos.pl", "create": True}
Json = dict[str, Any]


@pytest.fixture
def world() -> World:
    made = watched()
    made.source("crm")
    made.source("shop")
    made.target("buyers", filter="spent:>0", fields=["given_name", "purchases"])
    made.tell("crm", "1", given_name="Jan")
    made.tell("shop", "2", given_name="Ewa")
    made.work()
    return made


def told(world: World, message: str, *words: Json, event: str = BASE) -> str:
    """A call of the CRM on interactions; its batch."""
    world.clock.tick(seconds=1)
    world.call("crm", list(words), event, message)
    return batch_of("crm", message)


def entries(world: World, contact: str) -> list[tuple[str, str]]:
    """What stands on a timeline: ids, and what each cost or was."""
    shown_ = [e for e in timeline_of(world, contact) if e["kind"] != "version"]
    return [(e["id"], e["amount"]["value"] if e["amount"] else e["kind"]) for e in shown_]


def spent(world: World, contact: str) -> str | None:
    bought = read.contact(world.ports, contact)[0]["purchases"]
    return bought["totals"]["PLN"]["amount"] if bought else None


def test_an_undone_import_of_orders_takes_them_off_the_timeline(world: World) -> None:
    told(world, "a", order("old", at=-9, **OF_JAN))
    batch = told(world, "b", *(order(f"o{n}", at=-n, **OF_JAN) for n in range(3)))
    world.work()
    assert (spent(world, JAN), len(entries(world, JAN))) == ("400.00", 4)
    answer = undone(world, batch)
    assert answer == {"job": answer["job"], "undone": 3, "batches": 1}
    world.work()
    settled(world)
    assert (spent(world, JAN), entries(world, JAN)) == ("100.00", [("old", "100.00")])
    assert holdings(world, "buyers")[JAN]["purchases"]["orders"] == 1


CHANGES = {
    "corrected": (order("o", said=2, value="7", **OF_JAN), BASE),
    "moved": (order("o", said=2, **OF_EWA), BASE),
    "of another kind": (passed("o", said=2, **OF_JAN), BASE),
    "said again": (order("o", said=2, **OF_JAN), BASE),
    "taken back": (deleted("o", said=2), "interaction.deleted"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_batch_changed_comes_back_as_it_was(world: World, change: str) -> None:
    told(world, "a", order("o", said=1, **OF_JAN))
    word, event = CHANGES[change]
    undone(world, told(world, "b", word, event=event))
    world.work()
    settled(world)
    assert (entries(world, JAN), entries(world, EWA)) == ([("o", "100.00")], [])
    assert spent(world, JAN) == "100.00"


@pytest.mark.parametrize("change", CHANGES)
def test_a_later_word_stays_and_the_preview_says_so(world: World, change: str) -> None:
    batch = told(world, "a", order("o", said=1, **OF_JAN))
    word, event = CHANGES[change]
    told(world, "b", word, event=event)
    before = entries(world, JAN), entries(world, EWA)
    (meant,) = foreseen(world, Chosen(id=batch))
    assert (meant["interaction"], meant["fields"]) == ({"source": "crm", "id": "o"}, {})
    assert bool(meant["kept"]) is (change != "said again")
    answer = undone(world, batch)
    assert shown(world, answer["job"]) == [{**meant, "state": "undone"}]
    assert (entries(world, JAN), entries(world, EWA)) == before
    world.work()
    settled(world)


def test_what_the_preview_says_of_an_order_is_what_comes(world: World) -> None:
    told(world, "a", order("o", said=1, **OF_JAN))
    batch = told(world, "b", order("o", said=2, value="7", item="Kawa", **OF_EWA))
    (meant,) = foreseen(world, Chosen(id=batch))
    assert meant["contact_id"] == JAN
    assert meant["fields"]["record"]["after"] == {"source": "crm", "external_id": "1"}
    assert meant["fields"]["amount"]["before"] == {"value": "7.00", "currency": "PLN"}
    answer = undone(world, batch)
    assert shown(world, answer["job"]) == [{**meant, "state": "undone"}]


@pytest.mark.parametrize("first", ["b", "c"])
def test_two_undos_in_any_order_lead_back_to_what_stood(world: World, first: str) -> None:
    for n, name in enumerate("abc"):
        told(world, name, order("o", said=n, value=str(n + 1), **OF_JAN))
    for name in sorted("bc", key=lambda n: n != first):
        undone(world, batch_of("crm", name))
        fsck(world)
    assert entries(world, JAN) == [("o", "1.00")]


def test_a_word_that_came_late_stands_once_the_newer_one_is_undone(world: World) -> None:
    batch = told(world, "a", order("o", said=5, **OF_EWA))
    told(world, "b", order("o", said=3, value="3", **OF_JAN))
    told(world, "c", order("o", said=1, value="1", **OF_JAN))
    undone(world, batch)
    world.work()
    settled(world)
    assert (entries(world, JAN), entries(world, EWA)) == ([("o", "3.00")], [])


@pytest.mark.parametrize("said", [0, 1, 2])
def test_what_two_calls_said_alike_stands_until_both_are_undone(world: World, said: int) -> None:
    word = order("o", said=said, **OF_JAN)
    one, other = told(world, "a", order("o", said=1, **OF_JAN)), told(world, "b", word)
    undone(world, one)
    assert entries(world, JAN) == [("o", "100.00")]
    undone(world, other)
    world.work()
    settled(world)
    assert (entries(world, JAN), spent(world, JAN)) == ([], None)
    world.clock.tick(seconds=1)
    assert outcomes(world.call("crm", [word], BASE, "c")) == ["created"]
    assert entries(world, JAN) == [("o", "100.00")]


def test_who_was_born_with_an_interaction_goes_with_it_and_comes_again(world: World) -> None:
    batch = told(world, "a", order("o", **NEW))
    world.work()
    (meant, record) = foreseen(world, Chosen(id=batch))
    assert (meant["interaction"]["id"], record["fields"]["emails"]["after"]) == ("o", None)
    assert undone(world, batch)["undone"] == 2
    world.work()
    settled(world)
    nobody = born("crm", "nowy@kos.pl")
    assert read.contact(world.ports, nobody)[0]["status"] == "retired"
    told(world, "b", order("p", **NEW))
    world.work()
    settled(world)
    assert entries(world, nobody) == [("p", "100.00")]
    assert read.contact(world.ports, nobody)[0]["status"] == "active"


def test_a_sitting_takes_back_what_a_person_noted(world: World) -> None:
    note.note(world.ports, JAN, passed("n", "note", text="jeden"), ME)
    world.clock.tick(seconds=1)
    note.note(world.ports, JAN, passed("n", "note", text="dwa"), ME)
    (meant,) = foreseen(world, SITTING)
    assert meant["fields"]["text"] == {"before": "dwa", "after": None}
    assert undone_all(world, SITTING) == {"undone": 2, "batches": 2}
    assert entries(world, JAN) == []
    fsck(world)


def test_a_call_of_interactions_that_was_undone_half_way_does_not_go_on(world: World) -> None:
    words = [order("o", **OF_JAN), order("p", **OF_JAN)]
    body = json.dumps({"type": BASE, "data": words}).encode()
    headers, left = world.signed("crm", body, "m"), iter([9_000, 1_000])
    with pytest.raises(BusyError):
        receive.receive(world.ports, "crm", headers, body, lambda: next(left))
    undone(world, batch_of("crm", "m"))
    with pytest.raises(ConflictError) as refused:
        receive.receive(world.ports, "crm", headers, body, lambda: 9_000)
    assert (refused.value.kind, entries(world, JAN)) == ("undone", [])
    fsck(world)


@pytest.mark.unsound
def test_a_word_that_was_answered_and_is_lost_is_found(world: World) -> None:
    told(world, "a", order("o", **OF_JAN))
    (lost,) = [key for key in world.items.snapshot() if key.sk.startswith("W#")]
    world.items.write([Delete(lost)])
    assert sorted(f.code for f in product_faults(world)) == ["answer_unfounded", "interaction_lost"]
