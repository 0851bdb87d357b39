"""How a world ended, but for what chance and the clock gave it: to compare two lives."""

import json
import re
from collections.abc import Iterable
from typing import Any

from chalicelib.domain.evidence import Record
from chalicelib.domain.graph import Head
from chalicelib.domain.judgements import Judgement
from chalicelib.domain.sources import HAND
from chalicelib.domain.versions import Version
from chalicelib.flow.batches import Batch
from chalicelib.flow.intake.ingest import Effect
from tests.support.rest import holdings
from tests.support.state import State, read
from tests.support.world import World

BY_CHANCE = ("note", "poll", "conflict")  # each request, or run, is another
_BY_CHANCE = re.compile(r'"([0-9a-f]{32}|[\w-]{43})"')


def masked(answer: Any) -> str:
    """An answer without the ids that chance gave."""
    return _BY_CHANCE.sub("*", json.dumps(answer, sort_keys=True))


def ending(world: World, loose: bool = False) -> dict[str, Any]:
    """What must be alike whichever fault struck; `loose` leaves out how it came about."""
    state = read(world.items.snapshot())
    return {
        "contacts": [_contact(state, head, loose) for _, head in sorted(state.heads.items())],
        "records": {r.id: _record(r) for r in state.records.values()},
        "interactions": {p: (i.content, i.found_by) for p, i in state.interactions.items()},
        "batches": {
            b: sorted((n, _effect(e, state.batches[b])) for n, e in es.items())
            for b, es in state.effects.items()
            if state.batches[b].kind not in BY_CHANCE
        },
        "jobs": {(j.kind, j.state) for j in state.jobs.values()},
        "targets": {t.id: (t.enabled, _held(world, t.id)) for t in state.targets.values()},
        "lines": {n: (line.waiting, _rests(state, n)) for n, line in state.lines.items()},
        "entries": {
            (place, contact): (entry.state, entry.why)
            for place, entries in state.entries.items()
            for contact, entry in entries.items()
        },
        "told of lists": {p: max((t.at, t.on) for t in ts)[1] for p, ts in state.list_told.items()},
        "states": {t.id: t.state for t in state.targets.values()},
        "deliveries": {k: d.state for k, d in state.deliveries.items() if d.present},
    }


def _rests(state: State, source: str) -> tuple[str, str]:
    return state.pause.state, state.sources[source].state


def _record(record: Record) -> tuple[Any, ...]:
    """People's words carry the time at which they were stored, so theirs is left out."""
    fields = {n: t.value if record.source == HAND.id else t for n, t in record.fields.items()}
    pins = {slot: told.value for slot, told in record.pins.items()}
    floor = "" if record.source == HAND.id else record.floor
    return (record.alive, floor, record.source_tags, sorted(fields.items()), sorted(pins.items()))


def _effect(effect: Effect, batch: Batch) -> dict[str, Any]:
    """A word's stamp is that of its call, where its source gave it no time."""
    return effect.row() | {"word": ""} | ({} if batch.kind == "call" else {"stamp": ""})


def _held(world: World, target: str) -> dict[str, dict[str, Any]]:
    """A push that was repeated may name a later version of the same content."""
    kept = holdings(world, target)
    return {c: {n: v for n, v in d.items() if n != "version"} for c, d in kept.items()}


def _contact(state: State, head: Head, loose: bool) -> dict[str, Any]:
    return {
        "id": head.id,
        "status": (head.status, head.into),
        "members": head.members,
        "judgements": sorted(map(_judgement, head.judgements)),
        "versions": [_version(v) for v in state.versions[head.id][-1 if loose else 0 :]],
    }


def _judgement(judgement: Judgement) -> tuple[Any, ...]:
    pair = tuple(map(tuple, judgement.pair))
    return (judgement.verdict, judgement.by, judgement.mode, pair, judgement.lifts, judgement.mutes)


def _version(version: Version) -> tuple[Any, ...]:
    cause = (version.cause.type, version.cause.by, version.cause.record)
    return (version.status, cause, version.members, version.values, version.winners)


def differences(one: dict[str, Any], other: dict[str, Any]) -> Iterable[str]:
    """In what two endings are not alike."""
    return [f"{n}: {one[n]} became {other[n]}" for n in one if one[n] != other[n]]
