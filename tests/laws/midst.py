"""Others who come in the midst of one handler's work and do all of theirs.

The short and sharp part of all interleavings, which are explored in `tests/faults`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

from tests.support.calls import Call, Do, wrap
from tests.support.scenes import Act
from tests.support.witness import forked
from tests.support.world import Seeded, World

PORTS = ("items", "queues", "secrets", "sender")


class Entrances:
    """A conductor that lets others in before the calls of these numbers (from 0)."""

    def __init__(self, world: World, acts: Mapping[int, Act]) -> None:
        self.calls = 0
        self._world, self._acts = world, acts

    def play(self, call: Call, do: Do) -> Any:
        act = self._acts.get(self.calls)
        self.calls += 1
        if act:
            act(self._world)
        return do()


def interrupted(start: World, act: Act, others: Sequence[Act]) -> Iterator[World]:
    """The world after `act`, for every choice of calls before which the others come, in order."""
    for at in combinations(range(_calls(start, act)), len(others)):
        world = forked(start)
        _run(world, act, dict(zip(at, others, strict=True)))
        yield world


def _calls(start: World, act: Act) -> int:
    return _run(forked(start), act, {})


def _run(world: World, act: Act, acts: Mapping[int, Act]) -> int:
    conductor = Entrances(world, acts)
    ports = {name: wrap(getattr(world, name), name, conductor) for name in PORTS}
    act(replace(world, **ports, chance=Seeded("interrupted")))
    return conductor.calls
