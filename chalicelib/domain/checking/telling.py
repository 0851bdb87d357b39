"""The outbox against heads and deliveries: what is new waits for its worker, or was told."""

from collections.abc import Collection, Iterator

from chalicelib.domain.checking.faults import Fault
from chalicelib.domain.deliveries import Delivery, is_told
from chalicelib.domain.graph import Head
from chalicelib.domain.parcels import Lists, decide, parcel, parting
from chalicelib.domain.sources import Target
from chalicelib.domain.versions import Version


def waiting_faults(head: Head, marks: Collection[str]) -> Iterator[Fault]:
    """`marks` are those of its unmatched records of which a change stands."""
    forgotten = sum(mark not in marks for mark in head.unmatched.values())
    if forgotten:
        yield _fault("match_forgotten", head, f"{forgotten} records wait for the matcher for ever")


def told_faults(
    target: Target,
    admitted: bool,
    head: Head,
    version: Version,
    known: Delivery | None,
    lists: Lists,
    place: Delivery,
) -> Iterator[Fault]:
    """Whether an enabled target has what it should; only where nothing is on its way there.

    `place` is the delivery that holds its place there. Of a target whose settings have ever
    changed nobody can say what it was never told of.
    """
    row = known or Delivery(target=target.id, contact=head.id)
    task = decide(target, admitted, head, row.present)
    if task in ("wait", "nothing") or row.due or row.state in ("failed", "given_up"):
        return
    heard = target.rev == 1 and target.created_at < version.recorded_at
    if not row.present and not heard:
        return
    if task == "remove":
        told = _is_gone(target, head, version, row)
    else:
        found = parcel(target, head, version, has=place.has, lists=lists)
        told = is_told(row, found.withholding(place.asked, place.has))
    if not told:
        yield _fault("untold", head, f"target {target.id} was not told, and nothing is due")


def _is_gone(target: Target, head: Head, version: Version, row: Delivery) -> bool:
    """The target's own is not taken from it: only that a consent ended is told."""
    found = parting(target, version, row.has)
    return row.own and head.status == "active" and (found is None or is_told(row, found))


def _fault(code: str, head: Head, detail: str) -> Fault:
    return Fault(code=code, of="contact", id=head.id, detail=detail, seeds=(head.id,))
