"""Targets that fail, refuse, redirect or pause: nothing is lost, and nothing goes astray."""

from collections.abc import Callable

import pytest

from infra.client import Api
from tests.app.listening import Listener
from tests.app.speaking import Json, Source, eventually, settle

Register = Callable[..., Source]
Listen = Callable[..., Listener]


def delivery(api: Api, listener: Listener) -> Json:
    """The one delivery of a target."""
    (found,) = api.items("/v1/deliveries", target=listener.id)
    return found


def failed(api: Api, listener: Listener) -> bool:
    found = list(api.items("/v1/deliveries", target=listener.id))
    return any(d["state"] == "failed" for d in found)


def test_what_failed_is_tried_again_on_request_with_the_latest_state(
    source: Register, target: Listen, api: Api
) -> None:
    crm = source()
    listener = target(f"tag:{crm.id}", fields=["full_name"])
    listener.answer = 500
    contact = crm.tell("a-1", full_name="Maria Koterbska")
    eventually(lambda: failed(api, listener), "the delivery failed")
    first = delivery(api, listener)
    assert (first["reason"], first["present"]) == ("http_500", True)
    assert first["due"] and first["attempts"] >= 1
    crm.tell("a-1", full_name="Maria Koterbska-Frankl")
    eventually(lambda: delivery(api, listener)["attempts"] > 1, "it was tried again")
    eventually(lambda: failed(api, listener), "the delivery failed again")
    listener.answer = 204
    assert api.post("/v1/deliveries/retry", {"target": listener.id}) == {"retried": 1}
    settle(api)
    last = delivery(api, listener)
    assert (last["state"], last["sent_version"], last["attempts"]) == ("delivered", 2, 0)
    assert listener.book.contacts[contact]["full_name"] == "Maria Koterbska-Frankl"


def test_a_target_that_is_gone_is_disabled_and_catches_up_when_it_is_enabled(
    source: Register, target: Listen, api: Api
) -> None:
    crm = source()
    listener = target(f"tag:{crm.id}", fields=["full_name"])
    path = f"/v1/targets/{listener.id}"
    settings = {"url": listener.url, "filter": f"tag:{crm.id}", "fields": ["full_name"]}
    listener.answer = 410
    one = crm.tell("b-1", full_name="Violetta Villas")
    eventually(lambda: not api.get(path)["enabled"], "the target is disabled")
    assert api.get(path)["disabled_reason"] == "gone"
    listener.answer = 204
    two = crm.tell("b-2", full_name="Krzysztof Krawczyk")
    settle(api)
    assert len(listener.pushes) == 1
    assert api.put(path, settings | {"enabled": True})["enabled"]
    settle(api)
    assert sorted(listener.book.contacts) == sorted([one, two])


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_a_failure_and_never_followed(
    source: Register, target: Listen, api: Api, status: int
) -> None:
    crm = source()
    listener = target(f"tag:{crm.id}")
    listener.answer = status
    crm.tell("c-1", full_name="Anna German")
    eventually(lambda: failed(api, listener), "the delivery failed")
    assert delivery(api, listener)["reason"] == "redirect"
    assert {push.path for push in listener.pushes} == {"/contacts"}


def test_a_target_that_is_not_there_gets_all_later_in_one_push(
    source: Register, target: Listen, api: Api
) -> None:
    crm = source()
    listener = target(f"tag:{crm.id}", fields=["stage"])
    path = f"/v1/targets/{listener.id}"
    settings = {"filter": f"tag:{crm.id}", "fields": ["stage"]}
    api.put(path, settings | {"url": "http://127.0.0.1:1/"})
    contact = crm.tell("d-1", full_name="Zbigniew Wodecki")
    eventually(lambda: failed(api, listener), "the delivery failed")
    for stage in ("lead", "prospect", "customer"):
        crm.tell("d-1", "contact.patched", stage=stage)
    api.put(path, settings | {"url": listener.url})
    api.post("/v1/deliveries/retry", {"target": listener.id})
    settle(api)
    assert listener.book.contacts[contact]["stage"] == "customer"
    assert listener.pushes[-1].data["version"] == 4
    assert len(listener.pushes) <= 2
