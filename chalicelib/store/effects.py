"""What a write leaves under its key, and where the index `due` lists it."""

from typing import NamedTuple

from chalicelib.store.ports import Delete, Item, Put, Write


class Listed(NamedTuple):
    """An item's place in the sparse index `due`."""

    lane: str
    due: str


def after(write: Write, before: Item | None) -> Item | None:
    """The item once written; `before` is only looked at by a `Set`."""
    if isinstance(write, Delete):
        return None
    told = write.item if isinstance(write, Put) else {**(before or {}), **write.values}
    return {**told, "pk": write.key.pk, "sk": write.key.sk}


def listed(item: Item | None) -> Listed | None:
    """Where the index lists the item: nowhere, unless it has both attributes."""
    if item is None or "lane" not in item or "due" not in item:
        return None
    return Listed(item["lane"], item["due"])
