"""Somebody who changes a contact at the worst moment: after we read it, before we write."""

from typing import Any

from tests.connectors.rigs import Rig
from tests.standins.base import Called, Replied


def meddle(rig: Rig, remote: str, times: int, **fields: Any) -> None:
    """The next `times` updates come just after a user changed these fields."""
    answer = rig.standin.answer

    def meddled(called: Called) -> Replied:
        nonlocal times
        if called.method == "PATCH" and times:
            times -= 1
            rig.edit(remote, **fields)
        return answer(called)

    rig.standin.answer = meddled
