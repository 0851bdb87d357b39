"""A conflict with a partner over HTTP: asked, read, answered as a rule; and refusals."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import httpx
import pytest

from infra.client import Api
from tests.app.problems import check_problem
from tests.app.speaking import Json, Source, eventually, settle
from tests.standins.hubspot import HubSpot
from tests.standins.serve import served

Asked = Callable[..., httpx.Response]


@pytest.fixture
def hubspot() -> Iterator[tuple[HubSpot, str]]:
    """An account, and where it answers over HTTP."""
    standin = HubSpot(lambda: datetime.now(UTC))
    with served(standin) as url:
        yield standin, url
    assert standin.broken == []


@pytest.fixture
def reply(http: httpx.Client, bearer: dict[str, str]) -> Asked:
    """An answer of a steward who saw the conflict with this ETag."""

    def replied(conflict: str, body: Json, seen: str) -> httpx.Response:
        told = bearer | ({"If-Match": seen} if seen else {})
        return http.post(f"/v1/conflicts/{conflict}/answer", json=body, headers=told)

    return replied


def test_what_both_changed_waits_for_one_answer_which_becomes_the_rule(
    source: Callable[..., Source], api: Api, hubspot: tuple[HubSpot, str], reply: Asked
) -> None:
    standin, url = hubspot
    crm = source("asking")
    partner = f"hubspot-{crm.id}"
    settings = {"kind": "hubspot", "url": url, "filter": f"tag:{crm.id}"}
    settings |= {"owners": {"job_title": "ask"}}
    api.put(f"/v1/targets/{partner}", settings)
    api.put(f"/v1/targets/{partner}/access", {"access": {"token": "pat-1"}})
    ida = {"given_name": "Ida", "emails": [f"ida@{crm.id}.pl"]}
    contact = crm.tell("c-1", **ida, job_title="clerk")
    eventually(lambda: bool(standin.records), "HubSpot has her")
    settle(api)
    api.put(f"/v1/sources/{partner}", {"kind": "hubspot"})
    (remote,) = standin.records
    standin.edit(remote, jobtitle="head")
    crm.tell("c-1", **ida, job_title="director")
    eventually(lambda: bool(waiting(api, partner)), "it is asked")
    (item,) = waiting(api, partner)
    assert (item["theirs"]["value"], item["ours"]["value"]) == ("head", "director")
    assert api.get(f"/v1/conflicts/{item['id']}")["ours"]["source"] == crm.id
    assert api.get(f"/v1/targets/{partner}/health")["conflicts"]["count"] == 1
    check_problem(reply(item["id"], {"take": "theirs"}, ""), 428)
    check_problem(reply(item["id"], {"take": "theirs"}, '"other"'), 412)
    check_problem(reply(item["id"], {"take": "nobody"}, item["etag"]), 422)
    check_problem(reply("none.such.here", {"take": "ours"}, item["etag"]), 404)
    said = reply(item["id"], {"take": "theirs", "remember": True}, item["etag"])
    assert (said.status_code, said.json()["answer"]["take"]) == (200, "theirs")
    check_problem(reply(item["id"], {"take": "ours"}, item["etag"]), 409)
    assert api.get(f"/v1/targets/{partner}")["owners"] == {"job_title": "theirs"}
    assert waiting(api, partner) == [] and len(waiting(api, partner, "answered")) == 1
    assert api.get(f"/v1/contacts/{contact}")["job_title"] == "head"
    settle(api)
    assert standin.records[remote]["jobtitle"] == "head"
    api.put(f"/v1/targets/{partner}", {**settings, "enabled": False})


def waiting(api: Api, partner: str, state: str = "open") -> list[Json]:
    """The partner's conflicts in this state."""
    return list(api.items("/v1/conflicts", target=partner, state=state))
