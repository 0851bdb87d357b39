"""The stewards' desk over HTTP: listed, shown whole, taken, postponed, decided in bulk."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from infra.client import Api
from tests.app.problems import check_problem
from tests.app.speaking import Json, Source, eventually, settle

Register = Callable[..., Source]
Send = Callable[..., httpx.Response]


@pytest.fixture
def pairs(source: Register, api: Api) -> tuple[str, list[str]]:
    """A careful source's three pairs of one person each: its tag, and a contact of each pair."""
    careful = source("careful", automatic_merge=False)
    found = []
    for n in range(3):
        twin = {"full_name": f"Ida {uuid.uuid4().hex}", "emails": [f"{n}@{careful.id}.pl"]}
        found.append(careful.tell(f"{n}-a", **twin))
        careful.tell(f"{n}-b", **twin)
        settle(api)
    return careful.id, found


@pytest.fixture
def send(http: httpx.Client, bearer: dict[str, str]) -> Send:
    """A request to a route of the desk, whatever it answers."""

    def request(method: str, path: str, body: Json | None = None) -> httpx.Response:
        return http.request(method, f"/v1/reviews{path}", json=body, headers=bearer)

    return request


def about(api: Api, contact: str, **asked: str) -> list[Json]:
    return list(api.items("/v1/reviews", contact=contact, **asked))


def test_a_review_is_taken_postponed_and_shown_whole(
    pairs: tuple[str, list[str]], api: Api, send: Send
) -> None:
    (item,) = about(api, pairs[1][0])
    path = f"/{item['id']}"
    taken = send("PATCH", path, {"assignee": "me", "note": "x"})
    assert taken.status_code == 200 and taken.json()["assignee"].startswith("key:")
    refused = send("PATCH", path, {"assignee": "jan"})
    assert check_problem(refused, 409)["type"] == "urn:kartoteka:problem:already_assigned"
    assert [i["id"] for i in about(api, pairs[1][0], assignee="me")] == [item["id"]]
    assert about(api, pairs[1][0], assignee="none") == []
    check_problem(send("PATCH", path, {"postponed_until": "2020-01-01T00:00:00Z"}), 422)
    assert send("PATCH", path, {"postponed_until": "2099-01-01T00:00:00Z"}).status_code == 200
    assert about(api, pairs[1][0]) == []
    assert [i["id"] for i in about(api, pairs[1][0], postponed="true")] == [item["id"]]
    shown = send("GET", path).json()
    assert (shown["state"], shown["note"]) == ("postponed", "x")
    assert {"emails", "full_name"} <= {line["field"] for line in shown["fields"]}
    assert shown["group"]["complete"] and len(shown["group"]["contacts"]) == 2


def test_a_review_comes_back_when_its_time_has_come(
    pairs: tuple[str, list[str]], api: Api, send: Send
) -> None:
    (item,) = about(api, pairs[1][0])
    soon = (datetime.now(UTC) + timedelta(seconds=3)).isoformat()
    assert send("PATCH", f"/{item['id']}", {"postponed_until": soon}).status_code == 200
    assert about(api, pairs[1][0]) == []
    eventually(lambda: about(api, pairs[1][0]), "the review is back in the queue")


def test_many_are_decided_by_a_filter_after_a_preview(
    pairs: tuple[str, list[str]], api: Api, send: Send
) -> None:
    tag, contacts = pairs
    order = {"verdict": "different", "filter": {"q": f"tag:{tag}"}}
    seen = send("POST", "/decide", {**order, "preview": True}).json()
    assert seen["count"] == 3
    decided = send("POST", "/decide", order).json()
    assert decided["outcomes"] == dict.fromkeys(seen["reviews"], "decided")
    again = {"verdict": "different", "reviews": seen["reviews"]}
    assert set(send("POST", "/decide", again).json()["outcomes"].values()) == {"decided"}
    assert not any(about(api, contact) for contact in contacts)
    answered = {j["id"] for j in api.items("/v1/judgements", limit="100")}
    assert answered >= set(seen["reviews"])
    told = send("GET", "/progress").json()
    assert sum(line["different"] for line in told["decided"]) >= 3


@pytest.mark.parametrize(
    "body",
    [
        {"verdict": "same"},
        {"verdict": "perhaps", "reviews": ["x"]},
        {"verdict": "same", "reviews": []},
        {"verdict": "same", "filter": {"q": "nonsense:1"}},
        {"verdict": "same", "filter": {"colour": "red"}},
        {"verdict": "same", "filter": {}, "limit": 0},
    ],
)
def test_an_order_that_makes_no_sense_is_refused(send: Send, body: Json) -> None:
    check_problem(send("POST", "/decide", body), 422)


def test_what_is_unknown_is_not_found(send: Send) -> None:
    check_problem(send("GET", "/nothing"), 404)
    check_problem(send("PATCH", "/nothing", {"note": "x"}), 404)
    check_problem(send("POST", "/decide", {"verdict": "same", "reviews": ["nothing"]}), 404)
    check_problem(send("GET", "?contact=nothing"), 404)
    check_problem(send("GET", "?postponed=perhaps"), 400)
