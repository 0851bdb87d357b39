"""History over HTTP: a contact and a search as of a time, differences, the chain; locally."""

from collections.abc import Callable
from typing import NamedTuple

import httpx
import pytest

from infra.client import Api
from tests.app.problems import check_problem
from tests.app.speaking import Json, Source, settle

Bearer = dict[str, str]


class Life(NamedTuple):
    """Two that were merged: the survivor, the absorbed, their source, and when the first was
    born, when it changed, when the other was born, when they became one."""

    one: str
    two: str
    crm: Source
    born: str
    changed: str
    both: str
    merged: str


@pytest.fixture(scope="module")
def life(source: Callable[..., Source], api: Api) -> Life:
    crm = source("history")
    one = crm.tell("h-1", given_name="Zofia", family_name="Stryjeńska", roles=["customer"])
    settle(api)
    crm.tell("h-1", "contact.patched", roles=["supplier"], phones=["600500400"])
    two = crm.tell("h-2", given_name="Olga", family_name="Boznańska", roles=["customer"])
    settle(api)
    api.post("/v1/merges", {"contacts": [one, two]})
    settle(api)
    first, second, third = (recorded(api, one, number) for number in (1, 2, 3))
    return Life(one, two, crm, first, second, recorded(api, two, 1), third)


def recorded(api: Api, contact: str, number: int) -> str:
    return str(api.get(f"/v1/contacts/{contact}/versions/{number}")["recorded_at"])


def test_a_contact_is_shown_as_it_was(life: Life, api: Api) -> None:
    then = api.get(f"/v1/contacts/{life.one}", as_of=life.born)
    assert (then["version"], then["roles"], then["phones"]) == (1, ["customer"], [])
    assert then["recorded_at"] == life.born
    assert then["cause"]["by"] == f"source:{life.crm.id}"
    assert "provenance" not in then


def test_an_absorbed_id_leads_where_it_led_then(
    life: Life, http: httpx.Client, bearer: Bearer
) -> None:
    def asked(at: str) -> httpx.Response:
        return http.get(f"/v1/contacts/{life.two}", params={"as_of": at}, headers=bearer)

    before, after = asked(life.both), asked(life.merged)
    assert (before.json()["id"], after.json()["id"]) == (life.two, life.one)
    assert "content-location" not in before.headers
    assert after.headers["content-location"] == f"/v1/contacts/{life.one}"


def test_a_search_finds_who_matched_then(life: Life, api: Api) -> None:
    def found(q: str, at: str) -> list[tuple[str, int]]:
        asked = {"q": f"source:{life.crm.id} {q}", "as_of": at}
        page = api.post("/v1/contacts/search", asked)
        return sorted((c["id"], c["version"]) for c in page["items"])

    assert found("role:customer", life.born) == [(life.one, 1)]
    assert found("role:customer", life.both) == [(life.two, 1)]
    assert found("", life.both) == sorted([(life.one, 2), (life.two, 1)])
    assert found("", life.merged) == [(life.one, 3)]


def test_versions_differ_as_told(life: Life, api: Api) -> None:
    told = api.get(f"/v1/contacts/{life.one}/difference", **{"from": "1", "to": "2"})
    changes: dict[str, Json] = {d["field"]: d for d in told["differences"]}
    assert changes["roles"]["added"] == ["supplier"]
    assert changes["roles"]["removed"] == ["customer"]
    listed = api.get(f"/v1/contacts/{life.one}/versions")["items"]
    assert listed[1]["changed"] == list(changes) == ["phones", "roles"]


def test_the_chain_verifies(life: Life, api: Api) -> None:
    for contact in (life.one, life.two):
        answer = api.get(f"/v1/contacts/{contact}/verify")
        assert (answer["intact"], answer["faults"], answer["next"]) == (True, [], None)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?as_of=", 400),
        ("?as_of=yesterday", 400),
        ("?as_of=2026-11-21", 400),
        ("?as_of=2026-11-21T10:00:00", 400),
        ("?as_of=2026-11-21T10:00:00+01:00", 400),
        ("?as_of=2026-02-30T10:00:00Z", 400),
        ("?as_of=0001-01-01T00:00:00%2B23:59", 400),
        ("?as_of=9999-12-31T23:59:60Z", 400),
        ("?as_of=2001-01-01T00:00:00%2B01:00", 404),
        ("/difference", 400),
        ("/difference?from=1", 400),
        ("/difference?from=1&to=-1", 400),
        ("/difference?from=%D9%A1&to=1", 400),
        ("/difference?from=1&to=" + "9" * 30, 400),
        ("/difference?from=0&to=1", 404),
        ("/difference?from=1&to=99", 404),
        ("/verify?cursor=x", 400),
    ],
)
def test_bad_questions_are_refused(
    life: Life, http: httpx.Client, bearer: Bearer, query: str, status: int
) -> None:
    problem = check_problem(http.get(f"/v1/contacts/{life.one}{query}", headers=bearer), status)
    name = query.partition("?")[2].partition("=")[0]
    if status == 400 and name == "as_of":
        assert problem["errors"][0]["pointer"] == "/as_of"


@pytest.mark.parametrize(
    "rest", ["", "/versions", "/versions/1", "/verify", "/difference?from=1&to=1"]
)
def test_nobody_has_a_history_under_an_unknown_id(
    http: httpx.Client, bearer: Bearer, rest: str
) -> None:
    check_problem(http.get(f"/v1/contacts/nobody{rest}", headers=bearer), 404)


@pytest.mark.parametrize("as_of", ["", "x", "2026-11-21T10:00:00", 7, ["2026-11-21T10:00:00Z"]])
def test_a_search_as_of_no_time_is_refused(
    http: httpx.Client, bearer: Bearer, as_of: object
) -> None:
    body = {"q": "", "as_of": as_of}
    problem = check_problem(http.post("/v1/contacts/search", json=body, headers=bearer), 422)
    assert problem["errors"][0]["pointer"] == "/as_of"


def test_a_cursor_belongs_to_one_moment(life: Life, http: httpx.Client, bearer: Bearer) -> None:
    body = {"q": "role:customer", "limit": 1, "as_of": life.both}
    first = http.post("/v1/contacts/search", json=body, headers=bearer).json()
    assert first["next"]
    other = body | {"as_of": life.merged, "cursor": first["next"]}
    check_problem(http.post("/v1/contacts/search", json=other, headers=bearer), 400)
