"""Worlds whose target has a guard, and has heard of many."""

from typing import Any

from chalicelib.domain.sources import Target
from chalicelib.flow import registry, sweep
from chalicelib.flow.guarding import release
from chalicelib.flow.reading import lists
from chalicelib.flow.telling import accounts
from chalicelib.flow.telling.targets import put_target
from tests.standins.hubspot import HubSpot
from tests.standins.wire import Wire
from tests.support.state import State, read
from tests.support.witness import watched
from tests.support.world import QUEUES, World, record

GUARD = {"share": 20, "at_least": 5, "window_minutes": 60}
HUBSPOT = "https://api.hubapi.com"
BOOK: dict[str, Any] = {
    "name": "book",
    "url": "http://127.0.0.1:1/",
    "fields": ("full_name", "job_title"),
    "guard": GUARD,
    "filter": "-role:other",
}
CRM: dict[str, Any] = {
    "name": "book",
    "kind": "hubspot",
    "filter": "-role:other",
    "guard": GUARD,
}
JOB = {"ours": "job_title", "theirs": "properties.jobtitle", "empty": ""}
NAME = {"ours": "family_name", "theirs": "properties.lastname"}
RIGHT = {"system": "hubspot", "version": 1, "rules": [NAME, JOB]}
EMPTIES = {**RIGHT, "rules": [NAME, JOB | {"codec": "choice", "values": {"szewc": "cobbler"}}]}
"""A mistake: it knows no title that anybody has, so it empties the field for everyone."""


def person(n: int, at: int = 0, **fields: Any) -> dict[str, Any]:
    """What the source says of one of many."""
    told = {"family_name": f"Nr {n}", "job_title": "kowal", "emails": [f"p{n}@example.org"]}
    return record(str(n), at, **told | fields)


def tell(world: World, numbers: range, at: int = 0, **fields: Any) -> None:
    """The source tells of these, a hundred in a call; nothing else happens yet."""
    for start in range(0, len(numbers), 100):
        world.call("crm", [person(n, at, **fields) for n in numbers[start : start + 100]])


def full(count: int, settings: dict[str, Any] = BOOK) -> World:
    """A world in which a webhook has so many contacts, and heard of them long ago."""
    return filled(watched(), count, settings)


def crm(count: int) -> tuple[World, HubSpot]:
    """The same with HubSpot."""
    world = World()
    hubspot = HubSpot(world.clock, ten_seconds=1_000_000)
    world.sender = Wire({HUBSPOT: hubspot})
    return filled(world, count, CRM | {"mapping": RIGHT}), hubspot


def filled(world: World, count: int, settings: dict[str, Any]) -> World:
    world.source("crm")
    put_target(world.ports, "book", settings | {"guard": None})
    if settings.get("kind") == "hubspot":
        accounts.put_access(world.ports, "book", {"token": "pat-1"})
    tell(world, range(count))
    until_told(world, *QUEUES)
    put_target(world.ports, "book", settings)
    until_told(world, *QUEUES)
    world.clock.tick(days=1)
    return world


def until_told(world: World, *queues: str) -> None:
    """Work off these queues, and wait where a target is called at its rate."""
    for _ in range(400):
        world.drain(*queues)
        if not lists.waiting(world.ports)["deliveries"]:
            return
        world.clock.tick(seconds=10)
        sweep.undelivered(world.ports)
    raise AssertionError("some are never told")


def set_to(world: World, settings: dict[str, Any]) -> None:
    """The target's settings become others, and what follows is worked off."""
    put_target(world.ports, "book", settings)
    world.work()
    until_told(world, *QUEUES)


def released(world: World, limit: int | None = None) -> None:
    """A person has looked; what waits is sent."""
    release.release(world.ports, "book", limit)
    until_told(world, *QUEUES)


def state(world: World) -> State:
    return read(world.items.snapshot())


def book(world: World) -> Target:
    return registry.registered(world.ports, Target, "book")
