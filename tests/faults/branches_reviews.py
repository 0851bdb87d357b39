"""The scenes of the stewards' desk: arranged, decided in bulk, followed when contacts change."""

from collections.abc import Sequence
from typing import Any

from chalicelib.flow import jobs
from chalicelib.flow.reviewing import assign, decide_many
from chalicelib.flow.reviewing.review import Verdict
from tests.faults.acting import ASKED, JAN, refused
from tests.support.scenes import (
    BY,
    Act,
    Scene,
    joins,
    judged,
    lose,
    patches,
    replies,
    rest,
    tells,
    undoes,
)
from tests.support.state import State, read
from tests.support.world import World

LATER = "2027-11-21T12:00:00.000000Z"
TRIO = (*ASKED, tells("crm", "5", **JAN), rest)
SETTLED = (*ASKED, joins("crm/1", "crm/2"))


def arranges(review_id: str, by_force: bool = False, **news: str | None) -> Act:
    return lambda world: assign.arrange(world.ports, review_id, news, by_force)


def asked(state: State) -> list[str]:
    """The open questions, in an order that does not depend on chance."""
    standing = [d.judgement for d in state.decisions.values() if d.open]
    return [j.id for j in sorted(standing, key=lambda j: sorted(j.a + j.b))]


def decides(reviews: Sequence[str], verdict: Verdict) -> Act:
    """A steward's word on many at once: what became of each, in their order."""

    def act(world: World) -> list[Any]:
        order = decide_many.Order(verdict, BY, tuple(reviews))
        return list(decide_many.decide(world.ports, order)[1]["outcomes"].values())

    return act


def ordered(verdict: Verdict) -> Act:
    """The same, of which only the job stands."""

    def act(world: World) -> None:
        reviews = asked(read(world.items.snapshot()))
        spec = {"verdict": verdict, "by": BY, "reviews": reviews}
        jobs.kick_jobs(world.ports, [jobs.open_job(world.ports, "decide", spec, "ordered")])

    return act


def first(state: State) -> str:
    return judged(state, "unsure")


def postponed(world: World) -> None:
    name = first(read(world.items.snapshot()))
    arranges(name, postponed_until="2026-11-22T12:00:00Z")(world)


def next_day(world: World) -> None:
    world.clock.tick(days=1)


def sweeps(world: World) -> None:
    world.sweep()


def taken(world: World) -> None:
    arranges(first(read(world.items.snapshot())), assignee="ewa")(world)


DESK = (
    Scene("assigned", ASKED, lambda s: arranges(first(s), assignee="ewa", note="x")),
    Scene(
        "assigned to somebody else",
        (*ASKED, taken),
        lambda s: refused(arranges(first(s), assignee="jan")),
    ),
    Scene("postponed", ASKED, lambda s: arranges(first(s), postponed_until=LATER)),
    Scene("its time has come", (*ASKED, postponed, next_day), lambda _: sweeps),
    Scene("many are the same", TRIO, lambda s: decides(asked(s), "same")),
    Scene("many are different", TRIO, lambda s: decides(asked(s), "different")),
    Scene("many of which one is decided", TRIO, lambda s: _after_one(asked(s))),
    Scene("a job of many that are the same", (*TRIO, ordered("same")), queue="jobs"),
    Scene("a job of many that are different", (*TRIO, ordered("different")), queue="jobs"),
    Scene("settled by a merge", SETTLED, queue="match"),
    Scene(
        "asked again after an undo",
        (*SETTLED, rest, lambda w: undoes(judged(read(w.items.snapshot()), "same"))(w)),
        queue="match",
    ),
    Scene(
        "of another that was judged different",
        (*TRIO, joins("crm/1", "crm/2"), rest, lambda w: _part_one(w)),
        queue="match",
    ),
    Scene("of one that is worth more", (*ASKED, patches("crm", "2", 6, roles=[])), queue="match"),
    Scene("no message came of it", (*SETTLED, lose), lambda _: sweeps),
)


def _after_one(reviews: Sequence[str]) -> Act:
    """One by one by one, then all at once."""

    def act(world: World) -> object:
        replies(reviews[0], "different")(world)
        return decides(reviews, "different")(world)

    return act


def _part_one(world: World) -> None:
    """Of two questions between the same two contacts one is answered: so is the other."""
    state = read(world.items.snapshot())
    (one, *_) = [q for q in asked(state) if _is_open(state, q)]
    replies(one, "different")(world)


def _is_open(state: State, name: str) -> bool:
    return any(name in [q.id for q in head.reviews] for head in state.heads.values())
