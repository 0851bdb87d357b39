"""Sweeps: what a lost kick left undone is found, each minute, and done or kicked again.

A queue that holds as many messages as rows wait is late, not forgetful: kicks on top would
only grow it. What it really lost is found when it has worked the rest off.
"""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta

from chalicelib.domain import times
from chalicelib.domain.deliveries import Delivery
from chalicelib.domain.sources import Target
from chalicelib.flow import jobs, registry
from chalicelib.flow.changes import Change, kick
from chalicelib.flow.pausing.rest import awake_targets
from chalicelib.flow.ports import Ports
from chalicelib.flow.reviewing.assign import wake
from chalicelib.flow.telling.fan_out import DELIVER, kick_deliveries
from chalicelib.store import keys

KICK_NEEDS = timedelta(seconds=10)
PER_SHARD = 100
PER_TARGET = 1_000
_log = logging.getLogger(__name__)


def unmatched(ports: Ports) -> int:
    """Kick the changes that no kick brought to the matcher; returns how many wait."""
    waiting = [c for pk in keys.lane_shards(keys.MATCH) for c in _left(ports, pk)]
    if ports.queues.depth(keys.MATCH) < len(waiting):
        kick(ports, waiting)
    return len(waiting)


def undelivered(ports: Ports) -> int:
    """Kick the deliveries that are due where nobody rests; returns how many."""
    due = [d for target in awake_targets(ports) for d in _due(ports, target)]
    if ports.queues.depth(DELIVER) < len(due):
        kick_deliveries(ports, due)
    return len(due)


def undone(ports: Ports) -> int:
    """Kick the jobs that nobody is at; returns how many."""
    waiting = jobs.open_jobs(ports)
    jobs.kick_jobs(ports, waiting)
    return len(waiting)


def unrested(ports: Ports) -> int:
    """Put the postponed reviews whose time has come back into the queue; returns how many."""
    now = times.text(ports.now())
    rested = ports.items.due("contacts", keys.POSTPONED, now).items
    for row in rested:
        wake(ports, row["judgement"]["id"])
    return len(rested)


def held(ports: Ports) -> int:
    """Say which targets wait for a person: the alarm on these lines rings until one comes."""
    waiting = [target for target in registry.listed(ports, Target) if target.state == "held"]
    for target in waiting:
        _log.error(json.dumps({"held_target": target.id}))
    return len(waiting)


def untold(ports: Ports) -> Iterator[Change]:
    """The changes that no kick brought to the targets, shard by shard."""
    for pk in keys.lane_shards(keys.FAN_OUT):
        yield from _left(ports, pk)


def _left(ports: Ports, pk: str) -> list[Change]:
    """The changes of a shard that have waited longer than a kick takes."""
    ripe = times.text(ports.now() - KICK_NEEDS)
    rows = ports.items.query("changes", pk, limit=PER_SHARD).items
    return [c for c in map(Change.of_row, rows) if c.at <= ripe]


def _due(ports: Ports, target: Target) -> list[Delivery]:
    now = times.text(ports.now())
    page = ports.items.due("deliveries", target.id, now, limit=PER_TARGET)
    return [Delivery.of_row(row) for row in page.items]
