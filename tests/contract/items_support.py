"""Keys and short forms for the storage port's contract."""

from collections.abc import Iterable
from typing import Any

import pytest

from chalicelib.store.ports import Condition, Items, Key, Page, Put

HEAD = Key("contacts", "C#1", "HEAD")
OTHER = Key("contacts", "C#2", "HEAD")
NOWHERE = Key("contacts", "C#9", "HEAD")
VERSION = Key("versions", "1", "V#1")

Refused = tuple[type[Exception], ...]

not_on_moto = pytest.mark.parametrize("clients", ["memory", "local cloud"], indirect=True)


def put(key: Key, condition: Condition = None, **values: Any) -> Put:
    return Put(key, values, condition)


def fill(items: Items, names: Iterable[str], pk: str = "p", **values: Any) -> None:
    """Put items of these sort keys into one partition of `contacts`."""
    for name in names:
        items.write([Put(Key("contacts", pk, name), values)])


def sks(page: Page) -> list[str]:
    return [item["sk"] for item in page.items]


def walk(items: Items, pk: str = "p", **options: Any) -> list[list[str]]:
    """All pages of a partition that hold anything, each as its sort keys."""
    pages, after = [], None
    while True:
        page = items.query("contacts", pk, after=after, **options)
        pages += [sks(page)] if page.items else []
        after = page.next
        if after is None:
            return pages
