"""Undo a batch, whichever kind of job made it."""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.domain.errors import NotFoundError
from chalicelib.flow import deactivate, jobs, switch_rules
from chalicelib.flow.jobs import Kind
from chalicelib.flow.ports import Ports

Undo = Callable[[Ports, str, str], tuple[int, dict[str, Any]]]
UNDO: Mapping[Kind, Undo] = {
    "activate": deactivate.undo,
    "activate_rules": switch_rules.undo,
}


def undo(ports: Ports, batch: str, by: str) -> tuple[int, dict[str, Any]]:
    """Take a batch back: (202, the job), and once that is done (200, what came of it).

    Raises `NotFoundError` for what is no such batch, `ConflictError` as its kind does.
    """
    made = jobs.find(ports, batch)
    if made is None or made.kind not in UNDO:
        raise NotFoundError("There is no batch under this id that can be undone.")
    return UNDO[made.kind](ports, batch, by)
