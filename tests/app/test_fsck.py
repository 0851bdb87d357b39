"""The check of the whole store over HTTP: it finds what is torn, mends it, and says so."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from rich.console import Console

from infra import fsck
from infra.client import Api
from tests.app.conftest import LocalCloud
from tests.app.problems import check_problem
from tests.app.speaking import Json, Source, settle

Register = Callable[..., Source]
SILENT = Console(quiet=True)


def of(findings: list[Json], contact: str) -> list[Json]:
    return [f for f in findings if contact in (f.get("contact"), f.get("record"), f.get("index"))]


def test_what_is_torn_is_found_and_mended(source: Register, api: Api, cloud: LocalCloud) -> None:
    crm = source()
    born = crm.tell("t-1", given_name="Ola", family_name=f"Lis{crm.id}")
    settle(api)
    head = {"pk": f"C#{born}", "sk": "HEAD"}
    cloud.table("contacts").delete_item(Key=head)
    job, findings = fsck.checked(api, SILENT, mend=False)
    assert job["state"] == "done" and job["result"]["looked"] > 0
    assert {f["outcome"] for f in of(findings, born)} == {None}
    assert "record_elsewhere" in {f["code"] for f in of(findings, born)}

    _, findings = fsck.checked(api, SILENT, mend=True)
    assert {f["outcome"] for f in of(findings, born)} == {"mended"}
    settle(api)
    contact = api.get(f"/v1/contacts/{born}")
    assert contact["given_name"] == "Ola"
    assert api.get(f"/v1/contacts/{born}/versions")["items"][0]["version"] == 1
    _, findings = fsck.checked(api, SILENT, mend=False)
    assert of(findings, born) == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"mend": "yes"}, "/mend"),
        ({"sample": 0}, "/sample"),
        ({"mend": True, "sample": 5}, "/sample"),
        ({"how": 1}, "/how"),
    ],
)
def test_a_bad_order_is_refused(
    http: httpx.Client, bearer: dict[str, str], body: Any, pointer: str
) -> None:
    refused = http.post("/v1/fsck", json=body, headers=bearer)
    assert check_problem(refused, 422)["errors"][0]["pointer"] == pointer
