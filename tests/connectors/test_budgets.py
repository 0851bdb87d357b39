"""What is read draws on the rate of a partner, and leaves it to what is sent."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.polling import rest_after
from chalicelib.domain.rates import Limits, Rate
from chalicelib.flow.hearing.notices import note
from chalicelib.flow.telling import accounts
from chalicelib.flow.telling.health import health
from tests.connectors.rig_hubspot import hubspot
from tests.connectors.rig_pipedrive import pipedrive
from tests.connectors.rigs import Rig
from tests.standins.base import Replied
from tests.standins.common.vendor import Refused
from tests.standins.wire import Wire
from tests.support.world import World

EWA: dict[str, Any] = {"full_name": "Ewa Lis", "emails": ["ewa@example.org"]}
DAY = 30_000


@pytest.fixture
def rig() -> Iterator[Rig]:
    made = pipedrive()
    yield made
    assert made.standin.broken == []


@pytest.fixture
def world(rig: Rig) -> World:
    """A CRM that only tells, and Pipedrive both ways."""
    return world_of(rig)


def world_of(rig: Rig) -> World:
    world = World()
    rig.clock.at = world.clock()
    world.sender = Wire({rig.url: rig.standin})
    world.source("crm")
    world.source(rig.kind, kind=rig.kind)
    world.target(rig.kind, kind=rig.kind, url=rig.base, fields=(), options=rig.options)
    accounts.put_access(world.ports, rig.kind, rig.access)
    return world


def passes(world: World, rig: Rig, **time: float) -> None:
    world.clock.tick(**time)
    rig.clock.at = world.clock()


def tell(world: World, rig: Rig, at: int = 0, **fields: Any) -> None:
    world.tell("crm", "ewa", at, **EWA | fields)
    world.drain("match", "fan-out", "deliver")
    passes(world, rig, minutes=1)
    world.sweep()
    world.drain("deliver")


def left(world: World) -> int:
    found: int = health(world.ports, "pipedrive")["rate"]["left"]
    return found


def spent_there(rig: Rig) -> int:
    return DAY - int(rig.standin.limits.headers()["x-daily-ratelimit-token-remaining"])


def polls(world: World) -> int:
    """How often it was asked for a list."""
    return sum(r.method == "GET" and "sort_by" in r.url for r in world.sender.sent)


def test_what_is_left_of_a_day_is_what_the_system_says(world: World, rig: Rig) -> None:
    """A search, a creation, polls, a look before a change, a notice that is read."""
    tell(world, rig)
    (remote,) = map(str, rig.standin.records)
    for _ in range(3):
        passes(world, rig, minutes=6)
        world.listen()
    tell(world, rig, 1, full_name="Ewa Wrona")
    rig.edit(remote, phones=[{"value": "600 100 200"}])
    note(world.ports, "pipedrive", remote)
    world.listen()
    assert rig.standin.records[int(remote)]["name"] == "Ewa Wrona"
    assert DAY - left(world) == spent_there(rig) > 80


def test_polls_take_a_tenth_of_a_day_at_most(world: World, rig: Rig) -> None:
    passes(world, rig, hours=12)
    for _ in range(24 * 60 - 1):
        world.listen()
        passes(world, rig, minutes=1)
    assert DAY * 0.08 < spent_there(rig) <= DAY * 0.1
    assert DAY - left(world) == spent_there(rig)


def test_a_whole_reading_is_spread_over_its_share(world: World, rig: Rig) -> None:
    for number in range(900):
        rig.make(name=f"Jan {number}")
    for _ in range(60):
        world.listen()
        passes(world, rig, minutes=1)
    assert spent_there(rig) <= DAY * 0.1 / 24 + 20


def test_where_there_is_plenty_each_minute_is_a_poll() -> None:
    rig = hubspot()
    world = world_of(rig)
    for _ in range(10):
        world.listen()
        passes(world, rig, minutes=1)
    assert len(world.sender.sent) == 10


def test_a_partner_that_asks_for_quiet_is_not_polled_either(world: World, rig: Rig) -> None:
    rig.standin.limits.take = busy
    world.listen()
    assert len(world.sender.sent) == 1
    for _ in range(9):
        passes(world, rig, minutes=1)
        world.listen()
    assert len(world.sender.sent) == 1
    assert health(world.ports, "pipedrive")["errors_today"] == {"http_429": 1}
    passes(world, rig, minutes=1, seconds=1)
    world.listen()
    assert len(world.sender.sent) == 2


def busy(_: str) -> dict[str, str]:
    raise Refused(Replied(429, {}, {"retry-after": "600"}))


@pytest.mark.parametrize(
    ("rate", "units", "rest"),
    [
        (None, 10, timedelta(0)),
        (Rate(60, 2, 30_000), 10, timedelta(seconds=288)),
        (Rate(1, 30), 1, timedelta(seconds=300)),
        (Rate(190, 10, 650_000), 1, timedelta(days=1) / 65_000),
    ],
)
def test_how_long_polls_rest(rate: Rate | None, units: int, rest: timedelta) -> None:
    assert rest_after(Limits(rate), units) == rest
