"""The lists of an admin: what people answered, deliveries, and what waits."""

from typing import Any

from chalicelib.domain import times
from chalicelib.domain.deliveries import Delivery, marked
from chalicelib.domain.judgements import Decision
from chalicelib.domain.sources import Target
from chalicelib.flow import jobs, registry
from chalicelib.flow.changes import insisting, parked_shards
from chalicelib.flow.pausing.rest import awake_targets
from chalicelib.flow.ports import Ports
from chalicelib.flow.telling.fan_out import delivery_write, kick_deliveries
from chalicelib.store import keys

LAST = "~"


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


def deliveries(ports: Ports, target_id: str, after: str | None, limit: int) -> dict[str, Any]:
    """What a target has of each contact; without one, target by target."""
    named = [registry.registered(ports, Target, target_id)] if target_id else []
    ids = [t.id for t in named or registry.listed(ports, Target)]
    at, _, place = (after or "").partition(" ")
    shown: list[dict[str, Any]] = []
    for target in [t for t in ids if t >= at]:
        start = place if target == at and place else None
        size = limit - len(shown)
        page = ports.items.query("deliveries", target, after=start, limit=size)
        shown += [delivery_view(Delivery.of_row(row)) for row in page.items]
        if page.next:
            return {"items": shown, "next": f"{target} {page.next}"}
        if len(shown) == limit and target != ids[-1]:
            return {"items": shown, "next": f"{ids[ids.index(target) + 1]} "}
    return {"items": shown, "next": None}


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
    }


def retry(ports: Ports, target_id: str) -> int:
    """Set the failed and given-up deliveries of a target due now; returns how many."""
    target = registry.registered(ports, Target, target_id)
    after, count = None, 0
    while True:
        page = ports.items.query("deliveries", target.id, after=after)
        failed = [d for d in map(Delivery.of_row, page.items) if d.state in ("failed", "given_up")]
        kick_deliveries(ports, [_again(ports, d) for d in failed])
        count, after = count + len(failed), page.next
        if after is None:
            return count


def _again(ports: Ports, delivery: Delivery) -> Delivery:
    def attempt(_: int) -> Delivery:
        row = ports.items.get(keys.delivery(delivery.target, delivery.contact))
        known = Delivery.of_row(row or {})
        again = marked(known, known.wanted, ports.now())
        ports.items.write([delivery_write(known, again)])
        return again

    return insisting(ports, attempt)


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
        row for t in awake_targets(ports) for row in ports.items.due("deliveries", t.id, LAST).items
    )
    on_their_way = sum(row["state"] == "waiting" or row["due"] <= now for row in due)
    return lanes | {"deliveries": on_their_way, "jobs": jobs.count_open(ports)}


def parked(ports: Ports) -> int:
    """How many changes failed too often and wait for a person, up to a page of each part."""
    return sum(len(ports.items.query("changes", pk).items) for pk in parked_shards())
