"""A world that remembers what a state alone cannot tell: what stood once, who was told what."""

import json
from collections import defaultdict
from collections.abc import Sequence
from copy import copy, deepcopy
from dataclasses import dataclass
from typing import Any

from chalicelib.connectors.memory import MemorySender
from chalicelib.connectors.ports import Answer, Request
from chalicelib.domain.graph import Head
from chalicelib.domain.sources import Target
from chalicelib.store.memory import MemoryItems
from chalicelib.store.ports import Absent, Key, Put, Write

from .world import World


class Witness(MemoryItems):
    """Storage in memory; `matched` are the (contact, version) that ever stood with no record
    waiting for the matcher, `targets` the settings that each target ever had, `meddled` the
    versions that were not added but written over or deleted."""

    def __init__(self) -> None:
        super().__init__()
        self.matched: set[tuple[str, int]] = set()
        self.targets: defaultdict[str, list[Target]] = defaultdict(list)
        self.meddled: list[Key] = []

    def fork(self) -> "Witness":
        """The same storage and the same memory, to go their own way from here."""
        twin = Witness()
        twin.__dict__ |= super().fork().__dict__
        twin.matched, twin.meddled = set(self.matched), list(self.meddled)
        for name, settings in self.targets.items():
            twin.targets[name] = list(settings)
        return twin

    def write(self, writes: Sequence[Write]) -> None:
        super().write(writes)
        self.meddled += [w.key for w in writes if w.key.table == "versions" and not _adds(w)]
        for write in writes:
            if write.key.table == "contacts" and write.key.pk.startswith("C#"):
                head = Head.of_row(self.get(write.key) or {"id": "", "status": "merged"})
                if head.status == "active" and not head.unmatched:
                    self.matched.add((head.id, head.version))
            if write.key[:2] == ("registry", "targets"):
                self.targets[write.key.sk].append(Target.of_row(self.get(write.key) or {}))


def _adds(write: Write) -> bool:
    """Whether a write can only add: that no `Put` writes over a version, no role can see to."""
    return isinstance(write, Put) and write.condition == Absent()


@dataclass(frozen=True)
class Told:
    """One push as its target saw it; `accepted` says whether it took it in."""

    target: str
    name: str
    type: str
    data: dict[str, Any]
    accepted: bool

    @property
    def contact(self) -> str:
        contact: str = self.data["id"]
        return contact


class Receivers(MemorySender):
    """All targets at once: what they accept (2xx) they take in, all else they drop."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Told] = []

    def fork(self) -> "Receivers":
        """The same targets, to go their own way from here."""
        twin = Receivers()
        twin.told, twin.sent, twin.answers = list(self.told), list(self.sent), self.answers.copy()
        return twin

    def send(self, push: Request) -> Answer:
        answer = super().send(push)
        message, name = json.loads(push.body), push.headers["webhook-id"]
        if message["type"] != "ping":
            accepted = answer.status is not None and 200 <= answer.status < 300
            target = name.partition("-" + message["data"]["id"])[0]
            self.told.append(Told(target, name, message["type"], message["data"], accepted))
        return answer


def forked(world: World) -> World:
    """The same world, to go its own way from here."""
    return World(
        items=world.items.fork(),
        queues=deepcopy(world.queues),
        secrets=deepcopy(world.secrets),
        sender=world.sender.fork(),
        clock=copy(world.clock),
        chance=copy(world.chance),
    )


def watched() -> World:
    """A new world with a witness for its storage and receivers for its targets."""
    return World(items=Witness(), sender=Receivers())
