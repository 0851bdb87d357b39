"""Progress: how much lies on the stewards' desk, and what was decided by whom, day by day.

Reads are bounded: of a longer queue it says that there is more.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from chalicelib.domain import times
from chalicelib.domain.judgements import Decision
from chalicelib.flow.ports import Ports
from chalicelib.store import keys

LAST = "~"
PAGE, PAGES_CAP = 100, 10
DAYS = timedelta(days=30)


def progress(ports: Ports, by: str) -> dict[str, Any]:
    """What is open, postponed and `by`'s own, and what the last thirty days brought.

    `complete` is false where there is more than was counted.
    """
    waiting, all_open = _known(ports, keys.REVIEWS)
    resting, all_postponed = _known(ports, keys.POSTPONED)
    since = times.text(ports.now() - DAYS)
    answered, all_answered = _known(ports, keys.ANSWERED, newest_first=True)
    recent = [d for d in answered if d.retracted_at >= since]
    return {
        "open": len(waiting),
        "postponed": len(resting),
        "mine": sum(d.desk.assignee == by for d in waiting),
        "decided": _by_day(recent),
        "complete": all_open and all_postponed and (all_answered or len(recent) < len(answered)),
    }


def _known(ports: Ports, lane: str, *, newest_first: bool = False) -> tuple[list[Decision], bool]:
    """What a lane lists, and whether that is all of it."""
    found: list[Decision] = []
    after = None
    for _ in range(PAGES_CAP):
        page = ports.items.due(
            "contacts", lane, LAST, after=after, limit=PAGE, newest_first=newest_first
        )
        found += map(Decision.of_row, page.items)
        after = page.next
        if after is None:
            break
    return found, after is None


def _by_day(answered: list[Decision]) -> list[dict[str, Any]]:
    """How many of each verdict, by day and steward, the latest day first."""
    counted = Counter(_words(answered))
    shown: dict[tuple[str, str], dict[str, Any]] = {}
    for (day, by, verdict), count in counted.items():
        line = shown.setdefault((day, by), {"day": day, "by": by, "same": 0, "different": 0})
        line[verdict] = count
    return [shown[key] for key in sorted(shown, reverse=True)]


def _words(answered: list[Decision]) -> Iterator[tuple[str, str, str]]:
    for decision in answered:
        if decision.judgement.verdict == "unsure":
            yield decision.retracted_at[:10], decision.retracted_by, decision.answer
