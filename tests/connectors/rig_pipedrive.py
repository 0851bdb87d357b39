"""Pipedrive."""

from typing import Any

from tests.connectors.rigs import Rig
from tests.standins.pipedrive import OWN_KEY, Pipedrive
from tests.unit.standins.calling import Clock


def pipedrive() -> Rig:
    """An account with a user's token, and a field for our id."""
    clock = Clock()
    standin = Pipedrive(clock)

    def edit(remote: str, **fields: Any) -> None:
        standin.edit(int(remote), **fields)

    return Rig(
        kind="pipedrive",
        standin=standin,
        clock=clock,
        held=lambda r: standin.records.get(int(r)),
        make=lambda **fields: str(standin.create(**fields)),
        edit=edit,
        delete=lambda r: standin.delete(int(r)),
        foreign={"job_title": "buyer"},
        access={"token": "api-token-1"},
        options={"key": OWN_KEY, "user": "1"},
        expire=standin.expire,
    )
