"""Switch rules: another set is rehearsed, put in force for everybody as one batch, taken back."""

from collections.abc import Sequence
from typing import Any

from chalicelib.flow import batches
from chalicelib.flow.batches import Batch, Kind
from chalicelib.flow.jobs import Job
from chalicelib.flow.ports import Ports
from chalicelib.flow.ruling.rules import SWITCH
from chalicelib.flow.ruling.switch import Also
from chalicelib.store.ports import Write


def rehearse(ports: Ports, version: str) -> Job:
    """Open the job of a rehearsal; returns it."""
    return SWITCH.rehearse(ports, version)


def activate(ports: Ports, version: str, rehearsal_id: str, by: str) -> Job:
    """Put the rules in force and open the job that renews everybody; as `Switch.activate`."""
    return SWITCH.activate(ports, version, rehearsal_id, _batch("rules", by))


def undo(ports: Ports, batch: str, by: str) -> tuple[int, dict[str, Any]]:
    """Put the rules before in force, and open the job that renews everybody; as `Switch.undo`."""
    return SWITCH.undo(ports, batch, by, _batch("undo", by))


def _batch(kind: Kind, by: str) -> Also:
    """The header of what the job does: a batch of its own."""

    def header(job: Job) -> Sequence[Write]:
        name, at = job.spec["version"], job.created_at
        return [batches.opening(Batch(id=job.id, kind=kind, by=by, at=at, name=name))]

    return header
