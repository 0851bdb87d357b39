"""Rehearse, activate and release through the deployed app."""

from collections.abc import Callable

import httpx

from infra.client import Api
from tests.app.listening import Listener
from tests.app.problems import check_problem
from tests.app.speaking import Source, eventually, settle

Register = Callable[..., Source]
Listen = Callable[..., Listener]


def done(api: Api, job: str) -> dict[str, object]:
    eventually(lambda: api.get(f"/v1/jobs/{job}")["state"] == "done", "the job is done")
    result: dict[str, object] = api.get(f"/v1/jobs/{job}")["result"]
    return result


def test_what_was_rehearsed_is_what_is_sent(source: Register, target: Listen, api: Api) -> None:
    crm = source()
    listener = target(f"tag:{crm.id}", fields=["full_name"])
    contact = crm.tell("p-1", full_name="Olga Boznańska", job_title="malarka")
    settle(api)
    path = f"/v1/targets/{listener.id}"
    rehearsal = api.post(f"{path}/rehearse", {"fields": ["full_name", "job_title"]})["job"]
    assert done(api, rehearsal)["update"] == 1
    [found] = api.get(f"/v1/jobs/{rehearsal}/findings")["items"]
    assert (found["id"], found["task"], found["fields"]) == (contact, "update", ["job_title"])
    pushes = len(listener.pushes)
    assert done(api, api.post(f"{path}/activate", {"rehearsal": rehearsal})["job"])["update"] == 1
    settle(api)
    assert [p.data["job_title"] for p in listener.pushes[pushes:]] == ["malarka"]


def test_too_much_is_held_and_released(
    source: Register, target: Listen, api: Api, http: httpx.Client, bearer: dict[str, str]
) -> None:
    crm = source()
    guard = {"share": 1, "at_least": 1, "window_minutes": 60}
    listener = target(f"tag:{crm.id}", fields=["full_name"], guard=guard)
    path = f"/v1/targets/{listener.id}"
    for n in range(3):
        crm.tell(f"p-{n}", full_name=f"Nr {n} Kossak")
    eventually(lambda: api.get(path)["state"] == "held", "the guard holds it")
    assert listener.id in api.get("/v1/health")["paused"]["held"]
    assert len(listener.pushes) == 1
    check_problem(http.post(f"{path}/resume", headers=bearer), 409)
    done(api, api.post(f"{path}/release", {"limit": 2})["job"])
    settle(api)
    assert sorted(p.data["full_name"] for p in listener.pushes) == [
        f"Nr {n} Kossak" for n in range(3)
    ]
