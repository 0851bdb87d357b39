"""A system that does its work later, and a link that is lent: its owner hears of the end."""

from typing import Any

import pytest

from chalicelib.domain.deliveries import Delivery
from chalicelib.domain.echoes import prints_of
from chalicelib.flow.merging import merge
from chalicelib.flow.merging.merge import Order
from chalicelib.flow.telling import accounts
from chalicelib.store import keys
from tests.connectors.rig_sendgrid import sendgrid
from tests.connectors.rigs import Rig
from tests.standins.wire import Wire
from tests.support.scenes import born
from tests.support.world import World

EWA: dict[str, Any] = {"given_name": "Ewa", "emails": ["ewa@example.org"]}


@pytest.fixture
def lent() -> tuple[World, Rig]:
    """SendGrid has the contact under an id that was merged into another."""
    rig, world = sendgrid(), World()
    world.sender = Wire({rig.url: rig.standin})
    world.source("crm")
    world.source("shop")
    world.target("sendgrid", kind="sendgrid", url="", fields=(), filter="role:customer")
    accounts.put_access(world.ports, "sendgrid", rig.access)
    world.tell("crm", "ewa", 0, **EWA, roles=["supplier"])
    world.work()
    world.tell("shop", "eva", 0, given_name="Eva", emails=["eva@example.org"], roles=["customer"])
    turn(world, rig)
    ids = (born("crm", "ewa"), born("shop", "eva"))
    merge.merge(world.ports, Order(ids, "merge", ids[0], "admin"))
    turn(world, rig)
    return world, rig


def turn(world: World, rig: Rig) -> None:
    """Jobs are begun, and come to their end."""
    for _ in range(6):
        rig.clock.at = world.clock()
        world.work()
        rig.clock.at = world.clock()


def lender(world: World) -> Delivery:
    row = world.items.get(keys.delivery("sendgrid", born("shop", "eva")))
    return Delivery.of_row(row)


def test_what_a_job_wrote_is_what_the_lent_place_has(lent: tuple[World, Rig]) -> None:
    world, rig = lent
    ((remote, there),) = rig.standin.records.items()
    assert there.fields["first_name"] == "Ewa"
    assert lender(world).remote == remote
    assert lender(world).has["given_name"] == prints_of({"given_name": "Ewa"})["given_name"]


def test_what_a_job_removed_ends_the_lent_link(lent: tuple[World, Rig]) -> None:
    world, rig = lent
    for source, name in (("crm", "ewa"), ("shop", "eva")):
        world.tell(source, name, 1, **EWA, roles=["supplier"])
    turn(world, rig)
    assert rig.standin.records == {}
    assert (lender(world).remote, lender(world).has) == ("", {})
