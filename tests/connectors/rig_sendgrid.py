"""SendGrid."""

from datetime import timedelta
from typing import Any

from tests.connectors.rigs import Rig
from tests.standins.sendgrid import SendGrid
from tests.unit.standins.calling import Clock


def sendgrid() -> Rig:
    """An account whose jobs take half a minute."""
    clock = Clock()
    standin = SendGrid(clock)

    def held(remote: str) -> dict[str, Any] | None:
        contact = standin.records.get(remote)
        return contact.shown(standin.store.named()) if contact else None

    def settle() -> None:
        clock.at += timedelta(minutes=1)

    def revoke() -> None:
        standin.key = "SG.another"

    return Rig(
        kind="sendgrid",
        standin=standin,
        clock=clock,
        held=held,
        make=standin.create,
        edit=standin.edit,
        delete=standin.delete,
        foreign={"address_line_2": "room 7"},
        access={"api_key": "SG.test"},
        expire=revoke,
        refused={"given_name": "Ewa"},
        settle=settle,
        act=lambda remote: standin.unsubscribe(standin.records[remote].fields["email"]),
        tells_everyone=False,
    )
