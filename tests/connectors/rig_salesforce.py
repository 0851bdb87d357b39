"""Salesforce."""

from tests.connectors.rigs import Rig
from tests.standins.salesforce import Salesforce
from tests.unit.standins.calling import Clock


def salesforce() -> Rig:
    """An org with a connected app, and a field for our id."""
    clock = Clock()
    standin = Salesforce(clock)
    return Rig(
        kind="salesforce",
        standin=standin,
        clock=clock,
        held=lambda r: standin.records.get(r),
        make=standin.create,
        edit=standin.edit,
        delete=standin.delete,
        foreign={"Department": "Purchasing"},
        base="https://kartoteka.my.salesforce.com",
        access={"client_id": "client-id", "client_secret": "client-secret"},
        options={"user": "005000000000001AAA"},
        expire=standin.expire,
        refused={"emails": [{"address": f"{'e' * 80}@example.org"}]},
        writes="^PATCH",
    )
