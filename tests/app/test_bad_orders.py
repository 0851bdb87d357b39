"""Bad orders of an admin, by their row in the table of bad inputs: refused, nothing stored."""

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from app import app
from infra import admin_key
from infra.client import Api
from tests.app.conftest import LocalCloud
from tests.app.problems import CANARY, check_problem
from tests.app.speaking import Source, settle
from tests.app.tables import unchanged

Bearer = dict[str, str]
ROUTES = [
    (path, method)
    for path, methods in app.routes.items()
    for method in methods
    if path != "/v1/hooks/{source}"
]
UNSIGNED = ".".join(
    base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
    for part in ({"alg": "none", "typ": "JWT"}, {"sub": "admin"})
)


@pytest.fixture(scope="module")
def contacts(source: Callable[..., Source], api: Api) -> tuple[str, list[str]]:
    """A tag and the three contacts that have it; nothing is on its way."""
    crm = source("orders")
    found = [crm.tell(f"o-{n}", full_name=f"{CANARY} {n}") for n in (1, 2, 3)]
    settle(api)
    return crm.id, found


@pytest.fixture(autouse=True)
def untouched(contacts: tuple[str, list[str]], cloud: LocalCloud) -> Iterator[None]:
    """No row of any table comes, goes or changes in a test."""
    yield from unchanged(cloud)


@pytest.mark.parametrize(("path", "method"), ROUTES)
def test_46_every_route_but_the_webhook_asks_for_a_key(
    http: httpx.Client, path: str, method: str
) -> None:
    real = path.replace("{", "").replace("}", "")
    check_problem(http.request(method, real, json={}), 401)


@pytest.mark.parametrize(
    "given",
    ["", "Bearer", "Bearer kk_unknown", "Basic YTpi", f"Bearer {UNSIGNED}.", "Bearer ż"],
)
def test_46_no_key_and_an_unknown_one_are_not_let_in(http: httpx.Client, given: str) -> None:
    answer = http.get("/v1/sources", headers=[(b"authorization", given.encode())])
    check_problem(answer, 401)
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "odd", ["..%2f", "%00", "a/b", "x" * 3000, "%C5%BC", "R%23x", "C%23x", "-", "%20"]
)
@pytest.mark.parametrize("kind", ["contacts", "sources", "targets", "jobs"])
def test_49_nothing_stands_under_an_odd_id(
    http: httpx.Client, bearer: Bearer, kind: str, odd: str
) -> None:
    check_problem(http.get(f"/v1/{kind}/{odd}", headers=bearer), 404)


def test_49_ids_of_another_kind_and_another_case_lead_nowhere(
    http: httpx.Client, bearer: Bearer, contacts: tuple[str, list[str]]
) -> None:
    tag, (contact, *_) = contacts
    for path in (f"contacts/{tag}", f"contacts/{contact.upper()}", f"jobs/{contact}"):
        check_problem(http.get(f"/v1/{path}", headers=bearer), 404)
    for path in (f"merges/{contact}/undo", f"reviews/{contact}"):
        body = {"verdict": "same"} if path.startswith("reviews") else {}
        check_problem(http.post(f"/v1/{path}", json=body, headers=bearer), 404)


@pytest.mark.parametrize("number", ["0", "2", "-1", "1.0", "x", "9" * 30, "%D9%A1"])
def test_49_no_version_stands_under_an_odd_number(
    http: httpx.Client, bearer: Bearer, contacts: tuple[str, list[str]], number: str
) -> None:
    path = f"/v1/contacts/{contacts[1][0]}/versions/{number}"
    check_problem(http.get(path, headers=bearer), 404)


@pytest.mark.parametrize("path", ["/", "/v1", "/v2/contacts", "/v1/contact", "/v1/hooks"])
def test_50_an_unknown_route_is_not_found(http: httpx.Client, bearer: Bearer, path: str) -> None:
    check_problem(http.get(path, headers=bearer), 404)


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "/v1/sources"), ("PATCH", "/v1/health"), ("GET", "/v1/hooks/a")]
)
def test_50_a_wrong_method_is_refused(
    http: httpx.Client, bearer: Bearer, method: str, path: str
) -> None:
    answer = http.request(method, path, headers=bearer)
    assert answer.status_code in (404, 405)
    check_problem(answer, answer.status_code)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b'{"name": "a", "name": "b"}', 400),
        (b"[]", 422),
        (b'{"nmae": "a"}', 422),
        (b'{"kind": "magic"}', 422),
        (b'{"trust": "high"}', 422),
        (b'{"trust": 101}', 422),
        (b'{"allowed_fields": ["shoe_size"]}', 422),
    ],
)
def test_53_a_source_with_settings_that_are_none_is_refused(
    http: httpx.Client, bearer: Bearer, body: bytes, status: int
) -> None:
    headers = bearer | {"content-type": "application/json"}
    check_problem(http.put("/v1/sources/new", content=body, headers=headers), status)


@pytest.mark.parametrize("name", ["Upper", "a.b", "-a", "x" * 64])
def test_53_a_source_with_a_name_that_is_none_is_refused(
    http: httpx.Client, bearer: Bearer, name: str
) -> None:
    check_problem(http.put(f"/v1/sources/{name}", json={}, headers=bearer), 400)


@pytest.mark.parametrize(
    ("order", "status"),
    [
        ({"contacts": []}, 422),
        ({"contacts": ["{0}"]}, 422),
        ({"contacts": ["{0}", "{0}"]}, 422),
        ({"contacts": ["{0}", "nobody"]}, 404),
        ({"contacts": [str(n) for n in range(1001)]}, 413),
        ({"contacts": ["{0}", "{1}"], "mode": "guess"}, 422),
        ({"contacts": ["{0}", "{1}"], "prefer": "{2}"}, 422),
        ({"contacts": "{0}"}, 422),
    ],
)
def test_54_a_merge_that_cannot_be_is_refused(
    http: httpx.Client,
    bearer: Bearer,
    contacts: tuple[str, list[str]],
    order: dict[str, Any],
    status: int,
) -> None:
    text = json.dumps(order)
    for n, contact in enumerate(contacts[1]):
        text = text.replace(f"{{{n}}}", contact)
    headers = bearer | {"content-type": "application/json"}
    check_problem(http.post("/v1/merges", content=text, headers=headers), status)


def searched(http: httpx.Client, key: Bearer, **asked: Any) -> httpx.Response:
    return http.post("/v1/contacts/search", json=asked, headers=key)


def test_57_a_cursor_counts_for_its_own_query_and_reader_alone(
    http: httpx.Client, bearer: Bearer, contacts: tuple[str, list[str]]
) -> None:
    q = f"tag:{contacts[0]}"
    cursor = searched(http, bearer, q=q, limit=1).json()["next"]
    assert searched(http, bearer, q=q, limit=1, cursor=cursor).status_code == 200
    edited = ("B" if cursor[0] == "A" else "A") + cursor[1:]
    for bad in (edited, cursor[:-4], cursor + "AAAA", "x", "ż", "A" * 100_000):
        check_problem(searched(http, bearer, q=q, cursor=bad), 400)
    check_problem(searched(http, bearer, q=f"{q} kind:person", cursor=cursor), 400)
    listed = http.get("/v1/reviews", params={"cursor": cursor}, headers=bearer)
    check_problem(listed, 400)


def test_57_a_cursor_of_another_reader_does_not_count(
    http: httpx.Client, bearer: Bearer, contacts: tuple[str, list[str]], other_key: Bearer
) -> None:
    q = f"tag:{contacts[0]}"
    cursor = searched(http, bearer, q=q, limit=1).json()["next"]
    check_problem(searched(http, other_key, q=q, limit=1, cursor=cursor), 400)


@pytest.fixture(scope="module")
def other_key(cloud: LocalCloud) -> Bearer:
    key = admin_key.make()
    admin_key.register(cloud.table("registry"), key, "other")
    return {"authorization": f"Bearer {key}"}


@pytest.mark.parametrize("limit", ["0", "-1", "101", "x", "1.5", "", "٣"])
def test_57_a_page_has_a_size_that_can_be(http: httpx.Client, bearer: Bearer, limit: str) -> None:
    check_problem(http.get("/v1/reviews", params={"limit": limit}, headers=bearer), 400)


@pytest.mark.parametrize(
    "q",
    [
        *("x" * 10_240, "(", '"', "tag:", "colour:red", "(a+)+$", "/(a+)+$/", "name:a~2"),
        *("birthday:[01-01 TO 12-31]", "na*me", "tag:a^2", "((((((((((" * 50, "role:king"),
        *("\ud83d" * 0 + "email:nobody", "AND", "NOT", f"colour:{CANARY}"),
    ],
)
def test_58_a_search_that_cannot_be_read_is_refused(
    http: httpx.Client, bearer: Bearer, q: str
) -> None:
    answer = searched(http, bearer, q=q)
    assert answer.status_code in (400, 422)
    check_problem(answer, answer.status_code)


@pytest.mark.parametrize(
    "q", ["ą", "İ", "ß", "begins_with", "SELECT", "size", "'; DROP TABLE x", "null", "{{7*7}}"]
)
def test_58_other_texts_are_looked_for_as_they_are(
    http: httpx.Client, bearer: Bearer, contacts: tuple[str, list[str]], q: str
) -> None:
    quoted = json.dumps(q, ensure_ascii=False)
    answer = searched(http, bearer, q=f"tag:{contacts[0]} name:{quoted}")
    assert answer.status_code == 200
    assert answer.json() == {"items": [], "next": None}


@pytest.mark.parametrize(
    ("method", "path"), [("PUT", "/v1/sources/hand"), ("POST", "/v1/sources/hand/rotate")]
)
def test_nobody_gets_a_secret_of_the_people_s_own_source(
    http: httpx.Client, bearer: Bearer, method: str, path: str
) -> None:
    check_problem(http.request(method, path, headers=bearer, json={}), 409)
