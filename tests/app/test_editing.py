"""Editing over HTTP: made, corrected, reverted, put away, brought back, split; and refusals."""

from collections.abc import Callable

import httpx
import pytest

from infra.client import Api
from tests.app.listening import Listener
from tests.app.problems import CANARY, check_problem
from tests.app.speaking import Json, Source, eventually, settle

Bearer = dict[str, str]
Asked = Callable[..., httpx.Response]


@pytest.fixture
def ask(http: httpx.Client, bearer: Bearer) -> Asked:
    """One call of a steward; `seen` is the ETag of what she saw."""

    def asked(
        method: str, path: str, body: Json | None = None, seen: str = "", key: str = ""
    ) -> httpx.Response:
        told = {"If-Match": seen} if seen else {}
        told |= {"Idempotency-Key": key} if key else {}
        if body is None:
            return http.request(method, path, headers=bearer | told)
        return http.request(method, path, json=body, headers=bearer | told)

    return asked


def test_a_correction_holds_against_its_source_until_it_is_let_go(
    ask: Asked, api: Api, source: Callable[..., Source], target: Callable[..., Listener]
) -> None:
    crm = source("editing")
    listener = target("tag:editing-app", fields=["job_title", "tags"])
    tags = ["editing-app"]
    contact = crm.tell("e-1", given_name="Wanda", job_title="clerk", tags=tags)
    settle(api)
    etag = ask("GET", f"/v1/contacts/{contact}").headers["ETag"]
    edited = ask("PATCH", f"/v1/contacts/{contact}", {"job_title": "head"}, etag, "k1")
    assert (edited.status_code, edited.json()["job_title"]) == (200, "head")
    again = ask("PATCH", f"/v1/contacts/{contact}", {"job_title": "head"}, etag, "k1")
    assert (again.status_code, again.json()["version"]) == (200, edited.json()["version"])
    check_problem(ask("PATCH", f"/v1/contacts/{contact}", {"stage": "lead"}, etag), 412)
    crm.tell("e-1", given_name="Wanda", job_title="director", tags=tags)
    settle(api)
    shown = api.get(f"/v1/contacts/{contact}")
    assert shown["provenance"]["job_title"]["rule"] == "pinned"
    assert shown["provenance"]["job_title"]["lost"][0]["value"] == "director"
    eventually(lambda: listener.told("upserted")[-1]["job_title"] == "head", "the pin")
    seen = ask("GET", f"/v1/contacts/{contact}").headers["ETag"]
    freed = ask("DELETE", f"/v1/contacts/{contact}/pins/job_title", seen=seen)
    assert freed.json()["job_title"] == "director"
    back = ask("POST", f"/v1/contacts/{contact}/revert", {"to": 1}, freed.headers["ETag"])
    assert back.json()["job_title"] == "clerk"


def test_a_contact_is_made_put_away_and_brought_back(ask: Asked, api: Api) -> None:
    made = ask("POST", "/v1/contacts", {"full_name": "Olga Boznańska"}, key="made")
    assert made.status_code == 201
    assert made.headers["Location"] == f"/v1/contacts/{made.json()['id']}"
    assert (
        ask("POST", "/v1/contacts", {"full_name": "Olga Boznańska"}, key="made").json()["id"]
        == (made.json()["id"])
    )
    path = f"/v1/contacts/{made.json()['id']}"
    gone = ask("DELETE", path, seen=made.headers["ETag"])
    assert gone.json()["status"] == "retired"
    check_problem(ask("PATCH", path, {"stage": "lead"}, gone.headers["ETag"]), 409)
    settle(api)
    back = ask("POST", f"{path}/restore", seen=gone.headers["ETag"])
    assert (back.json()["status"], back.json()["full_name"]) == ("active", "Olga Boznańska")


def test_a_record_is_split_off(ask: Asked, api: Api, source: Callable[..., Source]) -> None:
    crm = source("splitting")
    one, two = (crm.tell(name, given_name=f"N{name}") for name in ("s-1", "s-2"))
    settle(api)
    api.post("/v1/merges", {"contacts": [one, two], "choices": {"name": two}})
    assert api.get(f"/v1/contacts/{one}")["given_name"] == "Ns-2"
    parted = ask("POST", f"/v1/contacts/{one}/split", {"records": [two]})
    assert parted.json()["contacts"] == [two, one]
    problem = check_problem(ask("POST", "/v1/merges", {"contacts": [one, two]}), 409)
    assert problem["judgements"] == [parted.json()["different"]]
    settle(api)
    path = f"/v1/batches/{parted.json()['id']}"
    (meant,) = ask("POST", f"{path}/undo", {"preview": True}).json()["items"]
    assert (meant["outcome"], meant["state"]) == ("parted", "to_undo")
    undone = ask("POST", f"{path}/undo")
    assert (undone.status_code, undone.json()["undone"]) == (200, 1)
    assert ask("POST", f"{path}/undo").json() == undone.json()
    settle(api)
    home = api.get(f"/v1/contacts/{two}")
    assert (home["id"], home["given_name"]) == (one, "Ns-2")


@pytest.mark.parametrize(
    ("method", "path", "body", "seen", "status"),
    [
        ("PATCH", "", {"stage": "lead"}, "", 428),
        ("PATCH", "", {"stage": "lead"}, "*", 428),
        ("PATCH", "", {"stage": "lead"}, 'W/"x.1"', 412),
        ("PATCH", "", {"stage": "lead"}, '"a", "b"', 400),
        ("PATCH", "", {"shoe": CANARY}, '"x.1"', 422),
        ("PATCH", "", {"emails": [CANARY]}, '"x.1"', 422),
        ("PATCH", "", {"full_name": {"of": CANARY}}, '"x.1"', 422),
        ("DELETE", "", None, "", 428),
        ("DELETE", "", None, '"x.1"', 412),
        ("POST", "/restore", None, "", 428),
        ("POST", "/revert", {"to": 0}, '"x.1"', 422),
        ("POST", "/revert", {"to": 1, "fields": [CANARY]}, '"x.1"', 422),
        ("POST", "/revert", {"to": 999}, '"x.1"', 404),
        ("POST", "/split", {"records": []}, "", 422),
        ("POST", "/split", {"records": ["nobody"]}, "", 422),
        ("DELETE", "/pins/stage", None, "", 428),
    ],
)  # fmt: skip
def test_what_may_not_be_is_refused(
    ask: Asked, source: Callable[..., Source], method: str, path: str, body: Json | None,
    seen: str, status: int,
) -> None:  # fmt: skip
    contact = source("refusing").tell("r-1", given_name="Wanda")
    check_problem(ask(method, f"/v1/contacts/{contact}{path}", body, seen), status)


@pytest.mark.parametrize("path", ["", "/restore", "/split", "/revert"])
def test_nobody_is_not_edited(ask: Asked, path: str) -> None:
    method = "POST" if path else "DELETE"
    body = {"/split": {"records": ["a"]}, "/revert": {"to": 1}}.get(path)
    check_problem(ask(method, f"/v1/contacts/nobody{path}", body, '"x.1"'), 404)
