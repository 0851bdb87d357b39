"""Enlist: a push goes over all contacts, decides about each once, and tells the target.

First who is there or on the list: so those who have an address there keep it. Then the list's
other entries and everyone, as a backfill does; nobody else where nobody is meant. A preview
decides the same, and that is all.
"""

from collections.abc import Callable, Iterable
from typing import Any

from chalicelib.domain.lists import Listing, counted
from chalicelib.domain.sources import Target
from chalicelib.flow import jobs, registry
from chalicelib.flow.changes import insisting
from chalicelib.flow.jobs import Job
from chalicelib.flow.listing.decide import Pushing
from chalicelib.flow.ports import Ports
from chalicelib.flow.telling.fan_out import kick_deliveries, tell
from chalicelib.flow.walk import EVERYONE, Place, walk
from chalicelib.store import contacts
from chalicelib.store.ports import Item


def work(ports: Ports, job: Job, remaining_ms: Callable[[], int]) -> None:
    """Go on from where the job is until it is done or the time is nearly over."""
    target = registry.registered(ports, Target, job.spec["target"])
    pushing = Pushing(ports, job, target)
    known = [("deliveries", target.id), ("deliveries", pushing.entries)]
    parts = known if job.spec["filter"] is None else [*known, *EVERYONE]
    tally = walk(ports, job, lambda at: _visit(pushing, at), remaining_ms, parts)
    if tally is not None:
        named = {"target": target.id, "list": job.spec["list"]}
        jobs.close(ports, job, "done", named | counted(tally))


def _visit(pushing: Pushing, place: Place) -> Iterable[str]:
    """Decide about one contact; what is to be counted of it, the same however often it is done."""
    found = insisting(pushing.ports, lambda _: pushing.decided(place))
    if found is None or found.place != place.name:
        return ()
    if found.changes and not pushing.preview:
        _tell(pushing.ports, pushing.job, pushing.target, found.id)
    return found.words


def _tell(ports: Ports, job: Job, target: Target, contact: str) -> None:
    """Whoever the contact is by now, also as the target told of it: it may be merged meanwhile."""
    home = insisting(ports, lambda _: contacts.head_of(ports.items, contact))
    for name in dict.fromkeys([contact, *([home.id] if home else [])]):
        kick_deliveries(ports, tell(ports, name, [target], force=True, run=job.id))


def shown(row: Item) -> dict[str, Any]:
    """What a push decided about a contact, as the outside sees it."""
    found = Listing.of_row(row)
    return {"id": found.id, "task": found.task, "why": found.why or None}
