"""How long a change takes from a webhook to one, five and twenty targets.

    make up && .build/venv/bin/pytest -s tests/bench/test_latency.py

`KARTOTEKA_BENCH_CONTACTS` (100) contacts are told for each number of targets, in bursts of
`KARTOTEKA_BENCH_BURST` (1). Against the cloud that `make up` left running; the source and the
targets named `bench-fan...` are its own. What was measured is added to `.run/latency.jsonl`.
"""

import json
import os
import statistics
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from docs.receiver import Book, Receiver
from infra.client import RUN_FILE, Api, Json, envelope
from tests.bench.test_webhook import person

SIZES = (1, 5, 20)
CONTACTS = int(os.environ.get("KARTOTEKA_BENCH_CONTACTS", "100"))
BURST = int(os.environ.get("KARTOTEKA_BENCH_BURST", "1"))
WARM = 3  # bursts that are not counted: containers start
PATIENCE = 120  # seconds for a burst to arrive everywhere
SOURCE = "bench-fan"


class Arrivals(Book):
    """Notes when each contact's first message arrived."""

    def __init__(self) -> None:
        super().__init__()
        self.at: dict[str, float] = {}

    def apply(self, message_id: str, message: dict[str, Any]) -> bool:
        """See `Book`."""
        self.at.setdefault(str(message["data"].get("id")), time.perf_counter())
        return super().apply(message_id, message)


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    opened = Api.local()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def books(api: Api) -> Iterator[list[Arrivals]]:
    """What each target hears; they are told no more at the end."""
    receivers = [Receiver(0, "", Arrivals()) for _ in range(max(SIZES))]
    for n, receiver in enumerate(receivers):
        threading.Thread(target=receiver.serve_forever, args=(0.01,), daemon=True).start()
        receiver.secret = api.register(f"/v1/targets/{SOURCE}-{n}", settings(n, receiver))
    at_rest(api)  # those that stood already are told of everybody who is theirs
    yield [receiver.book for receiver in receivers]  # type: ignore[misc]
    for n, receiver in enumerate(receivers):
        api.put(f"/v1/targets/{SOURCE}-{n}", settings(n, receiver) | {"enabled": False})
        receiver.shutdown()
        receiver.server_close()


def at_rest(api: Api) -> None:
    """Wait until nothing is on its way."""
    deadline = time.monotonic() + 2 * PATIENCE
    while any(api.get("/v1/health")["waiting"].values()) and time.monotonic() < deadline:
        time.sleep(0.5)


def settings(number: int, receiver: Receiver) -> Json:
    """A target hears of the contacts that are for it and as many others, or more."""
    tags = " OR ".join(f"tag:{SOURCE}-{size}" for size in SIZES if number < size)
    return {"url": f"http://127.0.0.1:{receiver.server_port}/", "filter": tags, "guard": None}


@pytest.mark.parametrize("size", SIZES)
def test_from_webhook_to_targets(api: Api, books: list[Arrivals], size: int) -> None:
    secret = api.register(f"/v1/sources/{SOURCE}", {"name": "Bench"})
    for _ in range(WARM):
        burst(api, secret, books[:size])
    told = [burst(api, secret, books[:size]) for _ in range(CONTACTS // BURST)]
    each = [seconds for trips in told for trip in trips for seconds in trip]
    last = [max(trip) for trips in told for trip in trips]
    record(size, {"each": percentiles(each), "last": percentiles(last)})
    assert len(each) == size * (CONTACTS // BURST) * BURST


def burst(api: Api, secret: str, books: list[Arrivals]) -> list[list[float]]:
    """Tell some new contacts in one call: how long each took to each of the targets."""
    people = [person(f"{SOURCE}-{len(books)}") for _ in range(BURST)]
    body, started = envelope("contact.upserted", people), time.perf_counter()
    results = api.send(SOURCE, secret, str(people[0]["external_id"]), body)
    names = [str(result["contact_id"]) for result in results]
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and not all(n in b.at for b in books for n in names):
        time.sleep(0.002)
    return [[book.at[name] - started for book in books] for name in names]


def percentiles(seconds: list[float]) -> dict[str, int]:
    """In milliseconds."""
    cuts = statistics.quantiles(seconds, n=20)
    return {"p50": round(cuts[9] * 1000), "p95": round(cuts[18] * 1000)}


def record(size: int, found: dict[str, dict[str, int]]) -> None:
    """Print it, and keep it beside what was measured before."""
    made = {"targets": size, "contacts": CONTACTS, "burst": BURST, **found}
    print(f"\nwebhook to {size} targets: {made}")
    line = json.dumps({"at": datetime.now(UTC).isoformat(timespec="seconds"), **made})
    with RUN_FILE.with_name("latency.jsonl").open("a") as kept:
        kept.write(line + "\n")
