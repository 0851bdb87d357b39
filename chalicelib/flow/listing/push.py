"""Push: a list is made at a target, made anew, or emptied, as a job."""

from dataclasses import dataclass

from chalicelib.connectors.catalogue import caps_of
from chalicelib.domain import times
from chalicelib.domain.errors import (
    ConflictError,
    FieldError,
    InvalidError,
    NotFoundError,
    UnsupportedError,
)
from chalicelib.domain.filters import compile_filter
from chalicelib.domain.lists import RESERVED, Push, TargetList
from chalicelib.domain.model import canonical, digest
from chalicelib.domain.sources import Target
from chalicelib.flow import jobs, registry
from chalicelib.flow.changes import insisting
from chalicelib.flow.jobs import Job
from chalicelib.flow.listing.segments import filter_of
from chalicelib.flow.ports import Ports
from chalicelib.store import keys
from chalicelib.store.ports import Absent, Equals, Put, Write

LISTS_CAP = 50
"""Each contact's delivery says of every list of its target whether it is on it, and what was told
of all of them stands with it in one transaction.
"""


@dataclass(frozen=True)
class Order:
    """What a list shall hold: what a segment comes to, or a filter; neither: nobody.

    `key` is the caller's name for it: under it, this very order is done once.
    """

    target: str
    name: str
    by: str
    key: str
    segment: str | None = None
    filter: str | None = None
    preview: bool = False


def push(ports: Ports, order: Order) -> Job:
    """Begin the job that brings the list to this, or that only says what it would do.

    Raises `NotFoundError`, `InvalidError`, and `ConflictError` where the target cannot hold
    lists, or may not without consent, or another push of the list is at work.
    """
    what = canonical([order.segment, order.filter, order.preview])
    name = digest("list", order.target, order.name, order.by, order.key, what)
    job = insisting(ports, lambda _: jobs.find(ports, name) or _opened(ports, order, name))
    if job.state == "open":
        jobs.kick_jobs(ports, [job])
    return job


def _opened(ports: Ports, order: Order, name: str) -> Job:
    target = registry.started(ports, Target, order.target)
    check_able(target)
    text = _filter(ports, order)
    spec = {"target": target.id, "list": order.name, "filter": text, "preview": order.preview}
    job = jobs.new_job(ports, "push_list", spec, name)
    if order.preview:
        ports.items.write([jobs.job_write(job)])
        return job
    at = times.text(ports.now())
    made = Push(job=name, at=at, by=order.by, filter=text, segment=order.segment or "")
    writes = [_list_write(ports, order, made), jobs.job_write(job)]
    writes.append(Put(keys.pushed(target.id, order.name, at, name), made.row(), Absent()))
    if order.name in target.lists:
        ports.items.write(writes)
    else:
        registry.store(ports, target, _with(target, order.name), writes)
    return job


def check_able(target: Target) -> None:
    """Refuse lists where there can be none, or where nobody was asked; raises `ConflictError`."""
    caps = caps_of(target.kind)
    if not caps.lists:
        raise UnsupportedError
    if caps.lists == "consenting" and target.consent is None:
        detail = "A mailing system takes lists only with a gate: set the target's consent."
        raise ConflictError(detail, kind="consent_needed")


def _filter(ports: Ports, order: Order) -> str | None:
    if order.segment is None and order.filter is None:
        return None
    text = filter_of(ports, order.segment) if order.segment is not None else order.filter or ""
    compile_filter(text)
    return text


def _with(target: Target, name: str) -> Target:
    if name.startswith(RESERVED):
        detail = f"Names that begin with {RESERVED} are marks of our own."
        raise InvalidError(detail, [FieldError("/list", "reserved", detail)])
    if name == target.options.get("tag", "").lower():
        detail = "It is the tag of all whom the target has."
        raise InvalidError(detail, [FieldError("/list", "reserved", detail)])
    if len(target.lists) >= LISTS_CAP:
        raise ConflictError(f"A target has at most {LISTS_CAP} lists.", kind="too_many_lists")
    return target.model_copy(update={"lists": (*target.lists, name)})


def _list_write(ports: Ports, order: Order, made: Push) -> Write:
    key = keys.registered(keys.lists_of(order.target), order.name)
    row = ports.items.get(key)
    known = TargetList.of_row(row) if row else None
    if known is None and made.filter is None:
        raise NotFoundError("There is no such list.")
    before = jobs.find(ports, known.push.job) if known else None
    if before and before.state == "open":
        raise ConflictError("It is being pushed: wait until that is done.", kind="pushing")
    began, rev = (known.created_at, known.rev) if known else (made.at, 0)
    news = TargetList(
        target=order.target, name=order.name, created_at=began, push=made, rev=rev + 1
    )
    return Put(key, news.row(), Equals("rev", rev) if rev else Absent())
