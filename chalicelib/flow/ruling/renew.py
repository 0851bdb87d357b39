"""Renew: a contact that was settled by other rules than those in force is settled anew.

read head -> the rules, after it -> by others? -> members -> settle -> head, version, changes

Nobody stays behind: a writer that had read the rules before commits on a head which this
writes (also where nothing changes), so it meets a `Conflict` or is renewed itself. A contact
that comes back, or is born, is renewed by its match, if not by the walk.
"""

from collections.abc import Callable, Sequence
from typing import Literal

from chalicelib.domain.errors import TooLargeError
from chalicelib.domain.settle import settle
from chalicelib.domain.survivorship import DEFAULTS
from chalicelib.flow import jobs
from chalicelib.flow.changes import Change, change_writes, changed, insisting, kick
from chalicelib.flow.jobs import Job
from chalicelib.flow.ports import Ports
from chalicelib.flow.ruling import rules
from chalicelib.flow.walk import Place, walk
from chalicelib.store import contacts

Renewed = Literal["", "changed", "unchanged", "too_large"]


def renew(ports: Ports, contact_id: str) -> Renewed:
    """Bring the contact that an id leads to under the rules in force.

    Says what became of its values; empty where it is under them already. One that would grow
    too large stays as it is.
    """
    try:
        renewed, changes = insisting(ports, lambda _: _renew(ports, contact_id))
    except TooLargeError:
        return "too_large"
    kick(ports, changes)
    return renewed


def _renew(ports: Ports, contact_id: str) -> tuple[Renewed, Sequence[Change]]:
    head = contacts.head_of(ports.items, contact_id)
    why = rules.renewing(ports)
    if head is None or (head.rules or DEFAULTS.version) == why.rules.version:
        return "", ()
    contact = contacts.with_records(ports.items, head)
    step = settle(head, contact.records, head.judgements, why)
    told = bool(step.version)
    changes = changed(ports, head.id, step.after.rev, match=() if told else None, fan_out=told)
    ports.items.write(contacts.step_writes(step) + change_writes(changes))
    return "changed" if told else "unchanged", changes


def work(ports: Ports, job: Job, remaining_ms: Callable[[], int]) -> None:
    """Renew everybody, on with the job from where it is: an activation of rules, or its undo."""

    def visit(place: Place) -> list[str]:
        renewed = renew(ports, place.contact)
        return [renewed] if renewed else []

    tally = walk(ports, job, visit, remaining_ms)
    if tally is not None:
        counts = {n: tally[n] for n in ("changed", "unchanged", "too_large")}
        jobs.close(ports, job, "done", {"version": job.spec["version"], **counts})
