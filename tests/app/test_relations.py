"""Companies and relations through the deployed app: told, listed both ways, merged, parted."""

from collections.abc import Callable

import httpx
import pytest

from infra.client import Api
from tests.app.problems import check_problem
from tests.app.speaking import Json, Source, settle

Register = Callable[..., Source]


@pytest.fixture
def group(source: Register, api: Api) -> dict[str, str]:
    """A holding, a company of it that another system knows too, and a person; settled."""
    crm, erp = source(), source()
    child = {"kind": "child_of", "external_id": "holding"}
    works = {"kind": "works_for", "source": erp.id, "external_id": "k-4", "role": "buyer"}
    found = {
        "person": crm.tell("p", full_name="Ewa Szelburg-Zarembina", relations=[works]),
        "holding": crm.tell("holding", kind="company", organization=f"Grupa {crm.id}"),
        "known": crm.tell("k", kind="company", organization=f"Tartak {crm.id}", relations=[child]),
        "company": erp.tell("k-4", kind="company", organization=f"Stolarnia {erp.id}"),
    }
    settle(api)
    return found


def people(api: Api, contact: str) -> list[Json]:
    return list(api.items(f"/v1/contacts/{contact}/people", deep="true", limit="1"))


def test_relations_follow_a_merge_of_the_company_and_its_undo(
    group: dict[str, str], api: Api
) -> None:
    (ours,) = api.items(f"/v1/contacts/{group['person']}/relations")
    assert (ours["role"], ours["contact"]["id"]) == ("buyer", group["company"])
    assert people(api, group["holding"]) == []

    merge = api.post("/v1/merges", {"contacts": [group["known"], group["company"]]})
    settle(api)
    (person,) = people(api, group["holding"])
    assert person["contact"]["id"] == group["person"]
    path = [c["id"] for c in person["stands"][0]["path"]]
    assert path == [group["holding"], group["known"]]
    told = api.get(f"/v1/contacts/{group['company']}/hierarchy")
    assert [p["contact"]["id"] for p in told["parents"]] == [group["holding"]]
    assert [r["direction"] for r in api.items(f"/v1/contacts/{group['known']}/relations")] == [
        "outgoing",
        "incoming",
    ]

    api.post(f"/v1/merges/{merge['id']}/undo")
    settle(api)
    assert people(api, group["holding"]) == []
    (theirs,) = api.items(f"/v1/contacts/{group['company']}/relations")
    assert theirs["contact"]["id"] == group["person"]
    record = ours["record"]
    q = f'related:"works_for/{record["source"]}/{record["external_id"]}"'
    assert [hit["id"] for hit in api.search(q)] == [group["person"]]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("x/relations", 404),
        ("x/people?deep=yes", 400),
        ("x/hierarchy?limit=0", 400),
        ("x/relations?cursor=x", 400),
    ],
)
def test_what_cannot_be_listed_is_refused(
    http: httpx.Client, bearer: dict[str, str], path: str, status: int
) -> None:
    check_problem(http.get(f"/v1/contacts/{path}", headers=bearer), status)
