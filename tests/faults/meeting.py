"""How handlers meet: what each of them does, in a world that all of them see."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.errors import BusyError, ConflictError
from chalicelib.flow.reading.search import Wanted, search
from chalicelib.store import keys
from tests.support.scenes import Act, Prepare, hands, judged
from tests.support.state import State, read
from tests.support.world import World


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


def searches(q: str, as_of: str, limit: int = 1) -> Act:
    """Somebody searches as of a time, page by page: the ids of whom they find."""

    def act(world: World) -> list[str]:
        found, cursor = list[str](), None
        while True:
            page = search(world.ports, Wanted(q, as_of, limit, "somebody"), cursor)
            found, cursor = [*found, *(contact["id"] for contact in page["items"])], page["next"]
            if not cursor:
                return found

    return act


def found_once(contact: str) -> Callable[["Met"], None]:
    """The second handler's search finds this contact, and only once."""

    def check(met: Met) -> None:
        assert met.answers[1] == [contact]

    return check


def nothing_lost(met: Met) -> None:
    """Both were heard: what one wrote is not undone by the other."""
    told = [s for statements in met.state.statements.values() for s in statements]
    assert len({s.batch for s in told}) == len(met.state.batches)
