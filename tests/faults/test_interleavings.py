"""Handlers against each other, in every order of their calls that matters.

After each schedule the world comes to rest, and every law must hold.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from chalicelib.domain.errors import BusyError, ConflictError
from chalicelib.store import keys
from tests.conftest import NIGHTLY
from tests.faults.branches import (
    APART,
    ASKED,
    CLIENT,
    DIFFERENT,
    EWA,
    JAN,
    MAIL,
    MERGED,
    PHONE,
    asks_backfill,
    ewa,
    filtered,
    jan,
    janek,
    later,
    marked,
    ordered,
    sweeps_fan_out,
)
from tests.faults.recovering import promptly, seen_by
from tests.support.calls import Conductor
from tests.support.checks import settled
from tests.support.interleavings import explore
from tests.support.scenes import (
    Act,
    Prepare,
    answers,
    born,
    deletes,
    hands,
    joins,
    judged,
    lose,
    patches,
    registered,
    replies,
    rest,
    tells,
    undoes,
    work,
)
from tests.support.state import State, read
from tests.support.witness import forked, watched
from tests.support.world import Clock, World

LIMIT = 20_000 if NIGHTLY else 2_000


@dataclass(frozen=True)
class Meeting:
    """What is prepared, who meets, and what else must hold in the end.

    `late` gives the second handler a clock that is two minutes ahead: leases have run out.
    `large` says that there are too many schedules for all of them to be run each time.
    """

    prepare: Sequence[Prepare]
    acts: Callable[[World], Sequence[Act]]
    also: Callable[["Met"], object] = lambda _: None
    late: bool = False
    large: bool = False
    preemptions: int = 2


@dataclass
class Met:
    """A world in which handlers meet; each sees it through ports and by a chance of its own."""

    world: World
    seen: Sequence[World]
    answers: dict[int, Any] = field(default_factory=dict)

    def run(self, n: int, act: Act) -> None:
        try:
            self.answers[n] = act(self.seen[n])
        except ConflictError as refused:
            self.answers[n] = refused.kind
        except BusyError:
            pass  # it is tried again when the others are done

    @property
    def state(self) -> State:
        return read(self.world.items.snapshot())


def queued(queue: str) -> Callable[[World], list[Act]]:
    """Each message that waits in a queue gets a worker of its own."""
    return lambda world: [hands(queue, [m]) for m in world.queues.waiting[queue]]


def twice(queue: str) -> Callable[[World], list[Act]]:
    """All that waits in a queue is handed to two workers."""
    return lambda world: [hands(queue, list(world.queues.waiting[queue]))] * 2


def both(*acts: Act) -> Callable[[World], Sequence[Act]]:
    return lambda _: acts


def against(queue: str, act: Act) -> Callable[[World], Sequence[Act]]:
    """A worker with what waits in a queue, and somebody else."""
    return lambda world: [hands(queue, list(world.queues.waiting[queue])), act]


def one_after_the_other(*acts: Act) -> Act:
    def act(world: World) -> None:
        for each in acts:
            each(world)

    return act


def works_off(lane: str, contact: str) -> Act:
    """A worker that finds a contact's changes by itself: kicks would depend on the order."""

    def act(world: World) -> None:
        rows = world.ports.items.query("changes", keys.lane_shard(lane, contact)).items
        hands(lane, [json.dumps({"change": [row["pk"], row["sk"]]}) for row in rows])(world)

    return act


def on(verdict: str, *acts: Callable[[str], Act]) -> Callable[[World], Sequence[Act]]:
    """Acts on the judgement in force."""
    return lambda world: [act(judged(read(world.items.snapshot()), verdict)) for act in acts]


def together(met: Met) -> None:
    """The two records are one contact, or a person is asked about them."""
    state = met.state
    assert len(state.contacts) == 1 or any(c.head.reviews for c in state.contacts)


def answered_alike(met: Met) -> None:
    assert met.answers[0] == met.answers[1]


def apart_if_told_so(met: Met) -> None:
    """Law 2: where a person's `different` was taken, nothing joins the two any more."""
    told = isinstance(met.answers[0], dict) and met.answers[0]["verdict"] == "different"
    assert not told or len(met.state.contacts) == 2


def nothing_lost(met: Met) -> None:
    """Both were heard: what one wrote is not undone by the other."""
    told = [s for statements in met.state.statements.values() for s in statements]
    assert len({s.batch for s in told}) == len(met.state.calls)


JAN_ID, JANEK_ID, EWA_ID = born("crm", "1"), born("shop", "2"), born("crm", "3")
sends = [
    hands("deliver", [json.dumps({"target": t, "contact": JAN_ID})]) for t in ("all", "clients")
]
updated = tells("crm", "1", 5, **EWA, **PHONE, **CLIENT)
patched = patches("crm", "1", 6, notes=["x"], roles=["supplier"])
left = patches("crm", "1", 6, roles=["supplier"])
back = patches("crm", "1", 9, roles=["customer"])
mailed = patches("crm", "2", 6, **MAIL)
works = one_after_the_other(works_off("match", JAN_ID), works_off("fan-out", JAN_ID))

MEETINGS = {
    "two updates of one record": Meeting((jan, rest), both(updated, patched), nothing_lost),
    "updates of two records of one contact": Meeting(
        MERGED, both(updated, tells("shop", "2", 7, **EWA)), nothing_lost
    ),
    "an update and a deletion": Meeting((jan, rest), both(updated, deletes("crm", "1", 6))),
    "a creation and a late patch": Meeting((), both(jan, patches("crm", "1", -5, **PHONE))),
    "update and merge": Meeting((*APART,), both(updated, joins("crm/3", "crm/1"))),
    "update and undo": Meeting(
        MERGED, lambda w: [tells("shop", "2", 7, **EWA), *on("same", undoes)(w)]
    ),
    "update and match": Meeting((jan, rest, janek), against("match", patched), together),
    "one match twice": Meeting((jan, rest, janek), twice("match"), together),
    "two new duplicates": Meeting((jan, janek), queued("match"), together),
    "two new ones that look alike": Meeting(
        (tells("crm", "1", **JAN), tells("crm", "2", **JAN)), queued("match"), together
    ),
    "two new duplicates, from their calls on": Meeting(
        (),
        both(
            one_after_the_other(jan, works_off("match", JAN_ID)),
            one_after_the_other(janek, works_off("match", JANEK_ID)),
        ),
        together,
    ),
    "merge and different": Meeting(
        ASKED,
        on("unsure", lambda q: replies(q, "different"), lambda _: joins("crm/1", "crm/2")),
        apart_if_told_so,
    ),
    "the machine's merge and different": Meeting(
        (*ASKED, tells("crm", "2", 5, **JAN, **MAIL), patches("crm", "1", 6, **MAIL)),
        lambda w: [
            *on("unsure", lambda q: replies(q, "different"))(w),
            hands("match", list(w.queues.waiting["match"])),
        ],
        apart_if_told_so,
    ),
    "same and different": Meeting(
        ASKED, on("unsure", lambda q: replies(q, "different"), lambda q: replies(q, "same"))
    ),
    "one answer twice": Meeting(
        ASKED, on("unsure", lambda q: replies(q, "different"), lambda q: replies(q, "different"))
    ),
    "one merge twice": Meeting(APART, both(*[joins("crm/1", "crm/3")] * 2), answered_alike),
    "two merges that share a contact": Meeting(
        APART, both(joins("crm/1", "crm/3"), joins("crm/3", "shop/4"))
    ),
    "merge and undo": Meeting(
        (*MERGED, ewa, rest), on("same", undoes, lambda _: joins("shop/2", "crm/3"))
    ),
    "one undo twice": Meeting(MERGED, on("same", undoes, undoes), answered_alike),
    "undos of two merges of one contact": Meeting(
        (*APART, joins("crm/1", "crm/3"), joins("crm/3", "shop/4"), rest),
        lambda w: [undoes(j) for j in sorted(read(w.items.snapshot()).decisions)],
    ),
    "undo and match": Meeting(
        (*MERGED, updated),
        lambda w: [*on("same", undoes)(w), hands("match", list(w.queues.waiting["match"]))],
    ),
    "a merge that takes back a different, and an update": Meeting(
        DIFFERENT,
        lambda w: [
            *on("different", lambda d: joins("crm/1", "shop/2", retract=[d]))(w),
            tells("shop", "2", 7, **EWA),
        ],
    ),
    "change and first push": Meeting((jan, *marked), against("deliver", left)),
    "fan-out and first push": Meeting(
        (jan, *marked, left),
        lambda w: [
            hands("deliver", list(w.queues.waiting["deliver"])),
            hands("fan-out", list(w.queues.waiting["fan-out"])),
        ],
    ),
    "a change, all the way, and first push": Meeting(
        (jan, *marked), against("deliver", one_after_the_other(left, works))
    ),
    "merge and first push": Meeting(
        (*APART, updated, *marked), against("deliver", joins("crm/3", "crm/1"))
    ),
    "fan-out and a changed filter": Meeting(
        (jan, rest, left), against("fan-out", filtered("clients", "role:supplier"))
    ),
    "first fan-out and a changed filter": Meeting(
        (jan, work("match")), against("fan-out", filtered("clients", "role:supplier"))
    ),
    "push and a changed filter": Meeting(
        (jan, *marked), against("deliver", filtered("clients", "role:supplier"))
    ),
    "two senders": Meeting((jan, *marked), twice("deliver")),
    "two senders, the lease of one run out": Meeting((jan, *marked), twice("deliver"), late=True),
    "a slow sender, and a change that another sends": Meeting(
        (jan, *marked),
        against("deliver", one_after_the_other(left, works, *sends)),
        late=True,
    ),
    "two fan-outs": Meeting((jan, work("match")), twice("fan-out")),
    "two sweeps": Meeting((jan, work("match"), lose, later), both(sweeps_fan_out, sweeps_fan_out)),
    "a sweep and a fan-out": Meeting(
        (jan, work("match"), later), against("fan-out", sweeps_fan_out)
    ),
    "a target that wants no more, and a change": Meeting(
        (jan, *marked, answers(*[410] * 9)),
        against("deliver", one_after_the_other(left, works)),
        preemptions=1,
    ),
    "two fan-outs of two changes": Meeting((jan, rest, left, back), queued("fan-out")),
    "one call twice": Meeting((), both(jan, jan), answered_alike),
    "one call of an update twice": Meeting((jan, rest), both(updated, updated), answered_alike),
    "two indexers": Meeting((jan, rest, updated), twice("match")),
    "an indexer, and a value that comes and goes": Meeting(
        (jan, rest, left), against("match", one_after_the_other(back, works_off("match", JAN_ID)))
    ),
    "match keys, and a value that comes and goes": Meeting(
        (jan, rest, patches("crm", "1", 6, **PHONE)),
        against(
            "match",
            one_after_the_other(patches("crm", "1", 9, phones=[]), works_off("match", JAN_ID)),
        ),
    ),
    "backfill and a creation": Meeting(
        (jan, rest, filtered("clients", "*"), asks_backfill),
        against(
            "jobs",
            one_after_the_other(ewa, works_off("match", EWA_ID), works_off("fan-out", EWA_ID)),
        ),
        preemptions=1,
    ),
    "a merge of three by two workers": Meeting((*APART, ordered), twice("jobs")),
}
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
    print(name, explored, len(known), flush=True)
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
        asks_backfill(met.world)
        promptly(met.world)
    settled(met.world)
