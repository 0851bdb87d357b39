"""How quick the local cloud is: a webhook call, and from the call to the target.

    make bench

Against the cloud that `make up` left running; sources and targets named `bench-...` are its own.
"""

import statistics
import threading
import time
import uuid
from collections.abc import Iterator

import pytest

from docs.receiver import Book, Receiver
from infra.client import Api, envelope

CALLS = 200
TRIPS = 40


class Arrivals(Book):
    """Notes when each contact's first message arrived."""

    def __init__(self) -> None:
        super().__init__()
        self.at: dict[str, float] = {}

    def apply(self, message_id: str, message: dict[str, object]) -> bool:
        contact = message["data"]["id"]  # type: ignore[index]
        self.at.setdefault(str(contact), time.perf_counter())
        return super().apply(message_id, message)


@pytest.fixture
def api() -> Iterator[Api]:
    opened = Api.local()
    yield opened
    opened.close()


@pytest.fixture
def arrivals(api: Api) -> Iterator[Arrivals]:
    """A target that hears of the bench's people."""
    book = Arrivals()
    receiver = Receiver(0, "", book)
    threading.Thread(target=receiver.serve_forever, args=(0.01,), daemon=True).start()
    url = f"http://127.0.0.1:{receiver.server_port}/"
    receiver.secret = api.register("/v1/targets/bench", {"url": url, "filter": "tag:bench-trip"})
    yield book
    api.put("/v1/targets/bench", {"url": url, "filter": "tag:bench-trip", "enabled": False})
    receiver.shutdown()
    receiver.server_close()


def person(tag: str) -> dict[str, object]:
    mark = uuid.uuid4().hex
    return {
        "external_id": mark,
        "occurred_at": "2026-11-01T00:00:00Z",
        "given_name": "Jan",
        "family_name": f"Nowak{mark[:6]}",
        "emails": [f"{mark[:10]}@poczta.example.com"],
        "tags": [tag],
    }


def told(api: Api, secret: str, tag: str) -> tuple[float, str]:
    """The seconds that one call of one new record took, and the contact it made."""
    body, name = envelope("contact.upserted", [person(tag)]), uuid.uuid4().hex
    started = time.perf_counter()
    result = api.send("bench", secret, name, body)[0]
    return time.perf_counter() - started, result["contact_id"]


def percentiles(name: str, seconds: list[float]) -> str:
    cuts = statistics.quantiles(seconds, n=20)
    return f"{name}: p50 {cuts[9] * 1000:.0f} ms, p95 {cuts[18] * 1000:.0f} ms ({len(seconds)})"


def test_webhook_call(api: Api) -> None:
    secret = api.register("/v1/sources/bench", {"name": "Bench"})
    calls = [told(api, secret, "bench")[0] for _ in range(CALLS)]
    print(f"\n{percentiles('webhook, one new record', calls)}")


def test_from_webhook_to_target(api: Api, arrivals: Arrivals) -> None:
    secret = api.register("/v1/sources/bench", {"name": "Bench"})
    trips = []
    for _ in range(TRIPS):
        started = time.perf_counter()
        _, contact = told(api, secret, "bench-trip")
        deadline = time.monotonic() + 90
        while contact not in arrivals.at and time.monotonic() < deadline:
            time.sleep(0.002)
        trips.append(arrivals.at[contact] - started)
    print(f"\n{percentiles('webhook to target, matched on the way', trips)}")
