"""Many contacts that change quickly: heads and versions alone, without records and matching."""

from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain import times
from chalicelib.domain.graph import Head
from chalicelib.domain.sources import Target
from chalicelib.domain.versions import Cause, Version
from chalicelib.flow.telling.fan_out import kick_deliveries, tell
from chalicelib.store import keys
from chalicelib.store.ports import Delete, Put

from .world import World


@dataclass
class Crowd:
    """Contacts by number; `latest` is the version that each is at."""

    world: World
    targets: list[Target]
    latest: dict[str, int] = field(default_factory=dict)

    def change(self, number: int, *, bulk: bool = False) -> str:
        """A contact changes, and the targets' deliveries are marked and kicked; its id."""
        name, ports = f"c{number:06d}", self.world.ports
        at = self.latest[name] = self.latest.get(name, 0) + 1
        head = Head(id=name, rev=at, version=at, members=(name,))
        version = _version(name, at, times.text(ports.now()))
        writes = [Put(keys.head(name), head.row()), Put(keys.version(name, at), version.row())]
        before = [Delete(keys.version(name, at - 1))] if at > 1 else []  # a million would not fit
        ports.items.write([*writes, *before])
        kick_deliveries(
            ports, tell(ports, name, self.targets, force=bulk, run="backfill" if bulk else "")
        )
        return name


def _version(contact: str, number: int, now: str) -> Version:
    said: dict[str, Any] = {"full_name": f"Jan Kot {number}"}
    return Version(
        contact=contact,
        number=number,
        status="active",
        values=said,
        winners={},
        members=(contact,),
        leaves={},
        evidence={},
        cause=Cause(type="update", by="crm"),
        batch="b",
        recorded_at=now,
        previous="",
        seal="",
    )
