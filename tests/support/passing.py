"""Interactions as sources tell them, for scenes and laws."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from chalicelib.flow.interacting.timeline import ENTRIES, timeline

from .scenes import Act
from .world import START, World

BASE = "interaction.recorded"


def passed(name: str, kind: str = "call", at: int = 0, **parts: Any) -> dict[str, Any]:
    """An interaction that took place `at` seconds after the start; `said` is when it was told."""
    said = parts.pop("said", None)
    told = {"id": name, "kind": kind, "occurred_at": _time(at), **parts}
    return told | ({} if said is None else {"updated_at": _time(said)})


def order(name: str, at: int = 0, *, value: str = "100.00", **parts: Any) -> dict[str, Any]:
    """An order of one item, in zloty."""
    amount = {"value": value, "currency": "PLN"}
    items = [{"name": parts.pop("item", "Kawa"), "amount": amount}]
    return passed(name, "order", at, amount=amount, items=items, **parts)


def deleted(name: str, said: int = 0) -> dict[str, Any]:
    return {"id": name, "updated_at": _time(said)}


def _time(at: int) -> str:
    return (START + timedelta(seconds=at)).isoformat().replace("+00:00", "Z")


def records(source: str, *told: dict[str, Any], event: str = BASE) -> Act:
    """A webhook call of these interactions; its id is always the same."""
    return lambda world: world.call(source, list(told), event)


def takes_back(source: str, *names: str, said: int = 0) -> Act:
    """A webhook call that takes interactions back."""
    return records(source, *(deleted(n, said) for n in names), event="interaction.deleted")


def timeline_of(world: World, contact: str, **asked: Any) -> list[dict[str, Any]]:
    """The whole timeline, in pages of the size that is asked for."""
    kinds: Sequence[str] = asked.get("kinds", ENTRIES)
    found: list[dict[str, Any]] = []
    after = None
    while True:
        page = timeline(world.ports, contact, kinds, after, asked.get("limit", 25))
        found += page["items"]
        assert page["next"] is None or page["next"] != after, "the list goes on where it was"
        after = page["next"]
        if after is None:
            return found
