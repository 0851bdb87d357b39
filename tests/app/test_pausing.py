"""Prepare, pause and resume through the deployed app: calls are kept, pushes wait, all goes on."""

from collections.abc import Callable

import httpx
import pytest

from infra.client import Api, envelope
from tests.app.listening import Listener
from tests.app.problems import check_problem
from tests.app.speaking import Source, eventually, record, settle

Register = Callable[..., Source]
Listen = Callable[..., Listener]


def test_what_came_meanwhile_is_kept_applied_in_order_and_told_once(
    source: Register, target: Listen, api: Api
) -> None:
    crm = source()
    listener = target(f"tag:{crm.id}", fields=["full_name"])
    contact = crm.tell("p-1", full_name="Zofia Stryjeńska")
    settle(api)
    assert api.post(f"/v1/sources/{crm.id}/pause")["state"] == "paused"
    assert api.post(f"/v1/targets/{listener.id}/pause")["state"] == "paused"

    body = envelope("contact.upserted", [record("p-1", full_name="Zofia Lubańska")])
    first, again = crm.post(body, "m-1"), crm.post(body, "m-1")
    assert first.status_code == again.status_code == 202
    assert first.json() == again.json()
    assert [r["outcome"] for r in first.json()["results"]] == ["kept"]
    [kept] = crm.call(record("p-1", full_name="Zofia z Lubańskich Stryjeńska"))
    assert kept["outcome"] == "kept"
    assert api.get("/v1/health")["paused"]["kept"][crm.id] == 2
    assert api.get(f"/v1/contacts/{contact}")["full_name"] == "Zofia Stryjeńska"

    api.post(f"/v1/sources/{crm.id}/resume")
    settle(api)
    assert api.get(f"/v1/contacts/{contact}")["full_name"] == "Zofia z Lubańskich Stryjeńska"
    assert len(listener.pushes) == 1
    api.post(f"/v1/targets/{listener.id}/resume")
    eventually(lambda: len(listener.pushes) == 2, "the target is told")
    settle(api)
    assert [p.data["version"] for p in listener.pushes] == [1, 3]
    assert crm.post(body, "m-1").json() == first.json()


def test_all_rest_at_once_and_go_on(
    source: Register, api: Api, http: httpx.Client, bearer: dict[str, str]
) -> None:
    crm = source()
    try:
        assert api.put("/v1/pause", {})["state"] == "paused"
        assert crm.call(record("p-2", full_name="Tadeusz Pruszkowski"))[0]["outcome"] == "kept"
    finally:
        assert http.delete("/v1/pause", headers=bearer).status_code == 202
    eventually(lambda: api.get("/v1/pause")["state"] == "active", "all go on")
    settle(api)
    assert crm.tell("p-2", full_name="Tadeusz Pruszkowski")


@pytest.mark.parametrize("side", ["sources", "targets"])
def test_what_is_prepared_does_nothing_until_it_is_started(
    side: str, source: Register, target: Listen, api: Api, http: httpx.Client
) -> None:
    crm = source(state="prepared" if side == "sources" else "active")
    listener = target(f"tag:{crm.id}", state="prepared" if side == "targets" else "active")
    name = crm.id if side == "sources" else listener.id
    if side == "sources":
        told = crm.post(envelope("contact.upserted", [record("p-3", full_name="Ewa Kos")]))
        check_problem(told, 409)
        api.post(f"/v1/sources/{name}/start")
        crm.tell("p-3", full_name="Ewa Kos")
    else:
        crm.tell("p-3", full_name="Ewa Kos")
        settle(api)
        assert not listener.pushes
        assert api.post(f"/v1/targets/{name}/start")["state"] == "active"
    eventually(lambda: len(listener.pushes) == 1, "the target is told")
    settle(api)
