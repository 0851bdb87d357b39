"""Two contacts of one address, where a system gives an address to one only: the second waits."""

from typing import Any

import pytest

from chalicelib.connectors.connector import Result
from chalicelib.domain.deliveries import Delivery
from chalicelib.flow.editing import retire
from chalicelib.flow.editing.pin import Seen
from chalicelib.flow.merging import merge
from chalicelib.flow.merging.merge import Order
from chalicelib.flow.reading import read
from chalicelib.flow.reading.lists import Wanted, deliveries
from chalicelib.flow.telling import accounts, deliver
from chalicelib.flow.telling.health import health
from chalicelib.flow.telling.push import push
from chalicelib.store import deliveries as rows
from chalicelib.store import keys
from tests.connectors.rig_hubspot import hubspot
from tests.connectors.rig_mailchimp import mailchimp
from tests.connectors.rigs import Rig
from tests.standins.wire import Wire
from tests.support.scenes import born
from tests.support.world import World, unlimited

HOME = "dom@example.org"
Both = tuple[World, Rig]


@pytest.fixture(params=[hubspot, mailchimp], ids=lambda make: make.__name__)
def both(request: pytest.FixtureRequest) -> Both:
    """Adam and Beata share an address; Adam was there first."""
    rig = request.param()
    world = office(rig)
    for name in ("Adam", "Beata"):
        tell(world, name, HOME)
        turn(world, rig)
    return world, rig


def office(rig: Rig) -> World:
    """Its system is told of all that there are."""
    world = World()
    rig.clock.at = world.clock()
    world.sender = Wire({rig.url: rig.standin})
    world.source("crm", automatic_merge=False)
    world.target("mail", kind=rig.kind, url=rig.base, fields=(), options=rig.options)
    accounts.put_access(world.ports, "mail", rig.access)
    return world


def tell(world: World, name: str, address: str, at: int = 0) -> None:
    world.tell("crm", name, at, given_name=name, emails=[address])


def turn(world: World, rig: Rig) -> None:
    for _ in range(3):
        world.work()
        rig.clock.at = world.clock()


def row(world: World, name: str) -> dict[str, Any]:
    rows = deliveries(world.ports, Wanted("mail"), None, 10)["items"]
    return next(row for row in rows if row["contact_id"] == born("crm", name))


def there(rig: Rig) -> list[str]:
    return sorted(str((rig.shown(r) or {}).get("given_name")) for r in map(str, remotes(rig)))


def remotes(rig: Rig) -> list[str]:
    return [r for r in rig.standin.records if rig.held(str(r))]


def test_the_second_is_told_who_has_the_address(both: Both) -> None:
    world, rig = both
    found = row(world, "Beata")
    assert (found["reason"], found["taken_by"]) == ("address_taken", born("crm", "Adam"))
    assert (found["state"], found["present"]) == ("failed", True)
    assert health(world.ports, "mail")["breaker"]["state"] == "closed"
    assert row(world, "Adam")["state"] == "delivered"


def test_it_comes_when_the_first_goes(both: Both) -> None:
    world, rig = both
    adam = born("crm", "Adam")
    retire.retire(world.ports, Seen(adam, read.contact(world.ports, adam)[1], "admin", "k"))
    turn(world, rig)
    assert (row(world, "Beata")["state"], row(world, "Beata")["taken_by"]) == ("delivered", None)
    assert there(rig) == ["Beata"]


def test_it_comes_when_the_first_has_another_address(both: Both) -> None:
    world, rig = both
    tell(world, "Adam", "adam@example.org", 1)
    turn(world, rig)
    assert row(world, "Beata")["state"] == "delivered"
    assert there(rig) == ["Adam", "Beata"]


@pytest.mark.parametrize("first", ["Adam", "Beata"])
def test_it_is_no_more_when_both_are_one(both: Both, first: str) -> None:
    world, rig = both
    ids = (born("crm", "Adam"), born("crm", "Beata"))
    merge.merge(world.ports, Order(ids, "merge", born("crm", first), "admin"))
    turn(world, rig)
    assert [row(world, name)["reason"] for name in ("Adam", "Beata")] == [None, None]
    assert len(there(rig)) == 1


def test_who_may_not_have_the_address_of_another_keeps_its_own(both: Both) -> None:
    world, rig = both
    tell(world, "Beata", "beata@example.org", 1)
    turn(world, rig)
    assert there(rig) == ["Adam", "Beata"]
    tell(world, "Beata", HOME, 2)
    turn(world, rig)
    assert row(world, "Beata")["taken_by"] == born("crm", "Adam")


def test_nobody_waits_for_who_has_been_told(both: Both) -> None:
    world, rig = both
    sent = len(world.sender.sent)
    turn(world, rig)
    assert len(world.sender.sent) == sent
    tell(world, "Beata", "beata@example.org", 1)
    turn(world, rig)
    tell(world, "Adam", "adam@example.org", 1)
    turn(world, rig)
    stands = world.items.get(keys.delivery("mail", born("crm", "Adam")))
    assert Delivery.of_row(stands).awaited_by == ()


def fresh(world: World, rig: Rig) -> None:
    """Nobody waits: Adam has the address, Beata one of her own."""
    for at, name, address in [(1, "Beata", "b@example.org"), (2, "Adam", "a@example.org")]:
        tell(world, name, address, at)
        turn(world, rig)
    tell(world, "Adam", HOME, 3)
    turn(world, rig)


def test_who_is_refused_while_the_first_is_being_told_of_another_address_comes_next(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, rig = both
    fresh(world, rig)
    world.clock.tick(minutes=1)
    rig.clock.at = world.clock()
    tell(world, "Adam", "new@example.org", 4)
    tell(world, "Beata", HOME, 4)
    world.drain("match", "fan-out")

    def meanwhile(*args: Any) -> Result:
        monkeypatch.setattr(deliver, "push", push)
        deliver.deliver(world.ports, "mail", born("crm", "Beata"), unlimited)
        assert row(world, "Beata")["taken_by"] == born("crm", "Adam")
        return push(*args)

    monkeypatch.setattr(deliver, "push", meanwhile)
    deliver.deliver(world.ports, "mail", born("crm", "Adam"), unlimited)
    turn(world, rig)
    assert [row(world, name)["state"] for name in ("Adam", "Beata")] == ["delivered"] * 2


def test_nobody_waits_for_who_lent_a_place_that_is_free() -> None:
    """Cyryl has no address and no place there; with Adam he has both."""
    rig = mailchimp()
    world = office(rig)
    world.tell("crm", "Cyryl", given_name="Cyryl")
    turn(world, rig)
    tell(world, "Adam", HOME)
    turn(world, rig)
    pair = born("crm", "Cyryl"), born("crm", "Adam")
    merge.merge(world.ports, Order(pair, "merge", pair[0], "admin"))
    turn(world, rig)
    for at, address in enumerate(["beata@example.org", HOME]):
        tell(world, "Beata", address, at)
        turn(world, rig)
    assert row(world, "Beata")["taken_by"] == pair[1]
    tell(world, "Adam", "adam@example.org", 1)
    turn(world, rig)
    assert row(world, "Beata")["state"] == "delivered"
    lender = rows.find(world.ports.items, "mail", pair[1])
    assert lender and lender.remote and lender.awaited_by == ()


def test_a_place_that_a_merged_one_lends_is_nobody_elses() -> None:
    """Cyryl, who has no address, has the place of Adam's; Beata comes with that address."""
    rig = mailchimp()
    world = office(rig)
    world.tell("crm", "Cyryl", given_name="Cyryl")
    tell(world, "Adam", HOME)
    turn(world, rig)
    pair = born("crm", "Cyryl"), born("crm", "Adam")
    merge.merge(world.ports, Order(pair, "merge", pair[0], "admin"))
    turn(world, rig)
    tell(world, "Beata", HOME)
    turn(world, rig)
    beata = rows.find(world.items, "mail", born("crm", "Beata"))
    assert beata and beata.remote == ""
    assert row(world, "Beata")["reason"] == "address_taken"
