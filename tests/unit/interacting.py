"""A world of two people, and what passes between us and them."""

from typing import Any

import pytest

from tests.support.passing import BASE, timeline_of
from tests.support.scenes import born
from tests.support.world import World

Json = dict[str, Any]
JAN, EWA = born("crm", "1"), born("shop", "2")


@pytest.fixture(name="world")
def two_people() -> World:
    """Jan of the CRM, Ewa of the shop."""
    made = World()
    made.source("crm")
    made.source("shop")
    made.tell("crm", "1", given_name="Jan", emails=["jan@kos.pl"], phones=["600100200"])
    made.clock.tick(seconds=1)
    made.tell("shop", "2", given_name="Ewa", emails=["ewa@lis.pl"])
    made.work()
    return made


def told(world: World, source: str, *given: Json, event: str = BASE) -> list[Json]:
    """The results of a call of its own."""
    world.clock.tick(seconds=1)
    return world.call(source, list(given), event, message_id=world.chance.token())


def codes(result: Json) -> list[tuple[str, str]]:
    return [(e["pointer"], e["code"]) for e in result["errors"]]


def entries(world: World, contact_id: str, **asked: Any) -> list[str]:
    """The timeline in short: ids of interactions, numbers of versions."""
    return [e.get("id", e.get("version")) for e in timeline_of(world, contact_id, **asked)]
