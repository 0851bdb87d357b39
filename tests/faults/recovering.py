"""How the world gets over a fault: repetition, messages that come again, sweeps."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chalicelib.domain.errors import BusyError
from tests.support.calls import Conductor, wrap
from tests.support.faults import Crash
from tests.support.scenes import HANDLERS, Act
from tests.support.state import read
from tests.support.world import Seeded, World

ROUNDS = 40
PORTS = ("items", "queues", "secrets", "sender")


def seen_by(world: World, conductor: Conductor, seed: str = "act") -> World:
    """The same world as one handler sees it: each call is played by the conductor."""
    wrapped = {name: wrap(getattr(world, name), name, conductor) for name in PORTS}
    return replace(world, **wrapped, chance=Seeded(seed))


def attempted(act: Act, world: World) -> tuple[bool, Any]:
    """Whether an answer came, and which: the process may die, or be told to try again."""
    try:
        return True, act(world)
    except (Crash, BusyError):
        return False, None


def promptly(world: World) -> None:
    """All kicks arrive, then the sweeps go round."""
    _until_rest(world, _all_messages)


def by_sweeps_alone(world: World) -> None:
    """Every kick is lost but those of the sweeps themselves."""
    _until_rest(world, _those_of_the_sweep)


def _until_rest(world: World, round_: Callable[[World], None]) -> None:
    for n in range(ROUNDS):
        round_(world)
        world.clock.tick(seconds=61 if n < ROUNDS / 2 else 90_000)
        if read(world.items.snapshot()).at_rest() and not any(world.queues.waiting.values()):
            return


def _all_messages(world: World) -> None:
    _hand_out(world)
    _sweep(world)
    _hand_out(world)


def _hand_out(world: World) -> None:
    while any(world.queues.waiting.values()):
        for queue, handler in HANDLERS.items():
            for message in world.queues.take(queue):
                handler(world, json.loads(message))


def _those_of_the_sweep(world: World) -> None:
    world.queues.waiting.clear()
    _sweep(world)
    sent = {queue: world.queues.take(queue) for queue in HANDLERS}
    for queue, messages in sent.items():
        for message in messages:
            HANDLERS[queue](world, json.loads(message))
    world.queues.waiting.clear()


def _sweep(world: World) -> None:
    world.sweep()
    world.sweep_fan_out()
