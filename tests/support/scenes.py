"""A scene: a prepared world and one action, by a sender, a person, a queue or a schedule.

The actions of people and sources (`act`) are repeated when no answer came; the messages of
a `queue` are what waits in it once the world is prepared, and come again until it is done.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.connectors.ports import Answer
from chalicelib.domain.ids import record_id
from chalicelib.domain.judgements import Mode
from chalicelib.flow import work_jobs
from chalicelib.flow.matching import match
from chalicelib.flow.merging import merge, unmerge
from chalicelib.flow.reviewing import review
from chalicelib.flow.telling import deliver, fan_out

from .state import State, read
from .world import FixedKeys, World, record, unlimited

Act = Callable[[World], Any]
Plan = Callable[[State], Act]
Prepare = Callable[[World], object]
BY = "admin:1"
HANDLERS: dict[str, Callable[[World, dict[str, Any]], object]] = {
    "match": lambda world, m: match.match(world.ports, *m["change"]),
    "fan-out": lambda world, m: fan_out.fan_out(world.ports, *m["change"]),
    "deliver": lambda world, m: deliver.deliver(world.ports, m["target"], m["contact"], unlimited),
    "jobs": lambda world, m: work_jobs.work_job(world.ports, m["job"], unlimited),
}


@dataclass(frozen=True)
class Scene:
    """`exact` names the targets that must hold all that matches in the end; None: all.

    `loose` says that what is tried again leaves versions of its own.
    """

    name: str
    prepare: Sequence[Prepare]
    act: Plan | None = None
    queue: str = ""
    exact: tuple[str, ...] | None = None
    loose: bool = False

    def stage(self, world: World) -> World:
        """Bring a new world to where the action begins."""
        for step in (registered, *self.prepare):
            step(world)
        return world

    def action(self, world: World) -> Act:
        """What is done in this very world, and done again."""
        if self.act:
            return self.act(read(world.items.snapshot()))
        return hands(self.queue, list(world.queues.waiting[self.queue]))


def hands(queue: str, messages: Sequence[str]) -> Act:
    """The worker of a queue is handed these messages."""

    def act(world: World) -> None:
        for message in messages:
            HANDLERS[queue](world, json.loads(message))

    return act


def work(queue: str) -> Prepare:
    """Hand all that waits in one queue to its worker."""
    return lambda world: hands(queue, world.queues.take(queue))(world)


def rest(world: World) -> None:
    world.work()


def lose(world: World) -> None:
    """Lose all messages on their way."""
    world.queues.waiting.clear()


def registered(world: World) -> None:
    """Three sources, one for each policy, and two targets."""
    world.source("crm", tags=["crm"])
    world.source("shop", duplicate_policy="overwrite", trust=70)
    world.source("erp", duplicate_policy="skip")
    world.source("careful", automatic_merge=False)
    world.target("clients", filter="role:customer", fields=["full_name", "emails", "roles"])
    world.target("all", filter="*", fields=["full_name", "phones", "tags"], held="keep")


def tells(source: str, name: str, at: int = 0, **fields: Any) -> Act:
    """A source tells the whole of a record; the call's id is always the same."""
    return calls(source, [record(name, at, **fields)])


def patches(source: str, name: str, at: int = 0, **fields: Any) -> Act:
    return calls(source, [record(name, at, **fields)], "contact.patched")


def deletes(source: str, name: str, at: int = 0) -> Act:
    return calls(source, [record(name, at)], "contact.deleted")


def calls(source: str, records: Sequence[Any], event: str = "contact.upserted") -> Act:
    """A webhook call of these records."""
    return lambda world: world.call(source, list(records), event)


def answers(*statuses: int | None) -> Prepare:
    """What the targets answer to the next pushes."""
    given = [Answer(status, None, f"http_{status}") for status in statuses]
    return lambda world: world.sender.answers.extend(given)


def born(source: str, name: str) -> str:
    """The id of a record, which is the one that it was born with as a contact."""
    return record_id(FixedKeys.ids, source, name)


def judged(state: State, verdict: str, by: str = "") -> str:
    """The id of the judgement in force with this verdict; the latest of several."""
    found = [
        d.judgement
        for d in state.decisions.values()
        if d.judgement.verdict == verdict and not d.retracted_at and by in d.judgement.by
    ]
    return max(found, key=lambda j: j.at).id


def joins(*records: str, mode: Mode = "merge", retract: Sequence[str] = ()) -> Act:
    """A person merges contacts, each named by a record as `source/name`."""
    ids = tuple(born(*name.split("/")) for name in records)
    order = merge.Order(ids, mode, ids[0] if mode != "merge" else "", BY, tuple(retract))
    return lambda world: merge.merge(world.ports, order)


def undoes(merge_id: str) -> Act:
    return lambda world: unmerge.undo(world.ports, merge_id, BY)


def replies(review_id: str, verdict: review.Verdict) -> Act:
    return lambda world: review.answer(world.ports, review_id, review.Answer(verdict, BY))
