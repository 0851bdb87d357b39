"""HubSpot."""

from tests.connectors.rigs import Rig
from tests.standins.hubspot import HubSpot
from tests.unit.standins.calling import Clock


def hubspot() -> Rig:
    """An account with a private app's token."""
    clock = Clock()
    standin = HubSpot(clock)
    return Rig(
        kind="hubspot",
        standin=standin,
        clock=clock,
        held=lambda r: {"properties": standin.records[r]} if r in standin.records else None,
        make=standin.create,
        edit=standin.edit,
        delete=standin.delete,
        foreign={"lifecyclestage": "lead"},
        access={"token": "pat-1"},
        expire=standin.expire,
        refused={"phones": [{"number": "+48600100200"}]},
    )
