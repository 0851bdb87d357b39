"""The client of the API: pages, repeats, refusals."""

import httpx
import pytest

from infra.client import PAUSES, Api, ApiError, UnreachableError
from tests.unit.fake_api import KEY, SECRET, FakeApi


@pytest.fixture
def fake() -> FakeApi:
    return FakeApi(lambda source, id: id)


def test_a_list_is_read_to_its_end(fake: FakeApi) -> None:
    fake.sources = {str(n): {"id": str(n)} for n in range(250)}
    assert [s["id"] for s in fake.api().items("/v1/sources")] == [str(n) for n in range(250)]


def test_a_secret_is_made_once_and_rotated_afterwards(fake: FakeApi) -> None:
    settings = {"name": "CRM", "kind": "generic"}
    secrets = [fake.api().register("/v1/sources/crm", settings) for _ in range(2)]
    assert secrets == [SECRET, SECRET]


@pytest.mark.parametrize("status", [429, 502, 503, 504, 0])
def test_what_may_pass_is_asked_again(fake: FakeApi, status: int) -> None:
    fake.breakdowns = [status, status]
    assert fake.api().get("/v1/sources") == {"items": [], "next": None}
    assert fake.slept == list(PAUSES[:2])


@pytest.mark.parametrize("status", [400, 401, 404, 409, 413, 422, 500])
def test_a_refusal_is_raised_at_once(fake: FakeApi, status: int) -> None:
    fake.breakdowns = [status]
    with pytest.raises(ApiError, match=f"{status}: Broken") as error:
        fake.api().get("/v1/sources")
    assert error.value.status == status
    assert fake.slept == []


@pytest.mark.parametrize(("status", "expected"), [(503, ApiError), (0, UnreachableError)])
def test_in_the_end_it_gives_up(fake: FakeApi, status: int, expected: type[Exception]) -> None:
    fake.breakdowns = [status] * 99
    with pytest.raises(expected):
        fake.api().get("/v1/sources")
    assert fake.slept == list(PAUSES)


@pytest.mark.parametrize(
    ("asked", "pause"), [("3", 3.0), ("3600", PAUSES[-1]), ("soon", PAUSES[0]), ("", PAUSES[0])]
)
def test_retry_after_is_heeded_within_reason(asked: str, pause: float) -> None:
    answers = [httpx.Response(503, headers={"retry-after": asked}), httpx.Response(200, json={})]
    slept: list[float] = []
    transport = httpx.MockTransport(lambda request: answers.pop(0))
    Api("http://fake", KEY, transport=transport, sleep=slept.append).get("/v1/health")
    assert slept == [pause]


def test_a_refusal_without_a_problem_is_told_by_its_status() -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(403, text="<html>"))
    with pytest.raises(ApiError, match="403: Forbidden"):
        Api("http://fake", KEY, transport=transport).get("/v1/sources")
