"""Pausing loses, doubles and reorders nothing: a life with pauses ends as one without.

Both lives have the same calls at the same times, and clocks of both kinds; in one of them
sources, targets or all of them are paused and go on, and what was kept is applied in between.
The matcher comes last, since what it joins depends on who is there when it comes.
"""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.connectors.ports import Answer
from chalicelib.domain.sources import Source, Target
from chalicelib.flow.pausing import lifecycle, rest
from tests.support.checks import settled
from tests.support.rest import holdings
from tests.support.state import State, read
from tests.support.witness import watched
from tests.support.world import World, record

SOURCES = ("crm", "shop", "clocked")
TARGETS = ("all", "clients")
NAMES = ("Wrona", "Sroka", "Kawka")

Step = tuple[str, ...]
systems = st.sampled_from([*SOURCES, *TARGETS, "everything"])
calls = st.tuples(
    st.just("call"),
    st.sampled_from(SOURCES),
    st.sampled_from(["contact.upserted", "contact.patched", "contact.deleted"]),
    st.sampled_from(NAMES),
    st.sampled_from("0123"),
    st.sampled_from(["customer", "supplier"]),
)
steps = st.one_of(
    calls,
    calls,
    calls,
    st.tuples(st.just("pause"), systems),
    st.tuples(st.just("resume"), systems),
    st.tuples(st.just("work")),
)


def a_world() -> World:
    world = watched()
    world.source("crm")
    world.source("shop", trust=70)
    world.source("clocked", clock="receipt")
    world.target("all", filter="", fields=["full_name", "emails", "roles"])
    world.target("clients", filter="role:customer", fields=["full_name"])
    return world


@dataclass
class Life:
    """One life; `answers` are what its calls were told."""

    world: World = field(default_factory=a_world)
    answers: list[str] = field(default_factory=list)

    def step(self, number: int, step: Step) -> None:
        """Do one thing; the clock goes on."""
        self.world.clock.tick(seconds=1)
        match step:
            case "call", source, event, name, at, role:
                given = record(name, int(at), **({} if "deleted" in event else told(name, role)))
                results = self.world.call(source, [given], event, f"m{number}")
                self.answers += [result["outcome"] for result in results]
            case "pause", "everything":
                lifecycle.pause_all(self.world.ports, "key:1")
            case "resume", "everything":
                lifecycle.resume_all(self.world.ports)
            case "pause", name:
                lifecycle.pause(self.world.ports, kind(name), name)
            case "resume", name:
                lifecycle.resume(self.world.ports, kind(name), name)
            case "work", *_:
                self.world.drain("jobs")

    def end(self) -> State:
        """Everybody goes on, and all is done."""
        for name in (*SOURCES, *TARGETS):
            lifecycle.resume(self.world.ports, kind(name), name)
        lifecycle.resume_all(self.world.ports)
        for _ in range(2):
            self.world.work()
        settled(self.world)
        return read(self.world.items.snapshot())


def kind(name: str) -> Any:
    return Source if name in SOURCES else Target


def told(name: str, role: str) -> dict[str, Any]:
    return {"family_name": name, "emails": [f"{name.lower()}@las.pl"], "roles": [role]}


def evidence(state: State) -> dict[str, Any]:
    """What was said, and what became of each call."""
    return {
        "records": {r.id: r.model_copy(update={"salt": ""}) for r in state.records.values()},
        "said": {
            r: sorted((s.stamp, s.event, s.batch, s.also) for s in told)
            for r, told in state.statements.items()
        },
        "effects": {b: [e.outcome for e in es.values()] for b, es in state.effects.items()},
        "came": {b.id: (b.at, b.received_at) for b in state.batches.values() if b.kind == "call"},
    }


def golden(state: State) -> dict[str, Any]:
    """Who there is, and what is known of them."""
    latest = {c.head.id: state.latest(c.head.id) for c in state.contacts}
    return {c: (v.status, v.members, v.values, v.winners) for c, v in latest.items()}


@given(st.lists(steps, min_size=3, max_size=15))
def test_a_life_with_pauses_ends_as_one_without(history: list[Step]) -> None:
    paused, plain = Life(), Life()
    for number, step in enumerate(history):
        paused.step(number, step)
        plain.step(number, step if step[0] == "call" else ("rest",))
    one, other = paused.end(), plain.end()
    assert evidence(one) == evidence(other)
    assert golden(one) == golden(other)
    for name in TARGETS:
        assert stripped(paused.world, name) == stripped(plain.world, name)


def stripped(world: World, target: str) -> dict[str, Any]:
    """What a target has; the versions count what a contact went through on the way."""
    held = deepcopy(holdings(world, target))
    return {c: {n: v for n, v in d.items() if n != "version"} for c, d in held.items()}


@settings(max_examples=40)
@given(st.lists(calls, min_size=1, max_size=12), st.sampled_from(["all", "everything"]))
def test_after_a_pause_a_target_hears_of_each_contact_at_most_once(
    told: list[Step], who: str
) -> None:
    life = Life()
    for number, name in enumerate(NAMES):
        life.step(number, ("call", "crm", "contact.upserted", name, "0", "customer"))
    life.world.work()
    life.step(10, ("pause", who))
    before = len(life.world.sender.told)
    for number, step in enumerate(told):
        life.step(20 + number, ("call", "crm", *step[2:]))
        life.world.work()
    resting = [t for t in life.world.sender.told[before:] if t.target == "all"]
    assert not resting
    life.step(90, ("resume", who))
    life.world.work()
    heard = [t.contact for t in life.world.sender.told[before:] if t.target == "all"]
    assert len(heard) == len(set(heard))
    life.end()


@settings(max_examples=40)
@given(st.lists(calls, min_size=1, max_size=6))
def test_a_call_is_answered_the_same_before_and_after_it_is_applied(told: list[Step]) -> None:
    life = Life()
    life.step(0, ("pause", "everything"))
    for _ in range(2):
        for number, step in enumerate(told):
            life.step(number, step)
    assert sum(rest.shown(life.world.ports)["kept"].values()) == len(told)
    life.end()
    before = life.world.items.snapshot()
    for number, step in enumerate(told):
        life.step(number, step)
    assert set(life.answers) == {"kept"}
    assert life.world.items.snapshot() == before


@pytest.mark.parametrize("days", [1, 45])
def test_time_spent_paused_is_no_patience_lost(days: int) -> None:
    """A push that failed before the pause has its thirty days after it."""
    life = Life()
    life.step(0, ("call", "crm", "contact.upserted", "Wrona", "0", "customer"))
    life.world.sender.answers.extend([Answer(500, None, "http_500")] * 2)
    life.world.work(sweeps=False)
    life.step(1, ("pause", "everything"))
    life.world.clock.tick(days=days)
    life.step(2, ("resume", "everything"))
    life.world.sender.answers.extend([Answer(500, None, "http_500")] * 2)
    life.world.work()
    state = read(life.world.items.snapshot())
    assert {d.state for d in state.deliveries.values()} == {"failed"}
    life.world.clock.tick(days=1)
    life.end()
