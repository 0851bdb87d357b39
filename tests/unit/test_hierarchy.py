"""A group of companies: what is above, what is below, and who works anywhere in it."""

from typing import Any

import pytest

from chalicelib.domain import relations as rules
from chalicelib.domain.relations import walk
from chalicelib.domain.versions import Version
from chalicelib.flow.relating import relations
from tests.support.scenes import born
from tests.support.world import World
from tests.unit.relating import company, named, pages, people, person, to


@pytest.fixture
def world() -> World:
    """A holding of two companies, of which one has a third; somebody works in each."""
    made = World()
    made.source("crm")
    company(made, "Holding")
    company(made, "Meble", "crm/Holding")
    company(made, "Tkaniny", "crm/Holding")
    company(made, "Tartak", "crm/Meble")
    for worker, place in (("Ada", "Holding"), ("Bea", "Meble"), ("Cyd", "Tkaniny")):
        person(made, worker, to(f"crm/{place}", role="director"))
    person(made, "Dan", to("crm/Tartak", role="driver"), to("crm/Meble", role="clerk"))
    made.work()
    return made


def hierarchy(world: World, record: str) -> Any:
    return relations.hierarchy(world.ports, born("crm", record), None, 25)


def stands(told: Any) -> list[tuple[str, list[str | None]]]:
    return [(s["role"], [named(c) for c in s["path"]]) for s in told["stands"]]


def test_a_company_alone_has_only_its_own_people(world: World) -> None:
    assert people(world, "crm/Holding").keys() == {"Ada"}
    assert people(world, "crm/Meble").keys() == {"Bea", "Dan"}


@pytest.mark.parametrize("size", [1, 3, 50])
def test_the_people_of_a_group_come_once_each_with_all_their_places(
    world: World, size: int
) -> None:
    found = people(world, "crm/Holding", deep=True, size=size)
    assert list(found)[0] == "Ada"
    assert {name: stands(told) for name, told in found.items()} == {
        "Ada": [("director", ["Holding"])],
        "Bea": [("director", ["Holding", "Meble"])],
        "Cyd": [("director", ["Holding", "Tkaniny"])],
        "Dan": [
            ("clerk", ["Holding", "Meble"]),
            ("driver", ["Holding", "Meble", "Tartak"]),
        ],
    }


def test_what_is_above_is_told_up_to_the_root_and_what_is_directly_below(world: World) -> None:
    told = hierarchy(world, "Tartak")
    assert [named(p["contact"]) for p in told["parents"]] == ["Meble", "Holding"]
    assert [named(c) for c in told["parents"][1]["path"]] == ["Tartak", "Meble", "Holding"]
    assert (told["items"], told["next"], told["capped"]) == ([], None, None)
    root = hierarchy(world, "Holding")
    assert (root["parents"], {named(c["contact"]) for c in root["items"]}) == (
        [],
        {"Meble", "Tkaniny"},
    )


def test_children_come_page_by_page(world: World) -> None:
    for n in range(5):
        company(world, f"Sklep {n}", "crm/Tkaniny")
    world.work()
    found = pages(world, relations.hierarchy, "crm/Tkaniny", 2)
    assert sorted(str(named(c["contact"])) for c in found) == [f"Sklep {n}" for n in range(5)]


def test_a_circle_of_companies_is_gone_round_once(world: World) -> None:
    company(world, "Holding", "crm/Tartak", at=5)
    world.work()
    found = people(world, "crm/Meble", deep=True)
    assert found.keys() == {"Ada", "Bea", "Cyd", "Dan"}
    parents = hierarchy(world, "Meble")["parents"]
    assert [named(p["contact"]) for p in parents] == ["Holding", "Tartak"]
    outside = hierarchy(world, "Tkaniny")["parents"]
    assert [named(p["contact"]) for p in outside] == ["Holding", "Tartak", "Meble"]


def test_a_company_that_was_sold_is_below_no_more(world: World) -> None:
    sold = to("crm/Meble", "child_of", until="2020-01-01")
    company(world, "Tartak", relations=[sold], at=5)
    world.work()
    assert stands(people(world, "crm/Holding", deep=True)["Dan"]) == [
        ("clerk", ["Holding", "Meble"])
    ]
    assert hierarchy(world, "Tartak")["parents"] == []


def test_a_tree_that_is_too_deep_or_too_wide_is_cut_and_said_to_be(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told() -> tuple[int, str | None, int]:
        found = relations.people(world.ports, born("crm", "Holding"), None, 50, deep=True)
        return found["companies"], found["capped"], len(found["items"])

    assert told() == (4, None, 4)
    monkeypatch.setattr(rules, "DEPTH_CAP", 1)
    assert told() == (3, "depth", 4)  # Dan is a clerk there, too
    monkeypatch.setattr(rules, "COMPANIES_CAP", 2)
    assert told()[:2] == (2, "count")


def test_a_group_as_large_as_may_be_is_not_called_cut() -> None:
    def below(count: int) -> Any:
        return lambda v: [version(n) for n in range(1, count)] if v.contact == "0" else []

    for count, capped in ((rules.COMPANIES_CAP, None), (rules.COMPANIES_CAP + 1, "count")):
        found = walk(version(0), below(count))
        assert (len(found.places), found.capped) == (rules.COMPANIES_CAP, capped)


@pytest.mark.parametrize(("links", "capped"), [(10, None), (11, "depth")])
def test_a_chain_is_followed_as_deep_as_may_be(links: int, capped: str | None) -> None:
    found = walk(version(0), lambda v: [version(int(v.contact) + 1)][: int(v.contact) < links])
    assert (len(found.places[-1].path), found.capped) == (10, capped)


def version(number: int) -> Version:
    """Just enough of a contact to be walked to."""
    return Version.model_construct(contact=str(number))
