"""Sweeps under a backlog: what is only late is not kicked again, what was lost is."""

import pytest

from tests.support.world import World


@pytest.fixture
def world() -> World:
    made = World()
    made.source("crm")
    made.target("book")
    return made


def tell(world: World, people: int) -> None:
    for number in range(people):
        world.tell("crm", str(number), full_name=f"Jan Kot {number}", emails=[f"k{number}@kot.pl"])
    world.clock.tick(seconds=30)


def test_a_backlog_is_not_kicked_again(world: World) -> None:
    tell(world, 3)
    before = list(world.queues.waiting["match"])
    assert world.sweep()["match"] == 3
    assert world.queues.waiting["match"] == before


def test_one_lost_message_among_others_is_kicked_again(world: World) -> None:
    tell(world, 3)
    lost = world.queues.waiting["match"].pop()
    world.sweep()
    assert lost in world.queues.waiting["match"]


def test_deliveries_that_wait_in_the_queue_are_not_kicked_again(world: World) -> None:
    tell(world, 2)
    world.drain("match", "fan-out")
    before = list(world.queues.waiting["deliver"])
    assert before
    assert world.sweep()["deliveries"] == len(before)
    assert world.queues.waiting["deliver"] == before
    world.queues.waiting["deliver"].clear()
    world.sweep()
    assert sorted(world.queues.waiting["deliver"]) == sorted(before)
