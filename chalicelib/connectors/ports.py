"""How a target is told: one push, one answer, never an exception.

The answer keeps no word of what the target wrote, for it could echo personal data.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Push:
    """One message on its way to a target; its headers are already signed."""

    url: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)  # personal data


@dataclass(frozen=True)
class Answer:
    """What came back.

    `status` is None where no answer came. `retry_after` is the header as it came. `reason`
    is a short stable code: "ok", "redirect", "http_<status>"; or why there was no answer:
    "refused_address", "dns", "connection", "tls", "timeout", "protocol".
    """

    status: int | None
    retry_after: str | None
    reason: str


class Sender(Protocol):
    """The way out to targets."""

    def check(self, url: str) -> None:
        """Raise `InvalidError` for a URL that is never pushed to; each push checks it again."""

    def send(self, push: Push) -> Answer:
        """Push once, within a bounded time; failures are answers too."""
