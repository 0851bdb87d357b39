"""The blast guard: no mistake reaches more contacts than its limit, and nothing is lost by it."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.connectors.ports import Answer
from chalicelib.domain.errors import ConflictError
from chalicelib.domain.sources import Target
from chalicelib.flow import registry, sweep
from chalicelib.flow.guarding import release
from chalicelib.flow.pausing import lifecycle, rest
from chalicelib.flow.rehearsing import activate, rehearse
from chalicelib.flow.telling import accounts
from chalicelib.flow.telling.targets import put_target
from tests.standins.hubspot import HubSpot
from tests.standins.wire import Wire
from tests.support.checks import settled
from tests.support.rest import holdings
from tests.support.scenes import born
from tests.support.state import State, read
from tests.support.witness import watched
from tests.support.world import World, record

GUARD = {"share": 20, "at_least": 5, "window_minutes": 60}
HUBSPOT = "https://api.hubapi.com"
BOOK: dict[str, Any] = {
    "name": "book",
    "url": "http://127.0.0.1:1/",
    "fields": ("full_name", "job_title"),
    "guard": GUARD,
    "filter": "-role:other",
}


def full(world: World, count: int, **target: Any) -> World:
    """A world in which a target has so many contacts, and heard of them long ago."""
    world.source("crm")
    put_target(world.ports, "book", BOOK | target | {"guard": None})
    for start in range(0, count, 100):
        told = [person(n) for n in range(start, min(count, start + 100))]
        world.call("crm", told)
    world.work()
    put_target(world.ports, "book", BOOK | target)
    world.work()
    world.clock.tick(days=1)
    return world


def person(n: int, at: int = 0, **fields: Any) -> dict[str, Any]:
    given = {"family_name": f"Nr {n}", "job_title": "kowal", "emails": [f"p{n}@example.org"]}
    return record(str(n), at, **given | fields)


def rehearsed(world: World, **settings: Any) -> dict[str, Any]:
    """A rehearsal with its activation, worked off; what was foretold."""
    job = rehearse.rehearse(world.ports, "book", settings)
    world.work()
    activate.activate(world.ports, "book", job.id)
    world.work()
    return state(world).jobs[job.id].result


def state(world: World) -> State:
    return read(world.items.snapshot())


def book(world: World) -> Target:
    return registry.registered(world.ports, Target, "book")


def released(world: World, limit: int | None = None) -> None:
    release.release(world.ports, "book", limit)
    world.work()
