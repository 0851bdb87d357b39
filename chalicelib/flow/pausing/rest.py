"""Rest: who is paused, by itself or with all others, or held; and how much waits."""

from typing import Any

from chalicelib.domain.pausing import Line, Pause
from chalicelib.domain.sources import Source, State, Target
from chalicelib.flow import registry
from chalicelib.flow.ports import Ports
from chalicelib.store import keys
from chalicelib.store.ports import Item

PAUSE = keys.registered("installation", "pause")


def everything(ports: Ports) -> Pause:
    """Whether all sources and targets rest."""
    return Pause.of_row(ports.items.get(PAUSE) or {})


def source_rests(ports: Ports, source_id: str) -> bool:
    """Whether a source is paused, by itself or with all others."""
    pause, row = _read(ports, Source, source_id)
    return "paused" in (pause.state, row.get("state"))


def awake_since(ports: Ports, target_id: str) -> str | None:
    """Since when a target was not paused nor held, empty for ever; None while it is."""
    pause, row = _read(ports, Target, target_id)
    if pause.state != "active" or row.get("state") in ("paused", "held"):
        return None
    return max(pause.resumed_at, str(row.get("resumed_at", "")))


def awake_targets(ports: Ports) -> list[Target]:
    """The targets that are not paused, nor held, nor prepared only."""
    if everything(ports).state != "active":
        return []
    return [target for target in registry.listed(ports, Target) if target.state == "active"]


def _read(ports: Ports, kind: type[Source] | type[Target], name: str) -> tuple[Pause, Item]:
    key = keys.registered(registry.SIDES[kind], name)
    rows = ports.items.get_many([key, PAUSE])
    return Pause.of_row(rows.get(PAUSE, {})), rows.get(key, {})


def line(ports: Ports, source_id: str) -> Line:
    """The calls of a source that wait."""
    return Line.of_row(ports.items.get(keys.line(source_id)) or {"source": source_id})


def shown(ports: Ports) -> dict[str, Any]:
    """Whether all rest, which of them do by themselves; how many calls are kept for whom."""
    pause, sources = everything(ports), registry.listed(ports, Source)
    targets = registry.listed(ports, Target)
    waiting = {source.id: line(ports, source.id).waiting for source in sources}
    return {
        "state": pause.state,
        "since": pause.since or None,
        "by": pause.by or None,
        "sources": _who(sources, "paused"),
        "targets": _who(targets, "paused"),
        "held": _who(targets, "held"),
        "kept": {name: count for name, count in waiting.items() if count},
    }


def _who(systems: list[Source] | list[Target], state: State) -> list[str]:
    return [system.id for system in systems if system.state == state]
