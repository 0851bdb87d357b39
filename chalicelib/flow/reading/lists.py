"""The lists of an admin: what people answered, deliveries, and what waits."""

from typing import Any, NamedTuple

from chalicelib.domain import times
from chalicelib.domain.deliveries import Delivery
from chalicelib.domain.judgements import Decision
from chalicelib.domain.sources import Target
from chalicelib.flow import jobs, registry
from chalicelib.flow.changes import parked_shards
from chalicelib.flow.pausing.rest import awake_targets
from chalicelib.flow.ports import Ports
from chalicelib.store import keys

LAST = "~"
LOOKS = 20


def judgements(ports: Ports, after: str | None, limit: int) -> dict[str, Any]:
    """What people made of the machine's words, the oldest first: what a model can learn from."""
    page = ports.items.due("contacts", keys.ANSWERED, LAST, after=after, limit=limit)
    return {"items": [_answered(Decision.of_row(row)) for row in page.items], "next": page.next}


def _answered(decision: Decision) -> dict[str, Any]:
    return {
        "id": decision.judgement.id,
        "verdict": decision.answer,
        "answered_at": decision.retracted_at,
        "answered_by": decision.retracted_by,
        "asked_by": decision.judgement.by,
        "score": decision.score,
        "reasons": list(decision.reasons),
    }


class Wanted(NamedTuple):
    """Which deliveries: of a target, in a state, for a reason (empty: whichever)."""

    target: str = ""
    state: str = ""
    reason: str = ""

    def fits(self, row: Delivery) -> bool:
        """Whether it is one of them."""
        return self.state in ("", row.state) and self.reason in ("", row.reason)


def deliveries(ports: Ports, wanted: Wanted, after: str | None, limit: int) -> dict[str, Any]:
    """What a target has of each contact; without one, target by target.

    Those of a state or reason are looked for in a few pages at a time: an answer may hold few
    of them, or none, and there may be more to come.
    """
    named = [registry.registered(ports, Target, wanted.target)] if wanted.target else []
    ids = [t.id for t in named or registry.listed(ports, Target)]
    shown: list[Delivery] = []
    for _ in range(LOOKS):
        rows, after = _rows(ports, ids, after, limit - len(shown))
        shown += filter(wanted.fits, rows)
        if after is None or len(shown) == limit:
            break
    return {"items": [delivery_view(row) for row in shown], "next": after}


def _rows(
    ports: Ports, ids: list[str], after: str | None, limit: int
) -> tuple[list[Delivery], str | None]:
    """So many deliveries, target by target, and where to go on."""
    at, _, place = (after or "").partition(" ")
    found: list[Delivery] = []
    for target in [t for t in ids if t >= at]:
        start = place if target == at and place else None
        page = ports.items.query("deliveries", target, after=start, limit=limit - len(found))
        found += map(Delivery.of_row, page.items)
        if page.next:
            return found, f"{target} {page.next}"
        if len(found) == limit and target != ids[-1]:
            return found, f"{ids[ids.index(target) + 1]} "
    return found, None


def delivery_view(delivery: Delivery) -> dict[str, Any]:
    """A delivery as the outside sees it."""
    return {
        "target": delivery.target,
        "contact_id": delivery.contact,
        "state": delivery.state,
        "present": delivery.present,
        "sent_version": delivery.sent_version or None,
        "attempts": delivery.attempts,
        "due": delivery.due or None,
        "reason": delivery.reason or None,
        "taken_by": delivery.taken_by or None,
    }


def waiting(ports: Ports) -> dict[str, int]:
    """How much is on its way: changes to match and to tell, deliveries, jobs.

    Counted up to a page of each part. A delivery that is tried again later does not count, nor
    one to a target that is paused.
    """
    now = times.text(ports.now())
    lanes = {
        name: sum(len(ports.items.query("changes", pk).items) for pk in keys.lane_shards(lane))
        for name, lane in (("match", keys.MATCH), ("fan_out", keys.FAN_OUT))
    }
    due = (
        row
        for target in awake_targets(ports)
        for lane in keys.due_lanes(target.id)
        for row in ports.items.due("deliveries", lane, LAST).items
    )
    on_their_way = sum(row["state"] == "waiting" or row["due"] <= now for row in due)
    return lanes | {"deliveries": on_their_way, "jobs": jobs.count_open(ports)}


def parked(ports: Ports) -> int:
    """How many changes failed too often and wait for a person, up to a page of each part."""
    return sum(len(ports.items.query("changes", pk).items) for pk in parked_shards())
