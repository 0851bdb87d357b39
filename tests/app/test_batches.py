"""Imports over HTTP: named, found, looked into before and after, taken back; on the local cloud."""

import uuid
from collections.abc import Callable

import httpx

from infra.client import Api, envelope
from tests.app.problems import check_problem
from tests.app.speaking import Json, Source, as_json, eventually, now, record, settle

Register = Callable[..., Source]


def imported(
    source: Source, name: str, *records: Json, event: str = "contact.upserted"
) -> list[Json]:
    """A call of a named import; what became of each record."""
    answer = source.post(envelope(event, records, {"name": name}))
    assert answer.status_code == 202, answer.text
    results: list[Json] = answer.json()["results"]
    return results


def batches(api: Api, source: Source, name: str) -> list[Json]:
    """The calls of an import, once the index lists them."""
    query = {"by": f"source:{source.id}", "name": name}
    eventually(lambda: list(api.items("/v1/batches", **query)), "the import is listed")
    return list(api.items("/v1/batches", **query))


def test_an_import_is_previewed_and_taken_back(source: Register, api: Api) -> None:
    crm, name = source(), f"import {uuid.uuid4().hex[:8]}"
    known = crm.tell("b-1", full_name="Adam Bielecki", job_title="taternik")
    settle(api)
    rows = [
        record("b-1", full_name="Adam Bielecki", job_title="himalaista"),
        record("b-2", full_name="Wanda Rutkiewicz"),
    ]
    results = imported(crm, name, *rows)
    assert [r["outcome"] for r in results] == ["updated", "created"]
    settle(api)
    (batch,) = batches(api, crm, name)
    assert api.get(f"/v1/batches/{batch['id']}")["counts"] == {"updated": 1, "created": 1}
    order = {"by": f"source:{crm.id}", "name": name}
    meant = api.post("/v1/batches/undo", {**order, "preview": True})["items"]
    changes = {m["contact_id"]: m["fields"] for m in meant}
    assert changes[known]["job_title"] == {"before": "himalaista", "after": "taternik"}
    job = api.post("/v1/batches/undo", order)["job"]
    eventually(lambda: api.get(f"/v1/jobs/{job}")["state"] == "done", "the undo is done")
    settle(api)
    assert api.get(f"/v1/contacts/{known}")["job_title"] == "taternik"
    assert api.get(f"/v1/contacts/{results[1]['contact_id']}")["status"] == "retired"
    undo = api.get(f"/v1/batches/{job}")
    assert undo["counts"] == {"batches": 1, "undone": 2}
    assert {i["contact_id"] for i in undo["items"]} == {r["contact_id"] for r in results}
    assert api.post(f"/v1/batches/{batch['id']}/undo") == {"job": job, **undo["counts"]}


def test_an_import_of_orders_is_previewed_and_taken_back(source: Register, api: Api) -> None:
    crm, name = source(), f"orders {uuid.uuid4().hex[:8]}"
    contact = crm.tell("b-3", full_name="Jerzy Kukuczka")
    amount = {"value": "100.00", "currency": "PLN"}
    order = {"id": "o-1", "kind": "order", "occurred_at": now(), "amount": amount}
    imported(crm, name, {**order, "external_id": "b-3"}, event="interaction.recorded")
    assert api.get(f"/v1/contacts/{contact}")["purchases"]["orders"] == 1
    (batch,) = batches(api, crm, name)
    (meant,) = api.post("/v1/batches/undo", {"by": batch["by"], "name": name, "preview": True})[
        "items"
    ]
    assert meant["interaction"] == {"source": crm.id, "id": "o-1"}
    assert meant["fields"]["amount"] == {"before": amount, "after": None}
    assert api.post(f"/v1/batches/{batch['id']}/undo")["undone"] == 1
    assert api.get(f"/v1/contacts/{contact}")["purchases"] is None
    assert not list(api.items(f"/v1/contacts/{contact}/timeline", kinds="order"))


def test_what_is_wrong_with_a_batch_is_named(
    source: Register, http: httpx.Client, bearer: dict[str, str]
) -> None:
    crm = source()
    for batch, pointer in (
        ("import", "/batch"),
        ({}, "/batch/name"),
        ({"name": "x", "duplicates": "drop"}, "/batch/duplicates"),
        ({"name": "x", "other": 1}, "/batch/other"),
    ):
        body = as_json({"type": "contact.upserted", "data": [record("1")], "batch": batch})
        assert check_problem(crm.post(body), 422)["errors"][0]["pointer"] == pointer
    unknown = http.post("/v1/batches/nothing/undo", headers=bearer)
    check_problem(unknown, 404)
    bad = {"by": f"source:{crm.id}", "from": "yesterday"}
    refused = http.post("/v1/batches/undo", json=bad, headers=bearer)
    assert check_problem(refused, 422)["errors"][0]["pointer"] == "/from"
    check_problem(http.get("/v1/batches", headers=bearer), 400)
