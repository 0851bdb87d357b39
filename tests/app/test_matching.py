"""Questions to the matcher over HTTP: answered, named where wrong, and nothing comes of them."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from infra.client import Api
from tests.app.conftest import LocalCloud
from tests.app.problems import CANARY, check_problem, check_silent
from tests.app.speaking import Source, settle
from tests.app.tables import unchanged

Bearer = dict[str, str]
People = tuple[dict[str, Any], list[str]]


@pytest.fixture(scope="module")
def people(source: Callable[..., Source], api: Api) -> People:
    """A record, and two contacts: the one that it is, and a spouse at the same phone."""
    crm = source("questions")
    ewa = {"given_name": "Ewa", "family_name": CANARY, "emails": [f"ewa@{crm.id}.pl"]}
    shared = {"phones": ["+48 600 700 811"], "birth_date": "1970-05-14"}
    jan = {"given_name": "Jan", "family_name": CANARY, "emails": [f"jan@{crm.id}.pl"]}
    found = [crm.tell("ewa", **ewa, **shared), crm.tell("jan", **jan, phones=shared["phones"])]
    settle(api)
    return {**ewa, **shared}, found


def test_who_is_this(people: People, api: Api, cloud: LocalCloud) -> None:
    record, (ewa, _) = people
    for _ in unchanged(cloud):
        answer = api.post("/v1/match", {"record": record})
    best = answer["candidates"][0]
    assert (best["contact"]["id"], best["verdict"]) == (ewa, "same")
    assert best["score"] == sum(reason["points"] for reason in best["reasons"])
    assert set(best["explanation"]) == {"en", "pl"}
    assert answer["errors"] == []


def test_why_these_two_are_not_one(people: People, api: Api, cloud: LocalCloud) -> None:
    _, contacts = people
    for _ in unchanged(cloud):
        answer = api.post("/v1/match", {"contacts": contacts})
    assert [c["id"] for c in answer["contacts"]] == contacts
    assert (answer["joined"], answer["contradictions"]) == (False, ["given_name"])


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, ""),
        ({"record": {"given_name": CANARY}, "contacts": ["a", "b"]}, ""),
        ({"record": None}, ""),
        ({"record": {"shoe_size": CANARY}}, "/shoe_size"),
        ({"record": CANARY}, "/record"),
        ({"record": {}, "country": "Polska"}, "/country"),
        ({"contacts": ["a"]}, "/contacts/1"),
        ({"contacts": ["a", "b", "c"]}, "/contacts"),
        ({"contacts": ["a", "a"]}, "/contacts"),
        ({"recrod": {}}, "/recrod"),
    ],
)
def test_a_wrong_question_is_refused_by_the_name_of_the_field(
    http: httpx.Client, bearer: Bearer, body: dict[str, Any], pointer: str
) -> None:
    problem = check_problem(http.post("/v1/match", json=body, headers=bearer), 422)
    assert pointer in [error["pointer"] for error in problem["errors"]]


def test_an_unknown_contact_is_not_found(
    http: httpx.Client, bearer: Bearer, people: People
) -> None:
    body = {"contacts": [people[1][0], "nobody"]}
    check_problem(http.post("/v1/match", json=body, headers=bearer), 404)


def test_no_question_is_logged(people: People, api: Api, cloud: LocalCloud) -> None:
    record, contacts = people
    for body in ({"record": record}, {"contacts": contacts}):
        api.post("/v1/match", body)
    said = [line.text for line in cloud.logs() if "/v1/match" in line.text]
    assert said
    for text in said:
        check_silent(text)
        assert not any(
            str(value) in text for value in (record["emails"][0], "600700811", *contacts)
        )
