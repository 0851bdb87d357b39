"""A partner whose settings change: what is newly read is read of everybody, and another account
is another partner.
"""

import json
from typing import Any

import pytest

from chalicelib.domain.errors import ConflictError
from chalicelib.domain.mapping.catalogue import bundled
from chalicelib.flow.hearing.partners import put_source
from chalicelib.flow.reading import read
from chalicelib.flow.telling import accounts
from chalicelib.flow.telling.targets import put_target
from tests.standins.hubspot import HubSpot
from tests.standins.wire import Wire
from tests.support.scenes import born
from tests.support.world import World

BASE = "https://api.hubapi.com"
TARGET: dict[str, Any] = {"name": "HubSpot", "kind": "hubspot"}
SOURCE: dict[str, Any] = {"name": "HubSpot", "kind": "hubspot"}
EWA: dict[str, Any] = {"given_name": "Ewa", "family_name": "Lis", "emails": ["ewa@example.org"]}


@pytest.fixture
def world() -> World:
    made = World()
    made.sender = Wire({BASE: HubSpot(made.clock)})
    made.source("crm")
    put_target(made.ports, "hubspot", TARGET)
    put_source(made.ports, "hubspot", SOURCE)
    accounts.put_access(made.ports, "hubspot", {"token": "pat-1"})
    return made


def turn(world: World) -> None:
    for _ in range(3):
        world.clock.tick(minutes=2)
        world.listen()
        world.work()


def mapped(*without: str) -> dict[str, Any]:
    """The mapping of the kind, but for some of our fields."""
    whole = json.loads(bundled("hubspot") or "")
    rules = [rule for rule in whole["rules"] if rule["ours"] not in without]
    return {**whole, "rules": rules}


def adam(world: World, **more: str) -> str:
    """Somebody whom only HubSpot knows; an hour goes by."""
    remote = world.sender.standins[BASE].create(firstname="Adam", **more)
    world.clock.tick(hours=1)
    turn(world)
    return born("hubspot", remote)


def title(world: World, contact: str) -> Any:
    return read.contact(world.ports, contact)[0]["job_title"]


def test_a_field_that_is_newly_mapped_is_read_of_everybody(world: World) -> None:
    put_target(world.ports, "hubspot", {**TARGET, "mapping": mapped("job_title")})
    known = adam(world, jobtitle="kowal")
    assert title(world, known) is None
    world.clock.tick(hours=1)
    put_target(world.ports, "hubspot", {**TARGET, "mapping": mapped()})
    turn(world)
    assert title(world, known) == "kowal"


def test_a_field_that_is_newly_allowed_is_read_of_everybody(world: World) -> None:
    put_source(world.ports, "hubspot", {**SOURCE, "allowed_fields": ["given_name"]})
    known = adam(world, jobtitle="kowal")
    assert title(world, known) is None
    world.clock.tick(hours=1)
    put_source(world.ports, "hubspot", SOURCE)
    turn(world)
    assert title(world, known) == "kowal"


def test_what_is_read_as_before_is_read_on(world: World) -> None:
    adam(world)
    world.sender.sent.clear()
    put_target(world.ports, "hubspot", {**TARGET, "deleted_there": "retire"})
    turn(world)
    asked = [json.loads(r.body) for r in world.sender.sent if r.url.endswith("/search")]
    since = [a["filterGroups"][0]["filters"][0]["value"] for a in asked]
    assert since and "0" not in since


def test_another_account_is_another_partner(world: World) -> None:
    world.tell("crm", "ewa", 0, **EWA)
    world.work()
    moved = {**TARGET, "url": "https://eu.hubapi.com"}
    with pytest.raises(ConflictError) as refused:
        put_target(world.ports, "hubspot", moved)
    assert refused.value.kind == "other_account"
    with pytest.raises(ConflictError):
        put_target(world.ports, "hubspot", {"name": "Other", "kind": "pipedrive"} | PIPEDRIVE)
    put_target(world.ports, "hubspot", {**TARGET, "url": BASE + "/", "filter": "tag:a"})
    accounts.put_access(world.ports, "hubspot", {"token": "pat-2"})
    put_target(world.ports, "other", moved)


PIPEDRIVE: dict[str, Any] = {"options": {"key": "a" * 40}}


def test_where_it_has_nobody_yet_an_account_may_be_mended(world: World) -> None:
    put_target(world.ports, "hubspot", {**TARGET, "url": "https://eu.hubapi.com"})


def test_a_webhook_may_move() -> None:
    world = World()
    world.source("crm")
    world.target("book")
    world.tell("crm", "ewa", 0, **EWA)
    world.work()
    put_target(world.ports, "book", {"name": "Book", "url": "http://127.0.0.1:2/"})
