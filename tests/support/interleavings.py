"""All interleavings of handlers, at the step of a port call.

The schedules are enumerated by stateless depth-first search. Those that differ only in the
order of commuting calls are run once, by sleep sets (Godefroid, "Partial-Order Methods for
the Verification of Concurrent Systems", 1996, section 5).

Handlers must depend on nothing but their ports' answers: ids, chance and time of their own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple, TypeVar

from .calls import Call, Conductor, commute
from .stage import Stage

World = TypeVar("World")
Handler = Callable[[World], object]


class Explored(NamedTuple):
    """How many schedules were run, and whether these stand for all."""

    runs: int
    complete: bool


def explore(
    make_world: Callable[[Conductor], World],
    handlers: Sequence[Handler[World]],
    check: Callable[[World], None],
    limit: int = 5000,
    preemptions: int = 2,
) -> Explored:
    """Run the handlers against each other in every order that matters, and check each end.

    `make_world` builds a new world whose ports are wrapped with the conductor it is given;
    calls outside the handlers (its own, and those of `check`) pass straight through. What a
    handler or `check` raises is raised with the schedule as a note. Where more than `limit`
    schedules would be needed, all with at most so many preemptions are run instead.
    """
    complete = _Search(bound=None)
    for _ in range(limit):
        _run(complete, make_world, handlers, check)
        if not complete.next():
            return Explored(complete.runs, complete=True)
    bounded = _Search(bound=preemptions)
    _run(bounded, make_world, handlers, check)
    while bounded.next():
        _run(bounded, make_world, handlers, check)
    return Explored(bounded.runs, complete=False)


@dataclass
class _Choice:
    """One point of a schedule: who could move, who did, and who need not be tried any more."""

    pending: dict[int, Call]
    asleep: set[int]
    last: int | None
    preempted: int
    chosen: int = -1

    def allowed(self, bound: int | None) -> list[int]:
        """Who may still be tried here, the one that moved last before the others."""
        awake = [n for n in self.pending if n not in self.asleep]
        if bound is not None:
            awake = [n for n in awake if self.preemptions(n) <= bound]
        return sorted(awake, key=lambda n: (n != self.last, n))

    def preemptions(self, n: int) -> int:
        """How many there are up to here where `n` moves now."""
        return self.preempted + (self.last in self.pending and n != self.last)


@dataclass
class _Search:
    """The schedule to run next, as the stack of a depth-first search."""

    bound: int | None
    stack: list[_Choice] = field(default_factory=list)
    runs: int = 0

    def choose(self, depth: int, pending: dict[int, Call]) -> int | None:
        """Who moves now; None where all that could follow has been run already."""
        if depth == len(self.stack):
            choice = self._opened(pending)
            allowed = choice.allowed(self.bound)
            if not allowed:
                return None
            choice.chosen = allowed[0]
            self.stack.append(choice)
        choice = self.stack[depth]
        if choice.pending != pending:
            raise RuntimeError("a handler depends on more than its ports' answers")
        return choice.chosen

    def next(self) -> bool:
        """Step back to the last point where another handler may move first."""
        while self.stack:
            choice = self.stack[-1]
            choice.asleep.add(choice.chosen)
            if allowed := choice.allowed(self.bound):
                choice.chosen = allowed[0]
                return True
            self.stack.pop()
        return False

    def _opened(self, pending: dict[int, Call]) -> _Choice:
        if not self.stack:
            return _Choice(pending, set(), None, 0)
        before = self.stack[-1]
        moved = before.pending[before.chosen]
        asleep = {n for n in before.asleep if commute(before.pending[n], moved)}
        if self.bound is not None:
            asleep = set()  # a schedule's twin may need more preemptions
        return _Choice(pending, asleep, before.chosen, before.preemptions(before.chosen))


def _run(
    search: _Search,
    make_world: Callable[[Conductor], World],
    handlers: Sequence[Handler[World]],
    check: Callable[[World], None],
) -> None:
    stage = Stage()
    world = make_world(stage)
    try:
        if stage.perform([partial(handler, world) for handler in handlers], search.choose):
            search.runs += 1
            check(world)
    except BaseException as error:
        error.add_note("schedule: " + "; ".join(stage.moves))
        raise
