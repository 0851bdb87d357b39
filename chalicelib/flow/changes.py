"""The outbox: change rows are written with what changed, then kicked; sweeps find the rest.

Two lanes, each with one consumer that deletes the row when its work is stored: `match`
(match the named records, index the contact) and `fan-out` (tell the targets). A kick is
only haste: the row is what counts.
"""

import json
import logging
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from chalicelib.domain import times
from chalicelib.domain.errors import BusyError
from chalicelib.domain.model import Entity
from chalicelib.flow.ports import Ports
from chalicelib.store import keys
from chalicelib.store.ports import Conflict, Delete, Equals, Key, Put, Write

T = TypeVar("T")
ATTEMPTS = 6
FAILURES_CAP = 5
PARKED = "parked#"
_log = logging.getLogger(__name__)


class Change(Entity):
    """A row of the outbox: whose, since which `rev`, in which lane. No personal data."""

    lane: str
    contact: str
    rev: int
    at: str
    records: tuple[str, ...] = ()
    failures: int = 0

    @property
    def key(self) -> Key:
        """Where the row stands."""
        return keys.change(self.lane, self.contact, self.rev)


def changed(
    ports: Ports, contact: str, rev: int, *, match: Iterable[str] | None, fan_out: bool
) -> tuple[Change, ...]:
    """The rows for one contact: to be matched and indexed (None: not), to be told."""
    at = times.text(ports.now())
    rows = []
    if match is not None:
        rows.append(Change(lane=keys.MATCH, contact=contact, rev=rev, at=at, records=tuple(match)))
    if fan_out:
        rows.append(Change(lane=keys.FAN_OUT, contact=contact, rev=rev, at=at))
    return tuple(rows)


def change_writes(changes: Iterable[Change]) -> list[Write]:
    """The rows, to be written in the transaction of what changed."""
    return [Put(c.key, c.row()) for c in changes]


def kick(ports: Ports, changes: Sequence[Change]) -> None:
    """Ask the consumers to look now; a lost kick costs a minute, nothing else."""
    for lane in (keys.MATCH, keys.FAN_OUT):
        messages = [json.dumps({"change": c.key[1:]}) for c in changes if c.lane == lane]
        if messages:
            ports.queues.send(lane, messages)


def insisting(ports: Ports, attempt: Callable[[int], T]) -> T:
    """Read, decide and write again until no other writer was in the way; else `BusyError`.

    `attempt` is given how often it was tried before.
    """
    for tried in range(ATTEMPTS):
        try:
            return attempt(tried)
        except Conflict:
            ports.pause(ports.chance.share() * 0.05 * 2**tried)
    raise BusyError("Too many changes to one contact at once; send the same request again.")


def note_failure(ports: Ports, pk: str, sk: str) -> None:
    """Count a failure on a change's row; at the fifth it is parked, for a person to see.

    A parked row is out of its lane: nothing sweeps it, and the alarm on its log line rings.
    """
    insisting(ports, lambda _: _note_failure(ports, Key("changes", pk, sk)))


def _note_failure(ports: Ports, key: Key) -> None:
    row = ports.items.get(key)
    if row is None:
        return
    failures = int(row["failures"]) + 1
    known = Equals("failures", failures - 1)
    counted = row | {"failures": failures}
    if failures < FAILURES_CAP:
        ports.items.write([Put(key, counted, known)])
        return
    ports.items.write([Put(Key("changes", parked(key.pk), key.sk), counted), Delete(key, known)])
    _log.error(json.dumps({"parked_change": key.pk, "rev": row["rev"]}))


def parked(pk: str) -> str:
    """Where the parked changes of a lane's partition stand."""
    return f"{PARKED}{pk}"


def parked_shards() -> list[str]:
    """The partitions of the parked changes."""
    return [parked(pk) for lane in (keys.MATCH, keys.FAN_OUT) for pk in keys.lane_shards(lane)]


def unpark(ports: Ports) -> int:
    """Put parked changes back into their lanes, with their failures forgotten; returns how many."""
    rows = [row for pk in parked_shards() for row in ports.items.query("changes", pk).items]
    changes = [Change.of_row(row).model_copy(update={"failures": 0}) for row in rows]
    for row, change in zip(rows, changes, strict=True):
        ports.items.write([*change_writes([change]), Delete(Key("changes", row["pk"], row["sk"]))])
    kick(ports, changes)
    return len(changes)
