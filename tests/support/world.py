"""A whole Kartoteka in memory: real flow and domain, memory adapters, a clock one can turn."""

import json
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from chalicelib.connectors.catalogue import connect
from chalicelib.connectors.hurry import HurriedSender
from chalicelib.connectors.memory import MemorySender
from chalicelib.domain.signing import sign
from chalicelib.domain.sources import Source, Target
from chalicelib.flow import credentials, registry, sweep, work_jobs
from chalicelib.flow.hearing import listen
from chalicelib.flow.intake import receive
from chalicelib.flow.matching import match
from chalicelib.flow.ports import Ports
from chalicelib.flow.telling import deliver, fan_out
from chalicelib.queues.memory import MemoryQueues
from chalicelib.secrets.memory import MemorySecrets
from chalicelib.store.memory import MemoryItems

START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


QUEUES = ("match", "fan-out", "deliver", "jobs")


def unlimited() -> int:
    """As much time as one likes."""
    return 900_000


@dataclass(frozen=True)
class FixedKeys:
    """`Keys` that are the same in every run."""

    ids: bytes = b"i" * 32
    matching: bytes = b"m" * 32
    cursors: bytes = b"c" * 32


@dataclass
class Clock:
    """Stands still until it is moved."""

    moment: datetime = START

    def __call__(self) -> datetime:
        return self.moment

    def tick(self, **by: float) -> None:
        self.moment += timedelta(**by)


@dataclass
class Seeded:
    """`Chance` that gives the same in every run."""

    seed: str = "seed"
    drawn: int = 0

    def token(self) -> str:
        return self.bytes(16).hex()

    def bytes(self, count: int) -> bytes:
        self.drawn += 1
        return sha256(f"{self.seed}:{self.drawn}".encode()).digest()[:count]

    def share(self) -> float:
        return 0.5


LAST: "deque[World]" = deque(maxlen=1)  # the world made last: checked when its test has ended


@dataclass
class World:
    """Everything in memory, and the means to play sender, queue, schedule and target."""

    items: Any = field(default_factory=MemoryItems)
    queues: Any = field(default_factory=MemoryQueues)
    secrets: Any = field(default_factory=MemorySecrets)
    sender: Any = field(default_factory=MemorySender)
    clock: Clock = field(default_factory=Clock)
    chance: Seeded = field(default_factory=Seeded)

    def __post_init__(self) -> None:
        if isinstance(self.items, MemoryItems):  # not one that a handler sees through wrappers
            LAST.append(self)

    @property
    def ports(self) -> Ports:
        return Ports(
            items=self.items,
            queues=self.queues,
            secrets=self.secrets,
            sender=self.sender,
            keys=FixedKeys(),
            now=self.clock,
            chance=self.chance,
            pause=lambda _: None,
            connect=lambda account, left: connect(
                account, HurriedSender(self.sender, left), self.clock
            ),
        )

    def source(self, name: str, **settings: Any) -> Source:
        """Register a source."""
        return registry.register(self.ports, Source, name, {"name": name} | settings)[0]

    def target(self, name: str, **settings: Any) -> Target:
        """Register a target."""
        given = {"name": name, "url": "http://127.0.0.1:1/", "fields": ["full_name", "emails"]}
        return registry.register(self.ports, Target, name, given | settings)[0]

    def call(
        self,
        source: str,
        records: Any,
        event: str = "contact.upserted",
        message_id: str | None = None,
    ) -> list[dict[str, Any]]:
        """One signed webhook call; its results."""
        body = json.dumps({"type": event, "data": records}).encode()
        headers = self.signed(source, body, message_id or sha256(body).hexdigest())
        return receive.receive(self.ports, source, headers, body, unlimited)["results"]

    def signed(self, source: str, body: bytes, message_id: str) -> dict[str, str]:
        """The headers of a call, signed now."""
        known = registry.registered(self.ports, Source, source)
        secret = credentials.valid(self.ports, "sources", known)[0]
        at = int(self.clock().timestamp())
        return {
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(at),
            "webhook-signature": sign(secret, message_id, at, body),
        }

    def tell(self, source: str, external_id: str, at: int = 0, **fields: Any) -> dict[str, Any]:
        """One whole record of a source, said `at` seconds after the start; its result."""
        return self.call(source, record(external_id, at, **fields))[0]

    def work(self, *, sweeps: bool = True) -> None:
        """Let the queues run empty; and the sweeps find what no message told."""
        self.drain(*QUEUES)
        if sweeps:
            self.clock.tick(seconds=121)
            self.sweep()
            self.sweep_fan_out()
            self.drain(*QUEUES)

    def sweep(self) -> dict[str, int]:
        """Play the schedule that kicks again what waits; how much it found."""
        found = {"match": sweep.unmatched(self.ports), "deliveries": sweep.undelivered(self.ports)}
        return found | {"jobs": sweep.undone(self.ports), "reviews": sweep.unrested(self.ports)}

    def sweep_fan_out(self) -> None:
        """Play the schedule that tells the targets what no kick told."""
        for change in sweep.untold(self.ports):
            fan_out.fan_out(self.ports, *change.key[1:])

    def listen(self) -> int:
        """Play the schedule that asks partners what they have to say."""
        return listen.listen(self.ports, unlimited)

    def drain(self, *queues: str) -> None:
        """Work off what these queues hold and what that brings them."""
        steps: dict[str, Callable[[dict[str, Any]], None]] = {
            "match": lambda m: match.match(self.ports, *m["change"]),
            "fan-out": lambda m: fan_out.fan_out(self.ports, *m["change"]),
            "deliver": lambda m: deliver.deliver(self.ports, m["target"], m["contact"], unlimited),
            "jobs": lambda m: work_jobs.work_job(self.ports, m["job"], unlimited),
        }
        while any(self.queues.waiting[queue] for queue in queues):
            for queue in queues:
                for message in self.queues.take(queue):
                    steps[queue](json.loads(message))

    def pushes(self) -> list[dict[str, Any]]:
        """What the targets were sent, in order."""
        return [json.loads(push.body) for push in self.sender.sent]


def record(external_id: str, at: int = 0, **fields: Any) -> dict[str, Any]:
    """A record as a source sends it."""
    occurred_at = (START + timedelta(seconds=at)).isoformat().replace("+00:00", "Z")
    return {"external_id": external_id, "occurred_at": occurred_at, **fields}


def outcomes(results: Iterable[dict[str, Any]]) -> list[str]:
    """What became of each record of a call."""
    return [result["outcome"] for result in results]
