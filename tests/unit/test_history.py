"""A contact as it was, wherever it stood; its versions, their differences, their chain."""

from datetime import timedelta
from math import ceil, log2
from typing import Any

import pytest

from chalicelib.domain import times
from chalicelib.domain.errors import NotFoundError
from chalicelib.flow.reading import history, read, search
from chalicelib.store import keys
from chalicelib.store.meter import Metered
from chalicelib.store.ports import Set
from tests.support.scenes import born, joins, judged, patches, registered, tells, undoes
from tests.support.state import read as stated
from tests.support.witness import watched
from tests.support.world import World

JAN, EWA, OLA = (born("crm", name) for name in "123")


@pytest.fixture
def world() -> World:
    made = watched()
    registered(made)
    return made


def later(world: World, *acts: Any) -> str:
    """Each act, a minute after the one before; when all was done."""
    for act in acts:
        world.clock.tick(minutes=1)
        act(world)
    world.clock.tick(minutes=1)
    return times.text(world.clock())


def three(world: World) -> None:
    for name, given in zip("123", ("Jan", "Ewa", "Ola"), strict=True):
        later(world, tells("crm", name, given_name=given))


def long(world: World, number: int) -> None:
    tells("crm", "1", given_name="Jan")(world)
    for n in range(1, number):
        later(world, patches("crm", "1", n, job_title=f"t{n}"))


def test_the_version_of_a_moment_is_the_last_recorded_by_then(world: World) -> None:
    long(world, 9)
    for version in history.versions(world.ports, JAN, None, 100)["items"]:
        at = version["recorded_at"]
        before = times.text(times.moment(at) - timedelta(microseconds=1))
        assert read.contact_at(world.ports, JAN, at)["version"] == version["version"]
        if version["version"] == 1:
            with pytest.raises(NotFoundError):
                read.contact_at(world.ports, JAN, before)
        else:
            assert read.contact_at(world.ports, JAN, before)["version"] == version["version"] - 1


def test_it_says_when_it_was_recorded_and_why(world: World) -> None:
    at = later(world, tells("crm", "1", given_name="Jan"))
    found = read.contact_at(world.ports, JAN, at)
    assert found["cause"]["by"] == "source:crm"
    assert found["recorded_at"] == found["updated_at"] < at
    assert "provenance" not in found


def test_a_long_history_takes_few_reads(world: World) -> None:
    long(world, 200)
    meter = Metered(world.items)
    seen = World(items=meter, clock=world.clock)
    with meter.operation("as of") as used:
        read.contact_at(seen.ports, JAN, times.text(world.clock() - timedelta(hours=1)))
    assert used.calls <= 2 + ceil(log2(200))


def test_a_merged_id_leads_to_the_survivor_as_it_was(world: World) -> None:
    three(world)
    apart = later(world)
    joined = later(world, joins("crm/2", "crm/3"))
    all_one = later(world, joins("crm/1", "crm/2"))
    homes = [read.contact_at(world.ports, OLA, at) for at in (apart, joined, all_one)]
    assert [home["id"] for home in homes] == [OLA, EWA, JAN]
    assert [len(home["records"]) for home in homes] == [1, 2, 3]


def test_who_was_taken_along_by_an_older_one_is_found_there(world: World) -> None:
    """Ola joins Ewa within Jan's contact: parted from Jan she has no version of her own."""
    three(world)
    later(world, joins("crm/1", "crm/2"))
    edge = judged(stated(world.items.snapshot()), "same")
    all_one = later(world, joins("crm/2", "crm/3"))
    parted = later(world, undoes(edge))
    again = later(world, joins("crm/1", "crm/2"))
    homes = [read.contact_at(world.ports, OLA, at)["id"] for at in (all_one, parted, again)]
    assert homes == [JAN, EWA, JAN]
    assert history.version(world.ports, OLA, 2)["merged_into"] == JAN


def test_a_search_as_of_a_time_finds_who_was_so_then(world: World) -> None:
    was = later(world, tells("crm", "1", given_name="Jan", roles=["customer"]))
    later(world, patches("crm", "1", 5, roles=["supplier"]), patches("crm", "1", 6, roles=[]))
    world.work()
    wanted = search.Wanted("role:customer", was, 10, "somebody")
    (found,) = search.search(world.ports, wanted, None)["items"]
    assert (found["id"], found["roles"], found["version"]) == (JAN, ["customer"], 1)
    now = search.Wanted("role:customer", None, 10, "somebody")
    assert not search.search(world.ports, now, None)["items"]


def test_pages_pass_over_nobody_whose_rows_have_gone_since(world: World) -> None:
    """Enough people for each of the index's parts to hold some who were and some who are."""
    names = [str(n) for n in range(96)]
    then = later(world, *(tells("crm", name, roles=["customer"]) for name in names))
    world.work()
    later(world, *(patches("crm", name, 99, roles=["supplier"]) for name in names[::3]))
    world.work()
    found, cursor = list[str](), None
    while True:
        wanted = search.Wanted("role:customer", then, 1, "me")
        page = search.search(world.ports, wanted, cursor)
        found, cursor = [*found, *(view["id"] for view in page["items"])], page["next"]
        if not cursor:
            break
    assert sorted(found) == sorted(born("crm", name) for name in names)


def test_a_cursor_is_of_one_moment() -> None:
    scopes = {search.Wanted(q, at, 10, "me").scope for q in ("", "x") for at in (None, "1", "2")}
    assert len(scopes) == 6


def test_versions_say_what_changed_across_pages(world: World) -> None:
    tells("crm", "1", given_name="Jan")(world)
    later(world, patches("crm", "1", 1, stage="lead"), patches("crm", "1", 2, stage=None))
    page = history.versions(world.ports, JAN, None, 2)
    rest = history.versions(world.ports, JAN, page["next"], 2)
    told = [(v["version"], v["changed"]) for v in page["items"] + rest["items"]]
    first = ["given_name", "tags", "records", "status"]
    assert told == [(3, ["stage"]), (2, ["stage"]), (1, first)]
    assert history.version(world.ports, JAN, 1) == rest["items"][0]


def test_a_difference_goes_both_ways(world: World) -> None:
    long(world, 3)
    there = history.difference(world.ports, JAN, 1, 3)
    back = history.difference(world.ports, JAN, 3, 1)
    assert there["differences"] == [{"field": "job_title", "before": None, "after": "t2"}]
    assert back["differences"] == [{"field": "job_title", "before": "t2", "after": None}]
    assert (there["from"], there["to"]) == (back["to"], back["from"])
    assert history.difference(world.ports, JAN, 2, 2)["differences"] == []


@pytest.mark.parametrize(("one", "other"), [(0, 1), (1, 0), (1, 4), (4, 1)])
def test_there_is_no_difference_to_a_version_that_is_none(
    world: World, one: int, other: int
) -> None:
    long(world, 3)
    with pytest.raises(NotFoundError):
        history.difference(world.ports, JAN, one, other)


def verified(world: World) -> list[dict[str, Any]]:
    """All parts of the check."""
    parts = [history.verify(world.ports, JAN, None)]
    while parts[-1]["next"]:
        parts.append(history.verify(world.ports, JAN, parts[-1]["next"]))
    return parts


@pytest.mark.unsound
def test_a_long_chain_is_checked_part_by_part(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "CHECKED_CAP", 100)
    long(world, 201)
    parts = verified(world)
    assert [part["versions"]["to"] for part in parts] == [100, 200, 201]
    assert all(part["intact"] for part in parts)
    world.items.write([Set(keys.version(JAN, 150), {"status": "retired"})])
    found = [(f["version"], f["code"]) for part in verified(world) for f in part["faults"]]
    assert found == [(150, "bad_seal")]


@pytest.mark.unsound
def test_what_the_head_does_not_name_is_found(world: World) -> None:
    long(world, 3)
    world.items.write([Set(keys.head(JAN), {"version": 2})])
    (part,) = verified(world)
    assert (part["intact"], [f["code"] for f in part["faults"]]) == (False, ["head"])
