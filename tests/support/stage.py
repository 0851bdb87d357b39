"""Handlers in threads of their own, of which only one moves at a time: to its next port call.

Calls from outside the handlers (a world being made or checked) pass straight through.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from .calls import Call, Do

Choose = Callable[[int, dict[int, Call]], int | None]
_self = threading.local()


class _Abandoned(BaseException):
    """Ends a handler whose schedule need not be run to its end."""


class _Actor:
    """A handler in a thread that stands still before each port call."""

    def __init__(self, act: Callable[[], object]) -> None:
        self.pending: Call | None = None
        self.error: BaseException | None = None
        self.abandoned = False
        self._go, self._stands = threading.Semaphore(0), threading.Semaphore(0)
        self._thread = threading.Thread(target=self._live, args=(act,), daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._stands.acquire()

    def move(self) -> None:
        """Do the pending call, and all that follows up to the next one."""
        self._go.release()
        self._stands.acquire()

    def wait(self, call: Call) -> None:
        """In the actor's own thread: stand still until it is moved."""
        self.pending = call
        self._stands.release()
        self._go.acquire()
        self.pending = None
        if self.abandoned:
            raise _Abandoned

    def _live(self, act: Callable[[], object]) -> None:
        _self.actor = self
        try:
            act()
        except _Abandoned:
            pass
        except BaseException as error:  # handed to the explorer's thread, which raises it
            self.error = error
        finally:
            self.pending = None
            self._stands.release()


class Stage:
    """A conductor; `moves` is what was done, call by call."""

    def __init__(self) -> None:
        self.moves: list[str] = []

    def play(self, call: Call, do: Do) -> Any:
        actor: _Actor | None = getattr(_self, "actor", None)
        if actor is not None:
            actor.wait(call)
        return do()

    def perform(self, acts: Sequence[Callable[[], object]], choose: Choose) -> bool:
        """Run the handlers as `choose` says; False where it says no more before all have ended.

        It is told how many moves were made and each waiting handler's next call, and answers
        whose is done. What a handler raises is raised here.
        """
        actors = [_Actor(act) for act in acts]
        try:
            for actor in actors:
                actor.start()
                _raise(actor)
            return self._perform(actors, choose)
        finally:
            for actor in actors:
                actor.abandoned = True
                while actor.pending is not None:
                    actor.move()

    def _perform(self, actors: Sequence[_Actor], choose: Choose) -> bool:
        depth = 0
        while pending := {n: a.pending for n, a in enumerate(actors) if a.pending is not None}:
            chosen = choose(depth, pending)
            if chosen is None:
                return False
            self.moves.append(f"{chosen}: {pending[chosen]}")
            actors[chosen].move()
            _raise(actors[chosen])
            depth += 1
        return True


def _raise(actor: _Actor) -> None:
    if actor.error is not None:
        raise actor.error
