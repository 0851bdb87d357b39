"""Sweeps: what a lost kick left undone is found, each minute, and done or kicked again.

A queue that holds as many messages as rows wait is late, not forgetful: kicks on top would
only grow it. What it really lost is found when it has worked the rest off.
"""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby

from chalicelib.domain import times
from chalicelib.domain.deliveries import Delivery
from chalicelib.domain.pacing import Pace
from chalicelib.domain.rounds import round_of
from chalicelib.domain.sources import Target
from chalicelib.flow import jobs, registry
from chalicelib.flow.changes import Change, kick
from chalicelib.flow.pausing.rest import awake_targets
from chalicelib.flow.ports import Ports
from chalicelib.flow.reviewing.assign import wake
from chalicelib.flow.telling.fan_out import DELIVER, kick_deliveries
from chalicelib.flow.telling.pacing import limits_of, paces, usual_cost
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
    """Kick the deliveries that are due where nobody rests, as many as each target can take in
    a minute, spread over it: changes first, then backfills; returns how many.
    """
    targets = awake_targets(ports)
    known = paces(ports, [target.id for target in targets])
    due = [kick for target in targets for kick in _due(ports, target, known[target.id])]
    if ports.queues.depth(DELIVER) < len(due):
        for delay, together in groupby(sorted(due, key=_delay), key=_delay):
            kick_deliveries(ports, [delivery for _, delivery in together], delay)
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


def _due(ports: Ports, target: Target, pace: Pace) -> Iterator[tuple[int, Delivery]]:
    """What is due at a target, each with its delay; a backfill gets what changes leave over."""
    now, limits, cost = ports.now(), limits_of(target), usual_cost(target)
    most = PER_TARGET
    for bulk, lane in enumerate(keys.due_lanes(target.id)):
        delays = round_of(pace, limits, cost, bool(bulk), now, most).delays()
        if not delays:
            continue
        page = ports.items.due("deliveries", lane, times.text(now), limit=len(delays))
        yield from zip(delays, map(Delivery.of_row, page.items), strict=False)
        most = len(delays) - len(page.items)


def _delay(kick: tuple[int, Delivery]) -> int:
    return kick[0]
