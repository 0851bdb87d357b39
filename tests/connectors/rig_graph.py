"""Outlook's contacts, by either way to come in."""

from dataclasses import replace

from tests.connectors.rigs import Rig
from tests.standins.graph import MicrosoftGraph
from tests.unit.standins.calling import Clock

OPTIONS = {"login": "https://graph.microsoft.com"}
APP = {"client_id": "client-1", "client_secret": "secret-1"}


def graph() -> Rig:
    """A user's mailbox, by a refresh token."""
    clock = Clock()
    standin = MicrosoftGraph(clock)
    return Rig(
        kind="graph",
        standin=standin,
        clock=clock,
        held=lambda remote: standin.records.get(remote),
        make=standin.create,
        edit=standin.edit,
        delete=standin.delete,
        foreign={"spouseName": "Jan", "homePhones": ["+48222222222"]},
        access={**APP, "refresh_token": "refresh-1"},
        options=dict(OPTIONS),
        expire=standin.grant.expire,
        writes="^(POST|PATCH) /v1.0",
    )


def graph_app() -> Rig:
    """The same mailbox, by the app's own right."""
    options = {**OPTIONS, "tenant": "firma.example", "user": "user-1"}
    return replace(graph(), access=dict(APP), options=options)
