"""How the tests talk to the deployed app: as a source that signs, and as one who waits."""

import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from infra.client import Api, envelope, signed
from tests.conftest import NIGHTLY

Json = dict[str, Any]
PATIENCE = 3_600.0 if NIGHTLY else 240.0  # seconds; for a busy machine, not a measure
BETWEEN_LOOKS = 0.25


@dataclass
class Source:
    """A registered source and the secret that it signs with."""

    id: str
    secret: str
    http: httpx.Client

    def post(self, body: bytes, message_id: str = "", **headers: str) -> httpx.Response:
        """One signed webhook call; `headers` replace the right ones."""
        name = message_id or uuid.uuid4().hex
        right = signed(self.secret, name, body, int(time.time()))
        return self.http.post(f"/v1/hooks/{self.id}", content=body, headers=right | headers)

    def call(self, *records: Json, event: str = "contact.upserted") -> list[Json]:
        """Tell of some records; what became of each."""
        answer = self.post(envelope(event, records))
        assert answer.status_code == 202, answer.text
        results: list[Json] = answer.json()["results"]
        return results

    def tell(self, external_id: str, event: str = "contact.upserted", /, **fields: Any) -> str:
        """Tell of one record, which must not be refused; the contact's id."""
        (result,) = self.call(record(external_id, **fields), event=event)
        assert result["outcome"] in ("created", "updated", "deleted", "unchanged"), result
        return str(result["contact_id"])


def record(external_id: str, **fields: Any) -> Json:
    """A record as a source sends it, of this moment where no other is named."""
    return {"external_id": external_id, "occurred_at": now(), **fields}


def now() -> str:
    """This moment as a source writes it."""
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


def eventually(holds: Callable[[], Any], what: str) -> None:
    """Wait until something holds; a failure says what did not."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, f"never came true: {what}"
        time.sleep(BETWEEN_LOOKS)


def settle(api: Api) -> None:
    """Wait until nothing is on its way: twice, since work may be between two places."""
    eventually(lambda: _quiet(api) and _quiet(api), "nothing waits any more")


def _quiet(api: Api) -> bool:
    return not any(api.get("/v1/health")["waiting"].values())


def as_json(value: Any) -> bytes:
    """A body as most senders write it."""
    return json.dumps(value, ensure_ascii=False).encode()
