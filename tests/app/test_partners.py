"""A system of a vendor's kind through the deployed whole: told by its connector, and heard."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from infra.client import Api
from tests.app.speaking import Source, eventually, settle
from tests.standins.hubspot import HubSpot
from tests.standins.serve import served

Register = Callable[..., Source]


@pytest.fixture
def hubspot() -> Iterator[tuple[HubSpot, str]]:
    """An account, and where it answers over HTTP."""
    standin = HubSpot(lambda: datetime.now(UTC))
    with served(standin) as url:
        yield standin, url
    assert standin.broken == []


def test_a_contact_is_made_changed_and_let_go_there_and_its_edits_come_in(
    source: Register, api: Api, hubspot: tuple[HubSpot, str]
) -> None:
    standin, url = hubspot
    crm = source()
    path = f"/v1/targets/hubspot-{crm.id}"
    settings = {"kind": "hubspot", "url": url, "filter": f"tag:{crm.id}"}
    api.put(path, settings)
    api.put(f"{path}/access", {"access": {"token": "pat-1"}})
    assert api.post(f"{path}/ping", {})["delivered"] is True
    contact = crm.tell("h-1", given_name="Maria", family_name="Lis", emails=["m@example.org"])
    eventually(lambda: bool(standin.records), "HubSpot has the contact")
    ((remote, held),) = standin.records.items()
    assert (held["kartoteka_id"], held["firstname"]) == (contact, "Maria")
    crm.tell("h-1", given_name="Marianna", family_name="Lis", emails=["m@example.org"])
    eventually(lambda: standin.records[remote]["firstname"] == "Marianna", "it was changed there")
    settle(api)
    health = api.get(f"{path}/health")
    assert (health["state"], health["breaker"]["state"]) == ("active", "closed")
    api.put(f"/v1/sources/hubspot-{crm.id}", {"kind": "hubspot"})
    standin.edit(remote, phone="+48600100200")
    eventually(lambda: phones(api, contact) == ["+48600100200"], "the edit came in")
    api.put(path, {**settings, "enabled": False})


def phones(api: Api, contact: str) -> list[str]:
    """The numbers of a contact."""
    return [phone["number"] for phone in api.get(f"/v1/contacts/{contact}")["phones"]]
