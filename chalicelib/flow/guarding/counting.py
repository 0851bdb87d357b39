"""Counting: a push begins in the transaction that counts it, or its target is held.

    read the tally -> count -> write the delivery and the tally, each on its `rev`

So not one push goes past the limit, however many senders there are. A contact that was counted
already, as most retries were, costs one write as without a guard.
"""

from chalicelib.domain.deliveries import Delivery
from chalicelib.domain.guarding import Tally, counted
from chalicelib.domain.parcels import Parcel
from chalicelib.domain.sources import Stop, Target
from chalicelib.flow import registry
from chalicelib.flow.changes import insisting
from chalicelib.flow.ports import Ports
from chalicelib.store import deliveries, keys
from chalicelib.store.ports import Absent, Conflict, Equals, Put, Write

_ROW = 0


def begin(
    ports: Ports, target: Target, held: Delivery, noted: Delivery, found: Parcel
) -> Delivery | None:
    """Note that a push begins, as counted; None where the row was marked meanwhile, or where
    the push would be too many: then the target is held from now on.
    """
    return insisting(ports, lambda _: _begin(ports, target, held, noted, found))


def _begin(
    ports: Ports, target: Target, held: Delivery, noted: Delivery, found: Parcel
) -> Delivery | None:
    known = tally_of(ports, target.id)
    at_most = target.guard
    made = counted(known, at_most, noted, found, ports.now()) if at_most else None
    if isinstance(made, Stop):
        _hold(ports, known, made)
        return None
    begun = made.delivery if made else noted
    counts = [tally_write(known, made.tally)] if made and made.tally else []
    try:
        ports.items.write([deliveries.delivery_write(held, begun), *counts])
    except Conflict as conflict:
        if counts and _ROW not in conflict.failed:
            raise  # another push was counted meanwhile
        return None
    return begun


def enrol(ports: Ports, target_id: str, contact_id: str) -> None:
    """Count a contact that the target has among those; it may have it from before its guard."""
    insisting(ports, lambda _: _enrol(ports, target_id, contact_id))


def _enrol(ports: Ports, target_id: str, contact_id: str) -> None:
    known = deliveries.known(ports.items, target_id, contact_id)
    if known.enrolled or not known.present:
        return
    tally = tally_of(ports, target_id)
    enrolled = known.model_copy(update={"enrolled": True, "rev": known.rev + 1})
    counts = tally_write(tally, tally.model_copy(update={"has": tally.has + 1}))
    ports.items.write([deliveries.delivery_write(known, enrolled), counts])


def _hold(ports: Ports, tally: Tally, stop: Stop) -> None:
    """Hold the target, unless somebody counted or released meanwhile: then count again."""
    known = registry.registered(ports, Target, tally.target)
    if known.state == "active":
        held = known.model_copy(update={"state": "held", "stopped": stop})
        registry.store(ports, known, held, [tally_write(tally, tally)])


def tally_of(ports: Ports, target_id: str) -> Tally:
    """What a target was told lately."""
    return Tally.of_row(ports.items.get(keys.tally(target_id)) or {"target": target_id})


def tally_write(known: Tally, news: Tally) -> Write:
    """The tally on the condition of its old `rev`."""
    condition = Equals("rev", known.rev) if known.rev else Absent()
    stored = news.model_copy(update={"rev": known.rev + 1})
    return Put(keys.tally(known.target), stored.row(), condition)
