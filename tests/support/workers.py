"""Workers of the deliver queue on a virtual clock: many pushes under way, and no waiting.

Each worker is a thread, but one runs at a time: it gives its turn away while it waits for a
target. So what holds up whom is what it would be, and a day is over in a minute.
"""

import heapq
import json
import threading
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from chalicelib.connectors.ports import Answer, Request
from chalicelib.domain.urls import check_target_url
from chalicelib.flow import sweep
from chalicelib.flow.telling import deliver

from .world import World, unlimited

Behave = Callable[[str, dict[str, Any]], tuple[float, Answer]]
Arrive = Callable[[int], Sequence[float]]


def punctual(delay: int) -> Sequence[float]:
    """A kick comes once, when it shall."""
    return (delay,)


class Workers:
    """The queue `deliver` with its delays, so many workers, and the sweep each minute.

    `behave` is told a target's id and a message's data, and says how long the target takes and
    what it answers; `arrive`, after how many seconds a kick with a delay comes: not at all, or
    several times. `handled` counts the messages, `pushes` what was sent: when it came
    there, to whom, of whom, its version, and whether it was taken.
    """

    def __init__(
        self, behave: Behave, workers: int, overhead: float = 0.02, arrive: Arrive = punctual
    ) -> None:
        self.world = World(sender=self, queues=self)
        self.behave, self.overhead, self.arrive = behave, overhead, arrive
        self.waiting: deque[str] = deque()
        self.pushes: list[tuple[datetime, str, str, int, bool]] = []
        self.handled = self.kicked = 0
        self._events: list[tuple[datetime, int, Callable[[], None]]] = []
        self._number = count()
        self.idle = [Worker(self) for _ in range(workers)]
        self.all = list(self.idle)

    def at(self, moment: datetime, do: Callable[[], None]) -> None:
        """Do something at a time."""
        heapq.heappush(self._events, (moment, next(self._number), do))

    def run(self, until: datetime) -> None:
        """Let time pass."""
        clock = self.world.clock
        while True:
            while self.waiting and (self.idle or not self.all):
                message = self.waiting.popleft()
                self.idle.pop().take(message) if self.idle else self.work(message)
            if not self._events or self._events[0][0] > until:
                clock.moment = until
                return
            moment, _, do = heapq.heappop(self._events)
            clock.moment = max(clock.moment, moment)
            do()

    def sweep_each_minute(self, until: datetime) -> None:
        """From a minute from now."""
        moment = self.world.clock() + timedelta(minutes=1)
        if moment <= until:
            self.at(moment, lambda: self._sweep(until))

    def _sweep(self, until: datetime) -> None:
        sweep.undelivered(self.world.ports)
        self.sweep_each_minute(until)

    def work(self, message: str) -> None:
        """What a worker does."""
        self.handled += 1
        named = json.loads(message)
        deliver.deliver(self.world.ports, named["target"], named["contact"], unlimited)
        self.sleep(self.overhead)

    def sleep(self, seconds: float) -> None:
        """A worker waits; without any, everything is done at once."""
        worker = threading.current_thread()
        if not isinstance(worker, Worker):
            return
        self.at(self.world.clock() + timedelta(seconds=seconds), worker.go)
        worker.rest()

    def send(self, *given: Any) -> Any:
        """Both ports in one: `Queues.send` and `Sender.send`."""
        return self._call(*given) if isinstance(given[0], Request) else self._kick(*given)

    def _call(self, request: Request) -> Answer:
        data = json.loads(request.body)["data"]
        target = request.url.rpartition("/")[2]
        arrived = self.world.clock()
        took, answer = self.behave(target, data)
        taken = answer.status is not None and answer.status < 300
        self.pushes.append((arrived, target, data["id"], data["version"], taken))
        self.sleep(took)
        return answer

    def _kick(self, queue: str, messages: Sequence[str], delay: int = 0) -> None:
        assert queue == "deliver"
        self.kicked += len(messages)
        for message in messages:
            for seconds in self.arrive(delay):
                self._comes(message, seconds)

    def _comes(self, message: str, seconds: float) -> None:
        if seconds > 0:
            late = self.world.clock() + timedelta(seconds=seconds)
            self.at(late, lambda: self.waiting.append(message))
        else:
            self.waiting.append(message)

    def depth(self, queue: str) -> int:
        """See `Queues`."""
        return len(self.waiting)

    def check(self, url: str) -> None:
        """See `Sender`."""
        check_target_url(url, allow_loopback=True)

    def end(self) -> None:
        """Send the workers home."""
        for worker in self.all:
            worker.leave()


class Worker(threading.Thread):
    """Works off one message at a time; its turn begins with `go` and ends with `rest`."""

    def __init__(self, workers: Workers) -> None:
        super().__init__(daemon=True)
        self._workers = workers
        self._mine, self._theirs = threading.Semaphore(0), threading.Semaphore(0)
        self._message: str | None = None
        self._error: BaseException | None = None
        self.start()

    def take(self, message: str) -> None:
        """Begin."""
        self._message = message
        self.go()

    def go(self) -> None:
        """Run until it rests or is done."""
        self._mine.release()
        self._theirs.acquire()
        if self._error:
            raise self._error

    def rest(self) -> None:
        """Give the turn away until `go`."""
        self._theirs.release()
        self._mine.acquire()

    def leave(self) -> None:
        """The end; a call that is under way stays there."""
        self._message = None
        self._mine.release()

    def run(self) -> None:
        while True:
            self._mine.acquire()
            if self._message is None:
                return
            try:
                self._workers.work(self._message)
            except BaseException as error:
                self._error = error
            self._workers.idle.append(self)
            self._theirs.release()
