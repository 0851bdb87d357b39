"""Subscriptions meet every single fault, and each other: in the end one stands, or none.

The systems are stand-ins behind the wire: what was done there before an answer was lost stays
done. Each run begins in a world of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from chalicelib.connectors.connector import Connector
from chalicelib.domain.hooks import Hook
from chalicelib.domain.sources import Source
from chalicelib.flow import credentials, registry
from chalicelib.flow.hearing import subscribe
from chalicelib.flow.hearing.notice import notice
from chalicelib.flow.hearing.partners import partner
from tests.connectors.callers import HOST, MAKERS, Caller, calling_graph, calling_pipedrive
from tests.faults.meeting import Met
from tests.faults.recovering import attempted, seen_by
from tests.support.calls import Conductor
from tests.support.checks import fsck
from tests.support.faults import Fault, Plan, Tape, single_faults
from tests.support.interleavings import explore
from tests.support.world import World, unlimited

Do = Callable[[Caller, World], Any]
OLD = f"{HOST}/api/v1/hooks/s"


def asks(caller: Caller, world: World) -> object:
    return subscribe.subscribe(world.ports, "s", caller.url, unlimited)["state"]


def wants_none(caller: Caller, world: World) -> object:
    return subscribe.unsubscribe(world.ports, "s", unlimited)["state"]


def tends(caller: Caller, world: World) -> object:
    return caller.tend(world)


def rotates(caller: Caller, world: World) -> object:
    return registry.rotate_secret(world.ports, Source, "s")


def disables(caller: Caller, world: World) -> object:
    settings = {"name": "s", "kind": caller.rig.kind, "enabled": False}
    return registry.register(world.ports, Source, "s", settings)[0].enabled


def hears_of_its_end(caller: Caller, world: World) -> object:
    """Graph says that it removed one that it has in truth removed."""
    caller.rig.standin.subscriptions.lifecycle("subscriptionRemoved")
    (called,) = caller.rig.standin.events()
    hook = Hook(called.method, called.path, {}, called.headers, called.body)
    return notice(world.ports, caller.source, hook)


def asked(caller: Caller) -> None:
    caller.subscribe()


def a_day_later(caller: Caller) -> None:
    caller.on(days=1)


def another_day_later(caller: Caller) -> None:
    """Half of a life at Graph is over."""
    caller.tend()
    caller.on(days=1)


def dropped(caller: Caller) -> None:
    caller.drop()


def rotated(caller: Caller) -> None:
    rotates(caller, caller.world)


def disabled(caller: Caller) -> None:
    disables(caller, caller.world)


def asked_elsewhere(caller: Caller) -> None:
    caller.subscribe(OLD)


def lost(caller: Caller) -> None:
    """It was made, and nobody knows."""
    caller.rig.standin.fail_next(500, after=True, on="^POST .*(subscriptions|webhooks)$")
    caller.subscribe()
    caller.on(minutes=1)


@dataclass(frozen=True)
class Scene:
    """What is prepared, what is done then, and whether one stands in the end."""

    prepare: tuple[Callable[[Caller], None], ...]
    act: Do
    stands: bool = True


SCENES = {
    "asked for": Scene((), asks),
    "asked for again": Scene((asked,), asks),
    "made, and the answer lost": Scene((lost,), tends),
    "looked after": Scene((asked, a_day_later), tends),
    "renewed": Scene((asked, a_day_later, another_day_later), tends),
    "gone": Scene((asked, dropped, a_day_later), tends),
    "under another secret": Scene((asked, rotated), tends),
    "under another url": Scene((asked_elsewhere,), asks),
    "ended": Scene((asked,), wants_none, stands=False),
    "ended as the source is disabled": Scene((asked, disabled), tends, stands=False),
}


def began(make: Any, scene: Scene) -> Caller:
    caller = Caller(make)
    for step in scene.prepare:
        step(caller)
    return caller


def hours_pass(caller: Caller) -> None:
    """Long enough for whatever failed to be tried again, and for the look of a day."""
    for span in ({"minutes": 2}, {"hours": 2}, {"hours": 2}, {"hours": 25}, {"hours": 2}):
        caller.on(**span)
        caller.tend()


def repeated_at_once(caller: Caller, act: Do) -> None:
    act(caller, caller.world)
    hours_pass(caller)


def repeated_at_last(caller: Caller, act: Do) -> None:
    hours_pass(caller)
    act(caller, caller.world)
    hours_pass(caller)


def check(caller: Caller, stands: bool) -> None:
    """What stands there is what is wanted, and what is kept here; its calls prove themselves."""
    there, row = caller.there(), caller.row
    fsck(caller.world, exact=())
    assert [each.id for each in there] == ([row.id] if stands else [])
    assert caller.rig.standin.broken == []
    if not row.url:
        return  # nobody asked: it was refused
    assert (row.settled, row.failures) == ("on" if stands else "off", 0)
    if stands:
        assert row.state == "active" and there[0].url == row.called(caller.source.secret)
        assert there[0].expires_at is None or there[0].expires_at > caller.world.clock()
        check_proof(caller)


def check_proof(caller: Caller) -> None:
    """By the newest secret alone."""
    newest, *_ = credentials.valid(caller.world.ports, "sources", caller.source)
    caller.rig.edit(made(caller), **caller.rig.foreign)
    for called in caller.rig.standin.events():
        query = {name: values[-1] for name, values in called.query.items()}
        hook = Hook(called.method, called.path, query, called.headers, called.body)
        connector(caller).verify(hook, [newest])


def connector(caller: Caller) -> Connector:
    known = partner(caller.world.ports, caller.source)
    assert known
    return known.connector


def made(caller: Caller) -> str:
    """A user makes a contact there."""
    if caller.rig.kind == "mailchimp":
        return caller.rig.make("ewa@example.org", FNAME="Ewa")
    return caller.rig.make(**{"graph": {"surname": "Lis"}}.get(caller.rig.kind, {"name": "Lis"}))


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
@pytest.mark.parametrize("name", SCENES)
def test_a_single_fault_leaves_what_was_wanted(
    name: str, make: Any, record_property: Callable[[str, object], None]
) -> None:
    scene = SCENES[name]
    calls = struck(make, scene, {})[1].calls
    runs = 0
    for life in (repeated_at_once, repeated_at_last):
        for plan in [{}, *single_faults(struck(make, scene, {})[1])]:
            caller, _ = struck(make, scene, plan)
            runs += bool(plan)
            try:
                life(caller, scene.act)
                check(caller, scene.stands)
            except BaseException as error:
                faults = "; ".join(f"{f.value}, call {n}: {calls[n]}" for n, f in plan.items())
                error.add_note(f"{life.__name__}: {faults}")
                raise
    assert runs == 2 * len(Fault) * len(calls) > 0
    record_property("faults", runs)


def struck(make: Any, scene: Scene, plan: Plan) -> tuple[Caller, Tape]:
    caller, tape = began(make, scene), Tape(plan)
    attempted(partial(scene.act, caller), seen_by(caller.world, tape))
    return caller, tape


@dataclass(frozen=True)
class Meeting:
    """What is prepared, who meets; `stands` as in a scene, None where either may be the last."""

    prepare: tuple[Callable[[Caller], None], ...]
    acts: tuple[Do, Do]
    stands: bool | None = True


MEETINGS = {
    "two people ask": Meeting((), (asks, asks)),
    "a person asks, the schedule looks": Meeting((lost,), (asks, tends)),
    "the schedule twice, one gone": Meeting((asked, dropped, a_day_later), (tends, tends)),
    "the schedule twice, to be renewed": Meeting(
        (asked, a_day_later, another_day_later), (tends, tends)
    ),
    "one asks, one wants none": Meeting((), (asks, wants_none), stands=None),
    "one wants none, the schedule looks": Meeting(
        (asked, a_day_later), (wants_none, tends), stands=False
    ),
    "another url, the schedule looks": Meeting((asked_elsewhere, a_day_later), (asks, tends)),
    "another secret while the schedule looks": Meeting((asked, a_day_later), (rotates, tends)),
    "disabled while a person asks": Meeting((), (disables, asks), stands=False),
}
AT_GRAPH = {
    "told of its end while the schedule looks": Meeting(
        (asked, a_day_later), (hears_of_its_end, tends)
    ),
}
MET = [
    *((name, meeting, calling_pipedrive) for name, meeting in MEETINGS.items()),
    *((name, meeting, calling_graph) for name, meeting in AT_GRAPH.items()),
]


@pytest.mark.parametrize(("name", "meeting", "make"), MET, ids=[name for name, _, _ in MET])
def test_every_order_ends_in_what_was_wanted(
    name: str, meeting: Meeting, make: Any, record_property: Callable[..., None]
) -> None:
    callers: list[Caller] = []

    def make_world(conductor: Conductor) -> Met:
        caller = began(make, Scene(meeting.prepare, tends))
        callers[:] = [caller]
        seen = [seen_by(caller.world, conductor, f"handler {n}") for n in (0, 1)]
        return Met(caller.world, seen)

    def run(n: int, met: Met) -> None:
        met.run(n, partial(meeting.acts[n], callers[0]))

    def ended(met: Met) -> None:
        (caller,) = callers
        for n, act in enumerate(meeting.acts):
            if n not in met.answers:
                act(caller, caller.world)
        hours_pass(caller)
        wanted = caller.row.wanted if meeting.stands is None else meeting.stands
        check(caller, wanted)

    explored = explore(make_world, [partial(run, n) for n in (0, 1)], ended, 300)
    assert explored.runs > 1
    record_property("schedules", explored.runs)
    record_property("complete" if explored.complete else "incomplete", 1)
