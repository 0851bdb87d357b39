"""What a stand-in is: it gets a call, and answers; its clock is handed in."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

Now = Callable[[], datetime]


@dataclass(frozen=True)
class Called:
    """One request; header names are in lower case, `query` holds every value of a name."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def of(cls, method: str, url: str, headers: Mapping[str, str], body: bytes) -> "Called":
        """From a URL as it was written."""
        parts = urlsplit(url)
        named = {name.lower(): value for name, value in headers.items()}
        query = parse_qs(parts.query, keep_blank_values=True)
        return cls(method, parts.path, query, named, body)

    def json(self) -> Any:
        """The body; raises `ValueError` where it is no JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Replied:
    """One answer: `body` is sent as JSON, or as it stands where it is bytes."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def written(self) -> bytes:
        """The body's bytes."""
        if isinstance(self.body, bytes):
            return self.body
        return b"" if self.body is None else json.dumps(self.body).encode()


class StandIn(Protocol):
    """One account at a vendor's."""

    def answer(self, called: Called) -> Replied:
        """Behave as the vendor's documents say."""
