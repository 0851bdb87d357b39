"""The timeline and the purchases of a contact: listed, merged, parted, searched for, told."""

import pytest

from chalicelib.flow.interacting import note
from chalicelib.flow.merging import merge, unmerge
from chalicelib.flow.merging.merge import Order
from chalicelib.flow.reading import search
from chalicelib.flow.reading.read import contact
from tests.support.checks import settled
from tests.support.passing import order, passed, timeline_of
from tests.support.world import World
from tests.unit.interacting import EWA, JAN, entries, told, two_people

__all__ = ["two_people"]


def test_everything_survives_a_merge_and_its_undo_on_its_own_side(world: World) -> None:
    told(world, "crm", passed("a", at=-30, external_id="1"))
    told(world, "shop", order("b", at=-20, external_id="2"))
    done = merge.merge(world.ports, Order((JAN, EWA), "merge", "", "admin"))[1]["id"]
    note.note(world.ports, EWA, passed("c", "note", at=-10), "key:1")
    told(world, "crm", order("d", at=-5, external_id="1", value="20.5"))
    for name in (JAN, EWA):
        kinds = ["call", "order", "note"]
        assert entries(world, name, kinds=kinds, limit=1) == ["d", "c", "b", "a"]
        assert contact(world.ports, name)[0]["purchases"]["totals"]["PLN"]["amount"] == "120.50"
    unmerge.undo(world.ports, done, "admin")
    assert entries(world, JAN, kinds=kinds) == ["d", "a"]
    assert entries(world, EWA, kinds=kinds) == ["c", "b"]
    world.work()
    settled(world)


def test_a_version_says_why_it_is_and_what_it_changed(world: World) -> None:
    told(world, "crm", order("o", at=60, external_id="1"))
    first, second, third = timeline_of(world, JAN)
    assert (first["version"], first["changed"], first["kind"]) == (2, ["purchases"], "version")
    assert first["cause"]["type"] == "interaction.recorded"
    assert (second["id"], third["version"]) == ("o", 1)
    assert third["changed"] == ["emails", "given_name", "phones"]


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_of_any_size_are_the_whole_each_entry_once(world: World, limit: int) -> None:
    for n in range(9):
        source, of = (("crm", "1"), ("shop", "2"))[n % 2]
        kind = "order" if n % 3 else "call"
        told(world, source, passed(f"i{n}", kind, at=-n // 2, external_id=of))
        world.tell(source, of, n, given_name=f"N{n}")
    merge.merge(world.ports, Order((JAN, EWA), "merge", "", "admin"))
    whole = timeline_of(world, JAN, limit=100)
    times = [e["occurred_at"] for e in whole]
    assert times == sorted(times, reverse=True)
    assert {e.get("id") for e in whole} == {None, *(f"i{n}" for n in range(9))}
    assert timeline_of(world, EWA, limit=limit) == whole
    only = [e for e in whole if e["kind"] == "call"]
    assert timeline_of(world, JAN, limit=limit, kinds=["call"]) == only


def found(world: World, q: str) -> list[str]:
    """All that a search finds, page by page."""
    ids, cursor = [], None
    while True:
        page = search.search(world.ports, search.Wanted(q, None, 1, "me"), cursor)
        ids += [c["id"] for c in page["items"]]
        cursor = page["next"]
        if cursor is None:
            return ids


def test_who_bought_what_and_when_can_be_searched_for(world: World) -> None:
    day = 86_400
    told(
        world,
        "crm",
        order("a", at=-100 * day, external_id="1", item="Espresso Machine", value="900"),
        order("b", at=-10 * day, external_id="1", item="Kawa", value="200"),
    )
    told(world, "shop", order("c", at=-20 * day, external_id="2", item="espresso machine"))
    world.work()
    for q, ids in {
        'bought:"espresso machine"': {JAN, EWA},
        'bought_within:"90/espresso machine"': {EWA},
        'bought_within:"100/espresso machine"': {JAN, EWA},
        "bought_within:15": {JAN},
        "bought_within:20": {JAN, EWA},
        "spent:>1000": {JAN},
        'spent:">=1100 PLN"': {JAN},
        'spent:">1 EUR"': set(),
        "spent:<=100": {EWA},
        "bought:kawa -bought_within:9": {JAN},
        'bought_within:15 OR bought:"espresso machine"': {JAN, EWA},
    }.items():
        hits = found(world, q)
        assert (q, sorted(hits)) == (q, sorted(ids))
    world.clock.tick(days=6)
    assert found(world, "bought_within:15") == []
    settled(world)


def test_a_target_hears_of_an_order_that_its_filter_reads(world: World) -> None:
    world.target("buyers", filter="spent:>=100", fields=["given_name", "purchases"])
    told(world, "crm", order("o", said=1, external_id="1"))
    world.work()
    told(world, "crm", order("o", said=2, external_id="1", value="99.99"))
    world.work()
    kept, gone = world.pushes()
    assert kept["data"]["purchases"]["items"][0]["name"] == "Kawa"
    assert (gone["type"], gone["data"]["reason"]) == ("contact.removed", "left_filter")
