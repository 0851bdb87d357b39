"""Rehearse: say of every contact what a target would be told, and tell it nothing.

    each contact -> foresee -> what the target has of it -> a finding, kept with the job

First all contacts, then those that the target has: one that is gone stands in no index.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

from chalicelib.connectors.catalogue import caps_of
from chalicelib.connectors.connector import UnavailableError
from chalicelib.domain.errors import ConflictError
from chalicelib.domain.guarding import units_of
from chalicelib.domain.model import digest
from chalicelib.domain.rehearsing import TargetFinding, mark_of, tried
from chalicelib.domain.sources import Target
from chalicelib.domain.views import contact_view
from chalicelib.flow import jobs, registry
from chalicelib.flow.changes import insisting
from chalicelib.flow.jobs import Job
from chalicelib.flow.ports import Ports
from chalicelib.flow.rehearsing.foresee import Sight, foresee
from chalicelib.flow.rehearsing.there import There
from chalicelib.flow.telling.accounts import connected
from chalicelib.flow.telling.targets import check
from chalicelib.flow.walk import EVERYONE, Place, walk
from chalicelib.store import contacts, keys
from chalicelib.store.ports import Absent, Item, Put

_FIELD, _WITHHELD, _UNITS = "field ", "withheld ", "units"
MOST = ("left_filter", "not_listed")


def rehearse(ports: Ports, target_id: str, settings: dict[str, Any]) -> Job:
    """Open the job for a target as it is, or with these settings changed; returns it.

    Raises `InvalidError`.
    """
    target = registry.registered(ports, Target, target_id)
    check(ports, tried(target, settings))
    spec = {"target": target.id, "settings": settings, "mark": mark_of(target)}
    job = jobs.open_job(ports, "rehearse_target", spec, ports.chance.token())
    jobs.kick_jobs(ports, [job])
    return job


def as_rehearsed(ports: Ports, job: Job) -> tuple[Target, Target]:
    """The target as it is, and as it is tried; `ConflictError` where it was changed meanwhile."""
    target = registry.registered(ports, Target, job.spec["target"])
    if mark_of(target) != job.spec["mark"]:
        detail = "Its settings were changed since; rehearse again."
        raise ConflictError(detail, kind="settings_changed")
    return target, tried(target, job.spec["settings"])


def work(ports: Ports, job: Job, remaining_ms: Callable[[], int]) -> None:
    """Go on from where the job is until it is done, the time is nearly over, or the target was
    asked enough for now: then the sweep goes on.
    """
    try:
        before, wanted = as_rehearsed(ports, job)
    except ConflictError as refused:
        jobs.close(ports, job, "failed", {"error": refused.kind, "detail": refused.detail})
        raise
    readable = caps_of(wanted.kind).reads
    there = There(
        ports, before, wanted, connected(ports, wanted, remaining_ms) if readable else None
    )
    partitions = [*EVERYONE, ("deliveries", wanted.id)]
    try:
        tally = walk(ports, job, lambda at: _visit(job, there, at), remaining_ms, partitions)
    except UnavailableError:
        return
    if tally is not None:
        jobs.close(ports, job, "done", {"target": wanted.id, **_result(tally)})


def _result(tally: Counter[str]) -> dict[str, Any]:
    """How many contacts would be told what, why others not, and how many in each field."""

    def of(kind: str) -> dict[str, int]:
        return {n.removeprefix(kind): k for n, k in sorted(tally.items()) if n.startswith(kind)}

    tasks = ("contacts", "create", "link", "update", "remove", "leave", "unread", _UNITS)
    return {n: tally[n] for n in tasks} | {"withhold": of(_WITHHELD), "fields": of(_FIELD)}


def _visit(job: Job, there: There, place: Place) -> list[str]:
    """Look at one contact; what is to be counted of it, the same however often it is done."""
    seen = ["contacts"] if place.table == "index" else []
    return seen + insisting(there.ports, lambda _: _found(job, there, place))


def _found(job: Job, there: There, place: Place) -> list[str]:
    row = there.ports.items.get(keys.finding(job.id, place.contact))
    if row:
        return _words(TargetFinding.of_row(row), place)
    sight = foresee(there.ports, there.tried, place.contact)
    if sight is None:
        return []
    task, why, _ = sight.foreseen
    if task == "leave":  # it has a delivery, which is come to once
        return ["leave"] if place.table == "deliveries" else []
    if why in MOST and task == "withhold":  # most contacts, where a target has few
        return [_WITHHELD + why] if place.table == "index" else []
    return _noted(job, there, place, sight)


def _noted(job: Job, there: There, place: Place, sight: Sight) -> list[str]:
    found, met = sight.foreseen, there.met(sight)
    finding = TargetFinding(
        id=sight.known.contact,
        place=place.name,
        task=met.task,
        why=found.why,
        print=found.print,
        units=units_of(found.parcel) if found.parcel else 0,
        fields=met.fields,
    )
    writes = [Put(keys.finding(job.id, finding.id), finding.row(), Absent())]
    if met.remote:  # nobody else is linked to it
        claim = keys.claim(job.id, digest(met.remote))
        writes.append(Put(claim, {"contact": finding.id}, Absent()))
    there.ports.items.write(writes)
    return _words(finding, place) + (["unread"] if met.unread else [])


def _words(finding: TargetFinding, place: Place) -> list[str]:
    if finding.place != place.name:
        return []  # it is counted where it was found
    task = _WITHHELD + finding.why if finding.task == "withhold" else finding.task
    return [task, *[_UNITS] * finding.units, *(_FIELD + name for name in finding.fields)]


def shown(ports: Ports, job: Job, row: Item) -> dict[str, Any]:
    """A finding as the outside sees it: whom it is about, and which fields; no values of them."""
    finding = TargetFinding.of_row(row)
    latest = insisting(ports, lambda _: contacts.latest(ports.items, finding.id))
    named = {
        "id": finding.id,
        "full_name": contact_view(latest[1])["full_name"] if latest else None,
    }
    said = {"task": finding.task, "why": finding.why or None, "fields": list(finding.fields)}
    outcome = ports.items.get(keys.outcome(f"activate-{job.id}", finding.id))
    return named | said | {"outcome": outcome["state"] if outcome else None}
