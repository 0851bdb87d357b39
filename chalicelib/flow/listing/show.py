"""Show: the lists of a target, who is on them or why not, and what was told of them when."""

from collections.abc import Callable
from typing import Any

from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.lists import Entry, Push, TargetList, Told
from chalicelib.domain.sources import Target
from chalicelib.flow import jobs, registry
from chalicelib.flow.changes import insisting
from chalicelib.flow.ports import Ports
from chalicelib.store import contacts, deliveries, keys
from chalicelib.store.ports import Item

Json = dict[str, Any]
PUSHES = 20
"""How many are shown, the newest first."""


def lists(ports: Ports, target_id: str, after: str | None, limit: int) -> Json:
    """A page of the target's lists, by name."""
    target = registry.registered(ports, Target, target_id)
    page = ports.items.query("registry", keys.lists_of(target.id), after=after, limit=limit)
    return {"items": [_view(TargetList.of_row(row)) for row in page.items], "next": page.next}


def one(ports: Ports, target: str, name: str) -> Json:
    """One list, and what its pushes came to; `NotFoundError`."""
    known = _named(ports, target, name)
    page = ports.items.query(
        "deliveries", keys.pushed(target, name).pk, limit=PUSHES, newest_first=True
    )
    return _view(known) | {"pushes": [_push(ports, Push.of_row(row)) for row in page.items]}


def _named(ports: Ports, target: str, name: str) -> TargetList:
    row = ports.items.get(keys.registered(keys.lists_of(target), name))
    if row is None:
        raise NotFoundError("There is no such list.")
    return TargetList.of_row(row)


def _view(known: TargetList) -> Json:
    said = _made_from(known.push) | {"pushed_at": known.push.at, "pushed_by": known.push.by}
    return {"name": known.name, "created_at": known.created_at, **said}


def _made_from(push: Push) -> Json:
    return {"filter": push.filter, "segment": push.segment or None}


def _push(ports: Ports, push: Push) -> Json:
    job = jobs.job(ports, push.job)
    result = {n: v for n, v in job.result.items() if n not in ("target", "list")}
    said = {"job": push.job, "state": job.state, "at": push.at, "by": push.by}
    return said | _made_from(push) | {"result": result or None}


def entries(ports: Ports, target: str, name: str, after: str | None, limit: int) -> Json:
    """A page of all that ever were decided about, by id: what holds of each, and what was sent."""
    place = keys.listed(_named(ports, target, name).target, name).pk
    return _page(ports, place, after, limit, lambda row: _entry(ports, target, name, row))


def _entry(ports: Ports, target: str, name: str, row: Item) -> Json:
    entry = Entry.of_row(row)
    told, home = insisting(ports, lambda _: _told(ports, target, name, entry.contact))
    return {
        "contact_id": entry.contact,
        "merged_into": home if home != entry.contact else None,
        "state": entry.state,
        "why": entry.why or None,
        "decided_at": entry.at,
        "sent": told.row() if told else None,
    }


def _told(ports: Ports, target: str, name: str, contact: str) -> tuple[Told | None, str]:
    """What was told last of the contact as it is now, by whichever of its members is on."""
    head = contacts.head_of(ports.items, contact)
    rows = deliveries.of_members(ports.items, target, head).values() if head else ()
    said = [row.told_lists[name] for row in rows if name in row.told_lists]
    return max(said, key=lambda t: (t.on, t.at), default=None), head.id if head else contact


def sent(ports: Ports, target: str, name: str, after: str | None, limit: int) -> Json:
    """A page of what the target was told of the list, the newest first."""
    place = keys.list_told(_named(ports, target, name).target, name).pk
    return _page(ports, place, after, limit, _sent, newest_first=True)


def _sent(row: Item) -> Json:
    told = Told.of_row(row)
    task = "added" if told.on else "removed"
    return {"contact_id": row["contact"], "what": task, "version": told.version, "at": told.at}


def _page(
    ports: Ports,
    place: str,
    after: str | None,
    limit: int,
    view: Callable[[Item], Json],
    *,
    newest_first: bool = False,
) -> Json:
    page = ports.items.query(
        "deliveries", place, after=after, limit=limit, newest_first=newest_first
    )
    return {"items": [view(row) for row in page.items], "next": page.next}
