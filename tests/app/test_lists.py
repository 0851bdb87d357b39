"""Lists through the deployed app: a segment is pushed, told, pushed again and taken off."""

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
    settle(api)
    return result


def on(listener: Listener) -> dict[str, list[str]]:
    """Who is on which lists, as the target knows it."""
    return {c: d["lists"] for c, d in listener.book.contacts.items() if d.get("lists")}


def test_a_segment_is_pushed_told_and_taken_off(
    source: Register, target: Listen, api: Api, http: httpx.Client, bearer: dict[str, str]
) -> None:
    crm = source()
    listener = target(f"tag:{crm.id}", fields=["full_name"])
    olga = crm.tell("p-1", full_name="Olga Boznańska", job_title="malarka")
    jan = crm.tell("p-2", full_name="Jan Matejko")
    settle(api)
    segment, place = f"/v1/segments/{crm.id}", f"/v1/targets/{listener.id}/lists/spring"
    assert api.put(segment, {"filter": f"tag:{crm.id} name:olga"})["filter"]
    found = api.post("/v1/contacts/search", {"segment": crm.id, "q": "name:boz"})["items"]
    assert [contact["id"] for contact in found] == [olga]

    preview = api.put(place, {"segment": crm.id, "preview": True})["job"]
    assert done(api, preview)["added"] == 1
    [meant] = api.get(f"/v1/jobs/{preview}/findings")["items"]
    assert (meant["id"], meant["task"], meant["full_name"]) == (olga, "add", "Olga Boznańska")
    check_problem(http.get(place, headers=bearer), 404)

    assert done(api, api.put(place, {"segment": crm.id})["job"])["listed"] == 1
    assert on(listener) == {olga: ["spring"]}
    assert done(api, api.put(place, {"filter": f"tag:{crm.id} name:jan"})["job"])["removed"] == 1
    assert on(listener) == {jan: ["spring"]}
    assert len(api.get(place)["pushes"]) == 2
    assert {e["contact_id"]: e["state"] for e in api.get(f"{place}/contacts")["items"]} == {
        olga: "removed",
        jan: "listed",
    }
    first = api.get(f"{place}/sent", limit="1")
    assert len(first["items"]) == 1 and first["next"]

    deleted = http.delete(place, headers=bearer)
    assert deleted.status_code == 202 and done(api, deleted.json()["job"])["removed"] == 1
    assert on(listener) == {}
    told = [(e["contact_id"], e["what"]) for e in api.get(f"{place}/sent")["items"]]
    assert sorted(told) == sorted((c, what) for c in (olga, jan) for what in ("added", "removed"))
    check_problem(http.put(place, json={}, headers=bearer), 422)
    check_problem(http.put(f"{place}!", json={"filter": "*"}, headers=bearer), 400)
    assert http.delete(segment, headers=bearer).status_code == 200
    check_problem(http.get(segment, headers=bearer), 404)
