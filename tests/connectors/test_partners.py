"""A system that is told and tells: what its users do comes in, and nothing goes round."""

from typing import Any

import pytest

from chalicelib.domain.errors import ConflictError
from chalicelib.domain.hooks import Hook
from chalicelib.domain.sources import Source
from chalicelib.flow import registry
from chalicelib.flow.hearing.notice import notice
from chalicelib.flow.hearing.notices import note
from chalicelib.flow.hearing.partners import put_source
from chalicelib.flow.reading import read
from chalicelib.flow.telling import accounts
from chalicelib.flow.telling.health import health
from tests.standins.hubspot import HubSpot
from tests.standins.wire import Wire
from tests.support.scenes import born
from tests.support.world import World

BASE = "https://api.hubapi.com"
EWA: dict[str, Any] = {
    "given_name": "Ewa",
    "family_name": "Lis",
    "roles": ["customer"],
    "emails": ["ewa@example.org"],
    "job_title": "kierownik",
}


@pytest.fixture
def world() -> Any:
    """A CRM that only tells, and HubSpot both ways."""
    made = World()
    hubspot = HubSpot(made.clock)
    made.sender = Wire({BASE: hubspot})
    made.source("crm", trust=60)
    made.source("hubspot", kind="hubspot", trust=50)
    made.target("hubspot", kind="hubspot", url="", fields=())
    accounts.put_access(made.ports, "hubspot", {"token": "pat-1"})
    yield made
    assert hubspot.broken == []


def hubspot(world: World) -> HubSpot:
    found: HubSpot = world.sender.standins[BASE]
    return found


def turn(world: World, rounds: int = 3) -> None:
    """Everything has its say, until nobody has anything left to say."""
    for _ in range(rounds):
        world.work()
        world.clock.tick(minutes=2)
        world.listen()
    world.work()


def tell(world: World, at: int = 0, **fields: Any) -> str:
    world.tell("crm", "ewa", at, **EWA | fields)
    turn(world)
    return born("crm", "ewa")


def writes(world: World) -> int:
    """How many calls changed something there."""
    reads = ("/search", "/batch/read")
    return sum(r.method != "GET" and not r.url.endswith(reads) for r in world.sender.sent)


def test_what_was_sent_and_comes_back_is_no_news(world: World) -> None:
    ewa = tell(world)
    before, sent = read.contact(world.ports, ewa), writes(world)
    turn(world, 5)
    assert read.contact(world.ports, ewa) == before
    assert (sent, writes(world)) == (1, 1)
    assert len(before[0]["records"]) == 1


def test_what_a_user_changes_there_is_a_word_of_that_system(world: World) -> None:
    ewa = tell(world)
    ((remote, _),) = hubspot(world).records.items()
    hubspot(world).edit(remote, phone="+48600100200")
    sent = writes(world)
    turn(world)
    shown = read.contact(world.ports, ewa)[0]
    assert [p["number"] for p in shown["phones"]] == ["+48600100200"]
    assert {r["source"] for r in shown["records"]} == {"crm", "hubspot"}
    assert shown["job_title"] == "kierownik" and shown["id"] == ewa
    assert writes(world) == sent  # it has what it should


def test_what_loses_there_is_put_right(world: World) -> None:
    """The CRM is trusted more: HubSpot is told so, once."""
    ewa = tell(world)
    ((remote, _),) = hubspot(world).records.items()
    hubspot(world).edit(remote, jobtitle="dyrektor")
    sent = writes(world)
    turn(world, 5)
    shown = read.contact(world.ports, ewa)[0]
    assert shown["job_title"] == hubspot(world).records[remote]["jobtitle"]
    assert writes(world) <= sent + 1


def test_whom_it_tells_of_is_a_contact_and_kept_there(world: World) -> None:
    remote = hubspot(world).create(firstname="Adam", email="adam@example.org")
    world.clock.tick(minutes=5)
    turn(world)
    adam = born("hubspot", remote)
    assert read.contact(world.ports, adam)[0]["given_name"] == "Adam"
    assert [*hubspot(world).records] == [remote] and writes(world) == 0


def test_two_of_its_own_that_are_one_both_have_what_is_known(world: World) -> None:
    twin = {"firstname": "Adam", "lastname": "Wrona", "phone": "+48600100200"}
    one = hubspot(world).create(**twin, date_of_birth="1984-11-21")
    two = hubspot(world).create(**twin, date_of_birth="1984-11-21", jobtitle="kowal")
    world.clock.tick(minutes=5)
    turn(world, 5)
    records = hubspot(world).records
    assert {one, two} == set(records)
    assert {r.get("jobtitle") for r in records.values()} == {"kowal"}


def test_who_is_deleted_there_is_not_sent_again(world: World) -> None:
    ewa = tell(world)
    ((remote, _),) = hubspot(world).records.items()
    hubspot(world).delete(remote)
    notify(world)
    tell(world, 1, given_name="Ewelina")
    assert hubspot(world).records == {}
    assert read.contact(world.ports, ewa)[0]["given_name"] == "Ewelina"


def notify(world: World) -> None:
    """HubSpot's calls reach us, and are worked off."""
    called(world)
    world.listen()
    turn(world)


def called(world: World) -> None:
    access = {"token": "pat-1", "client_secret": "client-secret"}
    accounts.put_access(world.ports, "hubspot", access)
    source = registry.registered(world.ports, Source, "hubspot")
    for called in hubspot(world).events():
        hook = Hook(called.method, hubspot(world).pushed.hook, {}, called.headers, called.body)
        assert notice(world.ports, source, hook) == ""


def test_its_calls_are_heard(world: World) -> None:
    ewa = tell(world)
    ((remote, _),) = hubspot(world).records.items()
    hubspot(world).edit(remote, phone="+48600100200")
    notify(world)
    assert read.contact(world.ports, ewa)[0]["phones"] == [{"number": "+48600100200"}]


def test_who_is_merged_there_is_merged_here(world: World) -> None:
    ewa = tell(world)
    world.tell("crm", "eva", 0, given_name="Eva", emails=["eva@example.org"])
    turn(world)
    eva = born("crm", "eva")
    ids = {r["kartoteka_id"]: name for name, r in hubspot(world).records.items()}
    hubspot(world).merge(ids[ewa], ids[eva])
    notify(world)
    assert read.contact(world.ports, eva)[0]["id"] == ewa
    assert len(hubspot(world).records) == 1


def test_a_late_word_on_who_was_merged_there_does_not_make_it_a_deletion(world: World) -> None:
    ewa = tell(world)
    world.tell("crm", "eva", 0, given_name="Eva", emails=["eva@example.org"])
    turn(world)
    eva = born("crm", "eva")
    ids = {r["kartoteka_id"]: name for name, r in hubspot(world).records.items()}
    hubspot(world).merge(ids[ewa], ids[eva])
    called(world)
    for remote in ids.values():
        note(world.ports, "hubspot", remote)
    world.listen()
    turn(world)
    assert read.contact(world.ports, eva)[0]["id"] == ewa
    assert len(hubspot(world).records) == 1


def test_a_partner_needs_the_account_of_a_target(world: World) -> None:
    with pytest.raises(ConflictError) as refused:
        put_source(world.ports, "pipe", {"kind": "pipedrive"})
    assert refused.value.kind == "no_account"
    assert registry.find(world.ports, Source, "pipe") is None


def test_a_partner_that_fails_does_not_hold_up_the_others(world: World) -> None:
    world.source("absent", kind="pipedrive")
    ewa = tell_alone(world)
    ((remote, _),) = hubspot(world).records.items()
    hubspot(world).edit(remote, phone="+48600100200")
    world.clock.tick(minutes=2)
    with pytest.raises(ConflictError):
        world.listen()
    assert read.contact(world.ports, ewa)[0]["phones"] == [{"number": "+48600100200"}]


def tell_alone(world: World) -> str:
    """A contact is told and sent; nobody is listened to."""
    world.tell("crm", "ewa", 0, **EWA)
    world.work()
    return born("crm", "ewa")


def test_an_edit_there_that_is_not_heard_yet_holds_up_nobody_else(world: World) -> None:
    tell(world)
    ((remote, _),) = hubspot(world).records.items()
    hubspot(world).edit(remote, phone="+48600100200")
    world.tell("crm", "ewa", 1, **EWA | {"job_title": "dyrektor"})
    world.drain("match", "fan-out", "deliver")
    assert health(world.ports, "hubspot")["errors_today"] == {"changed_there": 1}
    assert health(world.ports, "hubspot")["breaker"]["until"] is None
