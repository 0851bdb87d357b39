"""An address book and a directory, both ways, before the real servers."""

from typing import Any

import pytest

from chalicelib.flow.reading import read
from chalicelib.flow.telling import accounts
from tests.connectors.rig_carddav import carddav
from tests.connectors.rig_ldap import ldap
from tests.connectors.rigs import Rig
from tests.servers.radicale import Radicale
from tests.servers.slapd import Directory
from tests.support.scenes import born
from tests.support.world import World

EWA: dict[str, Any] = {
    "given_name": "Ewa",
    "family_name": "Lis",
    "emails": ["ewa@example.org"],
    "phones": ["+48600100200"],
    "addresses": [{"street": "Długa 5", "city": "Gdańsk", "postal_code": "80-001"}],
    "language": "pl",
    "tags": ["ryby, sieci", "VIP"],
    "birth_date": "--11-21",
}


def partner(world: World, rig: Rig) -> None:
    """A CRM that only tells, and the rig's system both ways."""
    world.sender = rig.wire
    world.source("crm", trust=60)
    world.source(rig.kind, kind=rig.kind, trust=50)
    world.target(rig.kind, kind=rig.kind, url=rig.base, options=rig.options, fields=())
    accounts.put_access(world.ports, rig.kind, rig.access)


def turn(world: World, rounds: int = 3) -> None:
    """Everything has its say, until nobody has anything left to say."""
    for _ in range(rounds):
        world.work()
        world.clock.tick(minutes=2)
        world.listen()
    world.work()


def plays_both_ways(rig: Rig, title: str, written: Any) -> None:
    """What was sent is no news; what a user says is; whom they have is known; nothing loops."""
    world = World()
    partner(world, rig)
    mine = rig.make(**{title: "rybak"})
    world.tell("crm", "ewa", 0, **EWA)
    turn(world)
    ewa, theirs = born("crm", "ewa"), born(rig.kind, mine)
    (theirs_shown, _), (before, etag) = (
        read.contact(world.ports, theirs),
        read.contact(world.ports, ewa),
    )
    assert theirs_shown["job_title"] == "rybak"
    assert [r["source"] for r in before["records"]] == ["crm"]
    (remote,) = rig.connector().find(rig.op({}, id=ewa))
    calls = written()
    turn(world, 5)
    assert (read.contact(world.ports, ewa)[1], written()) == (etag, calls)
    rig.edit(remote, **{title: "rybaczka"})
    turn(world)
    shown = read.contact(world.ports, ewa)[0]
    assert (shown["job_title"], shown["tags"]) == ("rybaczka", before["tags"])
    calls = written()
    world.tell("crm", "ewa", 1, **EWA | {"family_name": "Maj"})
    turn(world, 5)
    assert (rig.shown(remote) or {})["family_name"] == "Maj"
    assert (rig.shown(remote) or {})["job_title"] == "rybaczka"
    assert written() == calls + 1


def test_an_address_book_is_told_and_tells(radicale: Radicale) -> None:
    rig = carddav(radicale)
    plays_both_ways(rig, "TITLE", lambda: rig.standin.seen.count("PUT"))
    assert rig.standin.broken == []


@pytest.mark.where_obtainable
def test_a_directory_is_told_and_tells(slapd: Directory) -> None:
    rig = ldap(slapd)
    writes = ("PATCH", "POST", "DELETE")
    plays_both_ways(rig, "title", lambda: sum(map(rig.standin.said.count, writes)))
