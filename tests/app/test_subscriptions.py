"""A partner is subscribed to through the deployed whole, and its calls are known by their proof."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from infra.client import Api
from tests.app.problems import check_problem
from tests.app.speaking import Source, eventually
from tests.standins.base import Called, Replied
from tests.standins.mailchimp import Mailchimp
from tests.standins.serve import served

Register = Callable[..., Source]
Ring = Callable[[Called], int]


@pytest.fixture
def ring(api: Api) -> Ring:
    """Makes a call of the system's over HTTP; the status of the answer."""
    host = httpx.URL(api.base_url)

    def call(called: Called) -> int:
        url = host.copy_with(path=called.path, params=dict(called.query))
        headers = {name: text for name, text in called.headers.items() if name != "host"}
        given = {"content": called.body, "headers": headers, "timeout": 60, "trust_env": False}
        return httpx.request(called.method, url, **given).status_code

    return call


@pytest.fixture
def mailchimp(ring: Ring) -> Iterator[tuple[Mailchimp, str]]:
    """An account that visits a hook before it saves it, and where it answers over HTTP."""
    standin = Mailchimp(lambda: datetime.now(UTC), visit=lambda called: Replied(ring(called)))
    with served(standin) as url:
        yield standin, url
    assert standin.broken == []


def test_a_partner_calls_because_it_was_asked_to_until_it_is_told_not_to(
    api: Api,
    http: httpx.Client,
    bearer: dict[str, str],
    ring: Ring,
    mailchimp: tuple[Mailchimp, str],
) -> None:
    standin, url = mailchimp
    name = f"news-{uuid.uuid4().hex[:8]}"
    account = {"kind": "mailchimp", "url": url, "filter": f"tag:{name}"}
    account |= {"options": {"list": standin.list_id}}
    api.put(f"/v1/targets/{name}", account)
    api.put(f"/v1/targets/{name}/access", {"access": {"api_key": standin.key}})
    api.put(f"/v1/sources/{name}", {"kind": "mailchimp"})
    path, hook = f"/v1/sources/{name}/subscription", f"{api.base_url}/v1/hooks/{name}"
    assert api.get(path)["state"] == "none"

    told = api.post(path, {"url": hook})
    assert (told["state"], told["url"], told["error"]) == ("active", hook, None)
    assert api.get(path)["id"] == told["id"] and list(standin.hooks.all) == [told["id"]]
    assert api.get(f"/v1/targets/{name}/health")["subscription"] == "active"

    standin.create("maria@example.org", FNAME="Maria", LNAME=name)
    (called,) = standin.events()
    assert ring(called) == 200
    assert ring(replace(called, query={**called.query, "token": ["guessed"]})) == 401
    eventually(lambda: list(api.search(f"source:{name}")), "she came in")

    ended = http.request("DELETE", path, headers=bearer)
    assert (ended.status_code, ended.json()["state"]) == (200, "none")
    assert standin.hooks.all == {}
    api.put(f"/v1/sources/{name}", {"kind": "mailchimp", "enabled": False})
    api.put(f"/v1/targets/{name}", account | {"enabled": False})


def test_what_cannot_be_subscribed_to_says_why(
    source: Register, http: httpx.Client, bearer: dict[str, str]
) -> None:
    path = f"/v1/sources/{source().id}/subscription"
    generic = check_problem(http.post(path, headers=bearer, json={}), 409)
    assert generic["type"].endswith(":unsupported")
    check_problem(http.post(path, headers=bearer, json={"uri": "x"}), 422)
    check_problem(http.post(path, json={}), 401)
    check_problem(http.get("/v1/sources/nobody/subscription", headers=bearer), 404)
