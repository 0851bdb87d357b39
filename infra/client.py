"""A small client of Kartoteka's HTTP API, as the demo and `make load` use it.

Address and admin key come from `.run/local.json`. Webhook calls are signed as Standard
Webhooks asks. What the API or the line could not take is sent again, with the same
`webhook-id`; that is safe for every call made here.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import httpx

from chalicelib.domain.signing import sign

Json = dict[str, Any]

RUN_FILE = Path(__file__).parents[1] / ".run" / "local.json"
RECORDS_A_CALL = 100
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)  # seconds between one attempt and the next
TRY_AGAIN = frozenset({429, 502, 503, 504})


class ApiError(Exception):
    """The API refused: its status and its own sentence, which holds no personal data."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(f"{status}: {detail}")
        self.status = status


class UnreachableError(Exception):
    """No answer came, after all attempts."""


class Api:
    """The API at `base_url` (without `/v1`), spoken to with an admin key.

    All methods raise `ApiError` and `UnreachableError`.
    """

    def __init__(
        self,
        base_url: str,
        admin_key: str,
        *,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._bearer = {"authorization": f"Bearer {admin_key}"}
        self.sleep = sleep
        self._http = httpx.Client(
            base_url=self.base_url, timeout=60, trust_env=False, transport=transport
        )

    @classmethod
    def local(cls) -> Self:
        """The local cloud's; UnreachableError where none was ever started."""
        if not RUN_FILE.exists():
            raise UnreachableError("there is no local cloud: make up")
        handle = json.loads(RUN_FILE.read_text())
        return cls(handle["base_url"], handle["admin_key"])

    def close(self) -> None:
        """Close its connections."""
        self._http.close()

    def get(self, path: str, **query: str) -> Json:
        """Read one thing."""
        return self._admin("GET", path, query=query)

    def put(self, path: str, body: Json) -> Json:
        """Make or change what stands under the path."""
        return self._admin("PUT", path, body)

    def post(self, path: str, body: Json | None = None) -> Json:
        """Ask for something to be done."""
        return self._admin("POST", path, body)

    def items(self, path: str, **query: str) -> Iterator[Json]:
        """All items of a list, page by page."""
        return _pages(lambda cursor: self.get(path, **query, **cursor))

    def search(self, q: str) -> Iterator[Json]:
        """All contacts that the filter `q` finds."""
        return _pages(lambda cursor: self.post("/v1/contacts/search", {"q": q, **cursor}))

    def register(self, path: str, settings: Json) -> str:
        """Make or change a source or a target; a signing secret of it, made anew if it stood."""
        made = self.put(path, settings)
        return str(made.get("secret") or self.rotate(path))

    def rotate(self, path: str) -> str:
        """A new signing secret; the one before stays valid for its grace time."""
        return str(self.post(f"{path}/rotate")["secret"])

    def send(self, source: str, secret: str, message_id: str, body: bytes) -> list[Json]:
        """One signed webhook call; the API's result for each record, in their order."""

        def request() -> httpx.Request:
            headers = signed(secret, message_id, body, int(time.time()))
            return self._http.build_request(
                "POST", f"/v1/hooks/{source}", content=body, headers=headers
            )

        return list(self._answer(request)["results"])

    def _admin(
        self, method: str, path: str, body: Json | None = None, query: dict[str, str] | None = None
    ) -> Json:
        return self._answer(
            lambda: self._http.build_request(
                method, path, json=body, params=query, headers=self._bearer
            )
        )

    def _answer(self, request: Callable[[], httpx.Request]) -> Json:
        for pause in (*PAUSES, None):
            response = self._attempt(request())
            if pause is None or (response is not None and response.status_code not in TRY_AGAIN):
                break
            self.sleep(_asked_pause(response, pause))
        if response is None:
            raise UnreachableError(f"no answer from {self.base_url}; does it run? make status")
        return _body(response)

    def _attempt(self, request: httpx.Request) -> httpx.Response | None:
        try:
            return self._http.send(request)
        except httpx.TransportError:
            return None


def envelope(kind: str, records: Sequence[Json], batch: Json | None = None) -> bytes:
    """The body of a webhook call; `kind` is such as `contact.upserted`, `batch` its import."""
    whole = {"type": kind, "data": list(records)} | ({"batch": batch} if batch else {})
    return json.dumps(whole, ensure_ascii=False).encode()


def signed(secret: str, message_id: str, body: bytes, timestamp: int) -> dict[str, str]:
    """The headers of a webhook call, signed by a `whsec_...` secret (Standard Webhooks, v1)."""
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(secret, message_id, timestamp, body),
    }


def _pages(page: Callable[[dict[str, str]], Json]) -> Iterator[Json]:
    cursor: dict[str, str] = {}
    while True:
        answer = page(cursor)
        yield from answer["items"]
        if not answer.get("next"):
            return
        cursor = {"cursor": answer["next"]}


def _body(response: httpx.Response) -> Json:
    if response.is_success:
        return dict(response.json()) if response.content else {}
    try:
        problem = response.json()
        detail = problem.get("detail") or problem["title"]
    except (ValueError, KeyError, AttributeError):
        detail = response.reason_phrase
    raise ApiError(response.status_code, detail)


def _asked_pause(response: httpx.Response | None, pause: float) -> float:
    asked = response.headers.get("retry-after", "") if response is not None else ""
    return min(float(asked), PAUSES[-1]) if asked.isascii() and asked.isdigit() else pause
