"""Handlers against each other, in every order of their calls that matters.

After each schedule the world comes to rest, and every law must hold.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from tests.conftest import NIGHTLY
from tests.faults.acting import asks_backfill
from tests.faults.meeting import Met
from tests.faults.meetings import MEETINGS
from tests.faults.recovering import promptly, seen_by
from tests.support.calls import Conductor
from tests.support.checks import settled
from tests.support.interleavings import explore
from tests.support.rest import outsiders
from tests.support.scenes import Act, registered
from tests.support.state import read
from tests.support.witness import forked, watched
from tests.support.world import Clock

LIMIT = 20_000 if NIGHTLY else 2_000

CHANGED_FILTER = [name for name in MEETINGS if "filter" in name]


@pytest.mark.parametrize("name", MEETINGS)
def test_every_order_ends_lawfully(name: str, record_property: Callable[..., None]) -> None:
    meeting = MEETINGS[name]
    prepared = watched()
    for step in (registered, *meeting.prepare):
        step(prepared)
    acts = meeting.acts(prepared)
    known: set[str] = set()

    def make(conductor: Conductor) -> Met:
        world = forked(prepared)
        seen = [seen_by(world, conductor, f"handler {n}") for n in range(len(acts))]
        if meeting.late:
            seen[1] = replace(seen[1], clock=Clock(world.clock() + timedelta(minutes=2)))
        return Met(world, seen)

    def check(met: Met) -> None:
        end = repr((met.world.items.snapshot(), met.world.queues.waiting, met.answers))
        if end not in known:
            known.add(end)
            _at_rest(met, acts, name)
            meeting.also(met)

    handlers = [partial(_run, n, act) for n, act in enumerate(acts)]
    explored = explore(
        make, handlers, check, 0 if meeting.large and not NIGHTLY else LIMIT, meeting.preemptions
    )
    assert explored.runs > 1
    record_property("schedules", explored.runs)
    record_property("complete" if explored.complete else "incomplete", 1)


def _run(n: int, act: Act, met: Met) -> None:
    met.run(n, act)


def _at_rest(met: Met, acts: Sequence[Act], name: str) -> None:
    """Who was told to try again does; all kicks arrive; a changed filter is backfilled."""
    for n, act in enumerate(acts):
        if n not in met.answers:
            met.answers[n] = act(met.world)
    promptly(met.world)
    if name in CHANGED_FILTER:
        state = read(met.world.items.snapshot())
        assert not list(outsiders(met.world, state, state.targets["clients"]))
        asks_backfill(met.world)
        promptly(met.world)
    settled(met.world)
