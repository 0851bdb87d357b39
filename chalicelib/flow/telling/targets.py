"""Targets: what a change of their settings means for what they have."""

from typing import Any

from chalicelib.domain.errors import FieldError, InvalidError
from chalicelib.domain.filters import compile_filter
from chalicelib.domain.sources import Target
from chalicelib.domain.views import OFFERED
from chalicelib.flow import jobs, registry
from chalicelib.flow.jobs import Job
from chalicelib.flow.ports import Ports
from chalicelib.flow.telling.backfill import new_backfill
from chalicelib.store.ports import Write


def put_target(ports: Ports, name: str, settings: dict[str, Any]) -> tuple[Target, str]:
    """Register a target or change its settings; returns it with its secret where it is new.

    Enabling one tells it what it has missed; another filter or field list brings what it has
    up to date. The job stands in the transaction of the change. Raises `InvalidError`.
    """
    compile_filter(settings["filter"])
    if not set(settings["fields"]) <= set(OFFERED):
        detail = "It names a field that a contact does not have."
        raise InvalidError(detail, [FieldError("/fields", "unknown_field", detail)])
    ports.sender.check(settings["url"])
    opened: list[Job] = []

    def follow(known: Target | None) -> list[Write]:
        opened[:] = _following(ports, known, settings)
        return [jobs.job_write(job) for job in opened]

    registered = registry.register(ports, Target, name, settings, follow)
    jobs.kick_jobs(ports, opened)
    return registered


def _following(ports: Ports, known: Target | None, settings: dict[str, Any]) -> list[Job]:
    if known is None or not known.started or not settings["enabled"]:
        return []
    if not known.enabled:
        return [new_backfill(ports, known.id, everyone=True)]
    before = (known.filter, known.fields)
    changed = before != (settings["filter"], tuple(settings["fields"]))
    return [new_backfill(ports, known.id, everyone=False)] if changed else []
