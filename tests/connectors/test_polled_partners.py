"""Pipedrive and Salesforce as partners: told and polled, and nothing goes round."""

from typing import Any

import pytest

from chalicelib.flow.reading import read
from chalicelib.flow.telling import accounts
from tests.connectors.rig_pipedrive import pipedrive
from tests.connectors.rig_salesforce import salesforce
from tests.connectors.rigs import Rig
from tests.standins.wire import Wire
from tests.support.scenes import born
from tests.support.world import World

EWA: dict[str, Any] = {
    "given_name": "Ewa",
    "family_name": "Lis",
    "full_name": "Ewa Lis",
    "emails": ["ewa@example.org"],
    "phones": ["+48600100200"],
}
PHONE = {
    "pipedrive": {"phones": [{"value": "600 100 300"}]},
    "salesforce": {"Phone": "600 100 300"},
}

NAME = {"pipedrive": {"name": "Adam"}, "salesforce": {"LastName": "Adam"}}


@pytest.fixture(params=[pipedrive, salesforce], ids=lambda make: make.__name__)
def partner(request: pytest.FixtureRequest) -> Any:
    """A CRM that only tells, and the partner both ways."""
    rig, world = request.param(), World()
    rig.clock.at = world.clock()
    world.sender = Wire({rig.url: rig.standin})
    world.source("crm", trust=40)
    world.source(rig.kind, kind=rig.kind, trust=60)
    world.target(rig.kind, kind=rig.kind, url=rig.base, fields=(), options=rig.options)
    accounts.put_access(world.ports, rig.kind, rig.access)
    yield world, rig
    assert rig.standin.broken == []


def turn(world: World, rig: Rig, rounds: int = 3) -> None:
    """Everything has its say, until nobody has anything left to say."""
    for _ in range(rounds):
        world.work()
        world.clock.tick(minutes=12)
        rig.clock.at = world.clock()
        world.listen()
    world.work()


def writes(world: World) -> int:
    """How many calls changed something there."""
    return sum(r.method != "GET" and not r.url.endswith("/token") for r in world.sender.sent)


def test_what_was_sent_and_comes_back_is_no_news(partner: tuple[World, Rig]) -> None:
    world, rig = partner
    world.tell("crm", "ewa", 0, **EWA)
    turn(world, rig)
    before = read.contact(world.ports, born("crm", "ewa"))
    turn(world, rig)
    assert read.contact(world.ports, born("crm", "ewa")) == before
    assert writes(world) == 1 and len(before[0]["records"]) == 1


def test_what_a_user_changes_there_comes_in_and_stays(partner: tuple[World, Rig]) -> None:
    """Even in the second in which it was sent."""
    world, rig = partner
    world.tell("crm", "ewa", 0, **EWA)
    world.work()
    (remote,) = map(str, rig.standin.records)
    rig.edit(remote, **PHONE[rig.kind])
    turn(world, rig)
    shown = read.contact(world.ports, born("crm", "ewa"))[0]
    assert shown["phones"][0]["number"] == "+48600100300"
    sent = writes(world)
    turn(world, rig)
    assert writes(world) == sent and len(rig.standin.records) == 1


def test_who_is_made_there_is_a_contact_and_kept_there(partner: tuple[World, Rig]) -> None:
    world, rig = partner
    remote = rig.make(**NAME[rig.kind], **PHONE[rig.kind])
    turn(world, rig)
    assert read.contact(world.ports, born(rig.kind, remote))[0]["phones"]
    assert [str(r) for r in rig.standin.records] == [remote]
