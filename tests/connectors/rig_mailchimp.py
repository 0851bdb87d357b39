"""Mailchimp."""

from typing import Any

from tests.connectors.rigs import Rig
from tests.standins.mailchimp import Mailchimp
from tests.standins.mailchimp.merging import STANDARD, Field
from tests.unit.standins.calling import Clock

URL = "https://us21.api.mailchimp.com"


def mailchimp(**settings: Any) -> Rig:
    """One audience, by its account's key."""
    clock = Clock()
    fields = (*STANDARD, Field("SHOE"), Field("OURS"))
    standin = Mailchimp(clock, fields=fields, fake=("fake.example",), **settings)

    def held(remote: str) -> dict[str, Any] | None:
        member = standin.members.find(remote)
        shown = member and member.status != "archived"
        return member.shown(standin.list_id) if member and shown else None

    def revoke() -> None:
        standin.key = "another-us21"

    return Rig(
        kind="mailchimp",
        standin=standin,
        clock=clock,
        held=held,
        make=standin.create,
        edit=standin.edit,
        delete=standin.delete,
        foreign={"SHOE": "42"},
        base=URL,
        access={"api_key": "key-us21"},
        options={"list": "a6b5da1054"},
        expire=revoke,
        refused={"emails": [{"address": "ewa@fake.example"}]},
    )
