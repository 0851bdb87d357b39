"""A changed model over HTTP: stored, rehearsed, put in force, taken back; on the local cloud."""

import uuid
from collections.abc import Callable

import httpx
import pytest

from infra.client import Api
from tests.app.problems import check_problem
from tests.app.speaking import Json, Source, eventually, settle

Register = Callable[..., Source]


@pytest.fixture
def twins(source: Register, api: Api) -> list[str]:
    """One company as two records tell of it; the ids that both were born with."""
    crm, shop = source(), source()
    told = {"kind": "company", "organization": f"Młyn {crm.id}", "emails": [f"biuro@{crm.id}.pl"]}
    born = [crm.tell("m-1", **told), shop.tell("m-2", **told)]
    settle(api)
    assert contact(api, born[1])["id"] == born[0]
    return born


def contact(api: Api, contact_id: str) -> Json:
    return api.get(f"/v1/contacts/{contact_id}")


def done(api: Api, job: str) -> Json:
    """The job, once it is done."""
    eventually(lambda: api.get(f"/v1/jobs/{job}")["state"] != "open", "the job ends")
    found = api.get(f"/v1/jobs/{job}")
    assert found["state"] == "done", found
    return found


def in_force(api: Api) -> str:
    (version,) = [m["version"] for m in api.items("/v1/models") if m["active"]]
    return str(version)


def stricter(api: Api, bundled: str) -> str:
    """A model for which companies of one name are rather two."""
    version = f"strict-{uuid.uuid4().hex[:8]}"
    changes = {"weights": {"organization": {"company": {"same": -9_000}}}}
    made = api.put(f"/v1/models/{version}", {"base": bundled, "changes": changes})
    assert made["version"] == version
    return version


def test_a_model_is_rehearsed_put_in_force_and_taken_back(twins: list[str], api: Api) -> None:
    bundled = in_force(api)
    version = stricter(api, bundled)
    rehearsal = api.post(f"/v1/models/{version}/rehearse")["job"]
    done(api, rehearsal)
    found = [
        finding
        for finding in api.items(f"/v1/jobs/{rehearsal}/findings")
        if twins[0] in [c["id"] for c in finding["contacts"]]
    ]
    assert [f["kind"] for f in found] == ["part"]
    assert {b["id"] for b in found[0]["becomes"]} == set(twins)
    assert found[0]["retracts"][0]["explanation"]["pl"]
    assert contact(api, twins[1])["id"] == twins[0], "a rehearsal touches nothing"

    batch = api.post(f"/v1/models/{version}/activate", {"rehearsal": rehearsal})["job"]
    done(api, batch)
    settle(api)
    assert [contact(api, born)["id"] for born in twins] == twins
    assert in_force(api) == version

    done(api, api.post(f"/v1/batches/{batch}/undo")["job"])
    settle(api)
    assert contact(api, twins[1])["id"] == twins[0]
    assert in_force(api) == bundled
    again = [api.post(f"/v1/batches/{batch}/undo") for _ in range(2)]
    assert again[0] == again[1]


def test_a_bad_model_is_refused_with_its_faults_named(
    api: Api, http: httpx.Client, bearer: dict[str, str]
) -> None:
    bundled = in_force(api)
    whole = api.get(f"/v1/models/{bundled}")
    whole.pop("version")
    bad = {"same": "much", "weights": {"phones": {"any": {"same": 1.5}}}}
    refused = http.put("/v1/models/bad", json=whole | bad, headers=bearer)
    faults = check_problem(refused, 422)["errors"]
    assert {f["pointer"] for f in faults} == {"/same", "/weights/phones/any/same"}
    taken = http.put(f"/v1/models/{bundled}", json=whole | {"most": 2}, headers=bearer)
    check_problem(taken, 409)
    unknown = http.post(
        f"/v1/models/{bundled}/activate", json={"rehearsal": "nothing"}, headers=bearer
    )
    assert check_problem(unknown, 422)["errors"][0]["pointer"] == "/rehearsal"
