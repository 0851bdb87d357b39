"""Other rules of survivorship over HTTP: stored, rehearsed, put in force, taken back."""

import uuid
from collections.abc import Callable

import httpx
import pytest

from infra.client import Api
from tests.app.problems import check_problem
from tests.app.speaking import Json, Source, settle
from tests.app.test_models import contact, done

Register = Callable[..., Source]


@pytest.fixture
def titled(source: Register, api: Api) -> str:
    """One company of which two sources know: the id under which both stand."""
    crm, shop = source(), source()
    told = {"kind": "company", "organization": f"Tartak {crm.id}", "emails": [f"biuro@{crm.id}.pl"]}
    first = crm.tell("t-1", **told, stage="lead")
    shop.tell("t-2", **told, stage="customer")
    settle(api)
    return str(contact(api, first)["id"])


def tried(api: Api, fields: Json) -> tuple[str, str]:
    """A stored set of rules, and a rehearsal of it that is done."""
    version = f"set-{uuid.uuid4().hex[:8]}"
    assert api.put(f"/v1/rules/{version}", {"fields": fields})["version"] == version
    rehearsal = api.post(f"/v1/rules/{version}/rehearse")["job"]
    done(api, rehearsal)
    return version, str(rehearsal)


def in_force(api: Api) -> str:
    (version,) = [r["version"] for r in api.items("/v1/rules") if r["active"]]
    return str(version)


def test_rules_are_rehearsed_put_in_force_and_taken_back(titled: str, api: Api) -> None:
    before, bundled = contact(api, titled), in_force(api)
    fields = {"stage": {"order": ["complete"]}}
    if before["stage"] == "customer":
        fields = {"stage": {"order": ["trusted"], "sources": [before["records"][0]["source"]]}}
    version, rehearsal = tried(api, fields)
    (finding,) = [f for f in api.items(f"/v1/jobs/{rehearsal}/findings") if f["id"] == titled]
    (change,) = finding["fields"]
    assert (change["field"], change["before"]["value"]) == ("stage", before["stage"])
    assert contact(api, titled) == before, "a rehearsal touches nothing"

    batch = api.post(f"/v1/rules/{version}/activate", {"rehearsal": rehearsal})["job"]
    done(api, batch)
    assert in_force(api) == version
    now = contact(api, titled)
    assert (now["stage"], now["provenance"]["stage"]["rule"]) == (
        change["after"]["value"],
        change["after"]["rule"],
    )

    done(api, api.post(f"/v1/batches/{batch}/undo")["job"])
    settle(api)
    again = contact(api, titled)
    changing = ("version", "updated_at")
    assert {n: v for n, v in again.items() if n not in changing} == {
        n: v for n, v in before.items() if n not in changing
    }
    assert in_force(api) == bundled


def test_bad_rules_are_refused_with_their_faults_named(
    api: Api, http: httpx.Client, bearer: dict[str, str]
) -> None:
    bad = {"fields": {"stage": {"order": []}, "tags": {"order": ["recent"], "take": "one"}}}
    refused = http.put("/v1/rules/bad", json=bad, headers=bearer)
    faults = check_problem(refused, 422)["errors"]
    assert {f["pointer"] for f in faults} == {"/fields/stage/order", "/fields/tags/take"}
    taken = http.put("/v1/rules/default", json={"fields": {}, "about": "mine"}, headers=bearer)
    assert check_problem(taken, 409)["type"].endswith("version_taken")
    check_problem(http.put("/v1/rules/A B", json={}, headers=bearer), 404)
    check_problem(http.get("/v1/rules/nothing", headers=bearer), 404)
    unknown = http.post("/v1/rules/default/activate", json={"rehearsal": "x"}, headers=bearer)
    assert check_problem(unknown, 422)["errors"][0]["pointer"] == "/rehearsal"
