"""FEBRL set 4 whole, 5,000 people told of twice, through the flow on the memory adapters.

    make bench

The same calls as `tests/app/test_real_input.py` makes over HTTP, without the emulator's wait.
"""

import time
from collections.abc import Iterator
from typing import Any

from chalicelib.flow.reading.search import Wanted, search
from chalicelib.flow.reviewing import desk
from tests.support.febrl import febrl, judge
from tests.support.world import World

PEOPLE = 5_000
BATCH = 50


def everybody(world: World) -> Iterator[dict[str, Any]]:
    """All contacts, page by page."""
    cursor = None
    while True:
        page = search(world.ports, Wanted("tag:febrl", None, 100, "bench"), cursor)
        yield from page["items"]
        cursor = page["next"]
        if cursor is None:
            return


def questions(world: World) -> int:
    """How many reviews are open."""
    count, after = 0, None
    while True:
        page = desk.reviews(world.ports, after, 100)
        count, after = count + len(page["items"]), page["next"]
        if after is None:
            return count


def test_febrl_whole() -> None:
    started, world, dropped = time.monotonic(), World(), 0
    for source, records in zip(("febrl-a", "febrl-b"), febrl(PEOPLE), strict=True):
        world.source(source, country="AU", tags=["febrl"])
        for start in range(0, len(records), BATCH):
            batch = records[start : start + BATCH]
            results = world.call(source, batch, message_id=f"{source}-{start}")
            dropped += sum(len(result["errors"]) for result in results)
            world.drain("match", "fan-out")
    world.work()
    verdict, seconds = judge(everybody(world)), time.monotonic() - started
    print(f"\n{verdict}, {questions(world)} reviews, {dropped} values dropped, {seconds:.0f} s")
    assert verdict.false_merges == 0
