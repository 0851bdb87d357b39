"""Relations, listed: whose the records are now, from both ends, through merges and undos."""

import pytest

from chalicelib.domain.errors import ConflictError, NotFoundError
from chalicelib.flow.relating import relations
from chalicelib.store import contacts
from tests.support.checks import settled
from tests.support.scenes import born, deletes, patches, undoes
from tests.support.world import World
from tests.unit.relating import company, join, named, pages, people, person, related, to

DAY = "2026-11-21"  # of the world's clock


@pytest.fixture
def world() -> World:
    made = World()
    for source in ("crm", "shop"):
        made.source(source)
    return made


def test_both_ends_list_a_relation_with_what_is_said_beside_it(world: World) -> None:
    company(world, "Dąb")
    person(world, "Ewa", to("crm/Dąb", role="buyer", since="2020-01-01"))
    world.work()
    (ours,) = pages(world, relations.relations, "crm/Ewa")
    (theirs,) = pages(world, relations.relations, "crm/Dąb")
    assert (ours.pop("direction"), theirs.pop("direction")) == ("outgoing", "incoming")
    assert (named(ours.pop("contact")), named(theirs.pop("contact"))) == ("Dąb", "Ewa")
    assert ours == theirs
    assert ours == {
        "kind": "works_for",
        "role": "buyer",
        "since": "2020-01-01",
        "until": None,
        "record": {"source": "crm", "external_id": "Dąb"},
        "said_by": {"source": "crm", "external_id": "Ewa"},
        "state": "active",
    }


def test_a_record_that_is_not_known_yet_is_kept_until_it_comes(world: World) -> None:
    person(world, "Ewa", "crm/Dąb")
    world.work()
    assert related(world, "crm/Ewa") == [("outgoing", "works_for", "unknown", None)]
    company(world, "Dąb")
    world.work()
    assert related(world, "crm/Ewa") == [("outgoing", "works_for", "active", "Dąb")]
    assert related(world, "crm/Dąb") == [("incoming", "works_for", "active", "Ewa")]


def test_what_was_deleted_says_nothing_and_is_shown_as_retired(world: World) -> None:
    company(world, "Dąb")
    person(world, "Ewa", "crm/Dąb")
    deletes("crm", "Dąb", 1)(world)
    world.work()
    assert related(world, "crm/Ewa") == [("outgoing", "works_for", "retired", None)]
    deletes("crm", "Ewa", 1)(world)
    world.work()
    assert related(world, "crm/Dąb") == []


def test_a_relation_that_is_told_no_more_is_listed_no_more(world: World) -> None:
    company(world, "Dąb")
    person(world, "Ewa", "crm/Dąb")
    world.work()
    patches("crm", "Ewa", 5, relations=None)(world)
    assert related(world, "crm/Dąb") == []  # though the index does not know it yet
    world.work()
    assert related(world, "crm/Ewa") == related(world, "crm/Dąb") == []
    settled(world)


def test_a_merge_of_either_end_is_followed_and_so_is_its_undo(world: World) -> None:
    company(world, "Dąb")
    company(world, "Buk", source="shop")
    person(world, "Ewa", "crm/Dąb")
    person(world, "Ola", "shop/Buk", source="shop")
    world.work()
    companies, workers = join(world, "crm/Dąb", "shop/Buk"), join(world, "crm/Ewa", "shop/Ola")
    both = [("outgoing", "works_for", "active", "Dąb")] * 2
    assert related(world, "crm/Ewa") == related(world, "shop/Ola") == both
    assert related(world, "shop/Buk") == [("incoming", "works_for", "active", "Ewa")] * 2
    assert list(people(world, "shop/Buk", size=1)) == ["Ewa"]
    undoes(companies)(world)
    undoes(workers)(world)
    world.work()
    assert related(world, "crm/Ewa") == [("outgoing", "works_for", "active", "Dąb")]
    assert related(world, "shop/Ola") == [("outgoing", "works_for", "active", "Buk")]
    settled(world)


def test_a_contact_is_not_related_to_itself(world: World) -> None:
    company(world, "Dąb")
    company(world, "Buk", "crm/Dąb", source="shop")
    person(world, "Ewa", "shop/Buk")
    world.work()
    merge = join(world, "crm/Dąb", "shop/Buk")
    assert related(world, "crm/Dąb") == [
        ("outgoing", "child_of", "self", None),
        ("incoming", "works_for", "active", "Ewa"),
    ]
    told = relations.hierarchy(world.ports, born("crm", "Dąb"), None, 25)
    assert told["parents"] == told["items"] == []
    assert people(world, "crm/Dąb", deep=True).keys() == {"Ewa"}
    undoes(merge)(world)
    world.work()
    assert related(world, "crm/Dąb") == [("incoming", "child_of", "active", "Buk")]


def test_the_more_trusted_word_on_role_and_dates_counts(world: World) -> None:
    world.source("shop", trust=80)
    company(world, "Dąb")
    person(world, "Ewa", to("crm/Dąb", role="buyer"))
    person(world, "Ola", to("crm/Dąb", role="owner"), source="shop")
    world.work()
    join(world, "crm/Ewa", "shop/Ola")
    (found,) = pages(world, relations.relations, "crm/Ewa")
    assert (found["role"], found["said_by"]["source"]) == ("owner", "shop")


def test_the_matcher_does_not_look_again(world: World) -> None:
    company(world, "Dąb")
    person(world, "Ewa")
    world.work()
    patches("crm", "Ewa", 5, relations=[to("crm/Dąb")])(world)
    head = contacts.head_of(world.items, born("crm", "Ewa"))
    assert head and head.unmatched == {}


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_page_by_page_each_relation_comes_once(world: World, size: int) -> None:
    company(world, "Dąb", "crm/X", "crm/Y")
    company(world, "Buk", "crm/Z", source="shop")
    names = ["Ada", "Bea", "Cyd", "Dan"]
    for name in names:
        person(world, name, "crm/Dąb", to("crm/Dąb", "advises"), "shop/Buk")
    world.work()
    join(world, "crm/Dąb", "shop/Buk")
    found = pages(world, relations.relations, "crm/Dąb", size)
    told = [(r["direction"], r["kind"], r["record"]["external_id"]) for r in found]
    assert told[:3] == [("outgoing", "child_of", name) for name in "XYZ"]
    assert len(told) == 3 + 3 * len(names)
    assert len({(*t, str(r["contact"])) for t, r in zip(told, found, strict=True)}) == len(told)
    assert people(world, "crm/Dąb", size=size).keys() == set(names)


def test_a_list_whose_contact_came_apart_is_to_be_begun_again(world: World) -> None:
    company(world, "Dąb")
    company(world, "Buk", source="shop")
    world.work()
    merge = join(world, "crm/Dąb", "shop/Buk")
    ids = sorted([born("crm", "Dąb"), born("shop", "Buk")])
    undoes(merge)(world)
    with pytest.raises(ConflictError):
        relations.relations(world.ports, ids[0], f"incoming {ids[1]} ", 5)


@pytest.mark.parametrize(
    ("since", "until", "works"),
    [
        (None, None, True),
        (DAY, None, True),
        (None, DAY, True),
        ("2026-11-22", None, False),
        (None, "2026-11-20", False),
    ],
)
def test_only_those_who_work_there_today_are_its_people(
    world: World, since: str | None, until: str | None, works: bool
) -> None:
    company(world, "Dąb")
    beside = {"since": since, "until": until}
    person(world, "Ewa", to("crm/Dąb", **{n: v for n, v in beside.items() if v}))
    world.drain("match")
    assert bool(people(world, "crm/Dąb")) is works
    assert [kind for _, kind, _, _ in related(world, "crm/Dąb")] == ["works_for"]


def test_an_unknown_contact_has_no_relations(world: World) -> None:
    with pytest.raises(NotFoundError):
        relations.relations(world.ports, "x", None, 5)
