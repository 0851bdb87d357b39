"""Google Contacts."""

from tests.connectors.rigs import Rig
from tests.standins.google import GooglePeople
from tests.unit.standins.calling import Clock

ACCESS = {"client_id": "client-1", "client_secret": "secret-1", "refresh_token": "refresh-1"}


def google() -> Rig:
    """One user's contacts, by a refresh token."""
    clock = Clock()
    standin = GooglePeople(clock)
    return Rig(
        kind="google",
        standin=standin,
        clock=clock,
        held=lambda remote: standin.records.get(remote),
        make=standin.create,
        edit=standin.edit,
        delete=standin.delete,
        foreign={"urls": [{"value": "https://ewa.example.org", "type": "blog"}]},
        access=dict(ACCESS),
        options={"login": "https://people.googleapis.com"},
        expire=standin.grant.expire,
        writes=":createContact|:updateContact",
    )
