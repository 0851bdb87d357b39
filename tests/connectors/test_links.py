"""A target that gives ids of its own, through the life of contacts: no doubles, none lost."""

from typing import Any

import pytest

from chalicelib.flow.editing import retire
from chalicelib.flow.editing.pin import Seen
from chalicelib.flow.merging import merge, unmerge
from chalicelib.flow.merging.merge import Order
from chalicelib.flow.reading import read
from chalicelib.flow.telling import accounts, backfill
from tests.standins.hubspot import HubSpot
from tests.standins.wire import Wire
from tests.support.scenes import born
from tests.support.world import World

EWA: dict[str, Any] = {"given_name": "Ewa", "family_name": "Lis"}


@pytest.fixture
def world() -> Any:
    """A source of trust, HubSpot as a target of customers."""
    made = World()
    hubspot = HubSpot(made.clock)
    made.sender = Wire({"https://api.hubapi.com": hubspot})
    made.source("crm")
    made.source("shop")
    made.target("hubspot", kind="hubspot", url="", fields=(), filter="role:customer")
    accounts.put_access(made.ports, "hubspot", {"token": "pat-1"})
    yield made
    assert hubspot.broken == []


def there(world: World) -> dict[str, dict[str, str]]:
    """What HubSpot has, by its ids."""
    records: dict[str, dict[str, str]] = world.sender.standins["https://api.hubapi.com"].records
    return records


def names(world: World) -> list[tuple[str, str]]:
    """Whom it has: our id and the given name."""
    return sorted((r["kartoteka_id"], r.get("firstname", "")) for r in there(world).values())


def tell(world: World, source: str, name: str, at: int = 0, **fields: Any) -> str:
    told = {"roles": ["customer"], "emails": [f"{name}@example.org"]} | fields
    world.tell(source, name, at, **told)
    world.work()
    return born(source, name)


def merged(world: World, *contacts: str) -> str:
    order = Order(contacts, "merge", contacts[0], "admin")
    name: str = merge.merge(world.ports, order)[1]["id"]
    world.work()
    return name


def test_a_contact_is_made_once_and_changed_after(world: World) -> None:
    ewa = tell(world, "crm", "ewa", **EWA)
    ((remote, first),) = there(world).items()
    assert first["kartoteka_id"] == ewa
    tell(world, "crm", "ewa", 1, **EWA | {"given_name": "Ewelina"})
    assert [(r, c["firstname"]) for r, c in there(world).items()] == [(remote, "Ewelina")]


def test_whom_it_has_already_is_linked(world: World) -> None:
    hubspot: HubSpot = world.sender.standins["https://api.hubapi.com"]
    remote = hubspot.create(email="ewa@example.org", lifecyclestage="lead")
    world.clock.tick(seconds=60)
    ewa = tell(world, "crm", "ewa", **EWA)
    assert there(world)[remote]["kartoteka_id"] == ewa and len(there(world)) == 1
    assert there(world)[remote]["lifecyclestage"] == "lead"


def test_leaving_the_filter_removes_once_and_coming_back_makes_anew(world: World) -> None:
    tell(world, "crm", "ewa", **EWA)
    tell(world, "crm", "ewa", 1, **EWA, roles=["supplier"])
    assert there(world) == {}
    assert [r.method for r in world.sender.sent].count("DELETE") == 1
    tell(world, "crm", "ewa", 2, **EWA)
    assert len(there(world)) == 1


def test_a_merge_leaves_one_and_its_undo_gives_both_back(world: World) -> None:
    ewa, eva = tell(world, "crm", "ewa", **EWA), tell(world, "shop", "eva", given_name="Eva")
    joined = merged(world, ewa, eva)
    assert names(world) == [(ewa, "Ewa")]
    unmerge.undo(world.ports, joined, "admin")
    world.work()
    assert names(world) == sorted([(ewa, "Ewa"), (eva, "Eva")])


def test_a_survivor_takes_over_what_the_target_has_of_the_other(world: World) -> None:
    ewa = tell(world, "crm", "ewa", **EWA, roles=["supplier"])
    eva = tell(world, "shop", "eva", given_name="Eva")
    (remote,) = there(world)
    joined = merged(world, ewa, eva)
    assert [*there(world)] == [remote] and names(world) == [(ewa, "Ewa")]
    unmerge.undo(world.ports, joined, "admin")
    world.work()
    assert [*there(world)] == [remote] and names(world) == [(eva, "Eva")]


def test_who_is_put_away_leaves_and_comes_back(world: World) -> None:
    ewa = tell(world, "crm", "ewa", **EWA)
    for act in (retire.retire, retire.restore):
        etag = read.contact(world.ports, ewa)[1]
        act(world.ports, Seen(ewa, etag, "admin", world.chance.token()))
        world.work()
        assert len(there(world)) == (act is retire.restore)


def test_who_was_deleted_there_is_made_again_with_the_next_change(world: World) -> None:
    tell(world, "crm", "ewa", **EWA)
    (remote,) = there(world)
    world.sender.standins["https://api.hubapi.com"].delete(remote)
    tell(world, "crm", "ewa", 1, **EWA | {"given_name": "Ewelina"})
    assert [c["firstname"] for c in there(world).values()] == ["Ewelina"]


def test_two_contacts_of_one_address_never_share_a_place(world: World) -> None:
    world.source("crm", automatic_merge=False)
    first = tell(world, "crm", "a", given_name="Adam", emails=["dom@example.org"])
    tell(world, "crm", "b", given_name="Beata", emails=["dom@example.org"])
    assert names(world) == [(first, "Adam")]


def test_a_backfill_links_and_doubles_nothing(world: World) -> None:
    tell(world, "crm", "ewa", **EWA)
    before = there(world)
    backfill.backfill(world.ports, "hubspot")
    world.work()
    assert there(world).keys() == before.keys()


def test_a_lost_answer_makes_no_double(world: World) -> None:
    hubspot: HubSpot = world.sender.standins["https://api.hubapi.com"]
    hubspot.fail_next(500, after=True, on="upsert")
    tell(world, "crm", "ewa", **EWA)
    world.clock.tick(minutes=10)
    world.work()
    assert len(there(world)) == 1


def test_a_target_that_is_not_there_at_all_is_tried_later(world: World) -> None:
    hubspot: HubSpot = world.sender.standins["https://api.hubapi.com"]
    hubspot.outage = 404
    tell(world, "crm", "ewa", **EWA)
    assert len(world.sender.sent) < 5
    hubspot.outage = None
    world.clock.tick(minutes=10)
    world.work()
    assert len(there(world)) == 1
