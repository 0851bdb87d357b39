"""What must hold once nothing is left to do: the targets have it all."""

import json
from collections.abc import Collection, Iterator
from functools import cache
from typing import Any

from chalicelib.domain.filters import Filter, compile_filter
from chalicelib.domain.graph import Head
from chalicelib.domain.routing import projection
from chalicelib.domain.sources import Target
from chalicelib.domain.survivorship import DEFAULTS
from chalicelib.domain.versions import Version
from chalicelib.domain.views import contact_view
from chalicelib.flow.reviewing.rank import worth_of
from docs.receiver import Book

from .conflicting import agreeing
from .listed import lists_shown, may
from .related import relation_faults
from .resting import left_faults
from .state import State
from .witness import Receivers, Told, Witness
from .world import START, World

Faults = Iterator[str]


def rest_faults(world: World, state: State, exact: Collection[str] | None) -> list[str]:
    """What is wrong in a state at rest; see `checks.fsck`."""
    faults = [*_nothing_left(state), *_desk(state), *_rules(state), *relation_faults(state)]
    faults += [*left_faults(state), *agreeing(state)]
    if isinstance(world.sender, Receivers) and isinstance(world.items, Witness):
        faults += [f for told in world.sender.told for f in _unlawful(state, world.items, told)]
        wanted = state.targets if exact is None else exact
        faults += [f for name in wanted for f in _target(world, state, state.targets[name])]
    return faults


def _nothing_left(state: State) -> Faults:
    for delivery in state.deliveries.values():
        ended = state.rests(delivery.target) or not (delivery.lease or delivery.again)
        if not ended:
            yield f"delivery {delivery.target}, {delivery.contact}: nobody ended it"


def _rules(state: State) -> Faults:
    """Everybody but the retired stands by the rules in force, once they were brought to all."""
    force = state.rules_in_force
    brought = not force.job or any(
        j.id == force.job and j.state == "done" for j in state.jobs.values()
    )
    if not brought:
        return
    for head in state.heads.values():
        by = head.rules.removeprefix(DEFAULTS.version)
        if head.status == "active" and by != force.version:
            yield f"contact {head.id}: by rules {by}, not {force.version}"


def _desk(state: State) -> Faults:
    """What waits in the queue is what the heads ask, ranked by what their contacts are now."""
    asking = {q.id for head in state.heads.values() for q in head.reviews}
    homes = {r: h.id for h in state.heads.values() for r in h.members}
    for name, decision in state.decisions.items():
        question, desk = decision.judgement, decision.desk
        if question.verdict != "unsure" or decision.retracted_at:
            continue
        if desk.settled != (name not in asking):
            yield f"review {name}: {'left' if desk.settled else 'lies on'} the desk wrongly"
        worth = [worth_of(state.latest(homes[r])) for r in question.a + question.b]
        if desk.worth != tuple(worth):
            yield f"review {name}: ranked by {desk.worth}, not by {worth}"


def _unlawful(state: State, witness: Witness, told: Told) -> Faults:
    """Nobody outside the filter is told of, and nothing but what the target may see."""
    upto = state.versions[told.contact][: told.data["version"]]
    settings = witness.targets[told.target]
    ever = [t for t in settings for v in upto if _matches(t, v)]
    if not ever:
        yield f"{told.name}: never matched the filter"
    if told.type == "contact.upserted":
        seen = [_data(state.heads[told.contact], t, upto[-1]) for t in settings]
        if not any(_matches(t, upto[-1]) for t in settings):
            yield f"{told.name}: outside the filter"
        if not any(shown.items() <= told.data.items() for shown in seen):
            yield f"{told.name}: not this version's content"


@cache
def _filter(text: str) -> Filter:
    """A day on which no scene depends: nothing here is asked for by its age."""
    return compile_filter(text, START.date())


def _matches(target: Target, version: Version) -> bool:
    return version.status == "active" and _filter(target.filter).matches(contact_view(version))


def _data(head: Head, target: Target, version: Version) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json.dumps(projection(target, version)))
    return data | {"id": head.id}


def _target(world: World, state: State, target: Target) -> Faults:
    """Law 7: what a receiver keeps is the latest of each contact that matches, and no other."""
    if not (target.enabled and target.started) or state.rests(target.id):
        return
    kept = holdings(world, target.id)
    for head in state.heads.values():
        version = state.latest(head.id)
        due = head.status == "active" and _matches(target, version) and may(state, target, head)
        held = target.held == "keep" and bool(head.reviews) and head.id not in kept
        if due and not held:
            previous = {"previous_ids": [m for m in head.members if m != head.id]}
            previous |= lists_shown(state, target, head)
            known = {n: v for n, v in kept.get(head.id, {}).items() if n != "version"}
            if known != _data(head, target, version) | previous:
                yield f"target {target.id}: has {known or 'nothing'} for {head.id}"
    yield from outsiders(world, state, target)


def outsiders(world: World, state: State, target: Target) -> Faults:
    """What a receiver still keeps though it should not: also after its filter has changed."""
    for gone in holdings(world, target.id):
        if not (_matches(target, state.latest(gone)) and may(state, target, state.heads[gone])):
            yield f"target {target.id}: still has {gone}"


def holdings(world: World, target: str) -> dict[str, dict[str, Any]]:
    """What a receiver that follows the rule of `docs/receiver.py` keeps of all it accepted."""
    book = Book()
    for told in world.sender.told:
        if told.target == target and told.accepted:
            book.apply(told.name, {"type": told.type, "data": told.data})
    return book.contacts
