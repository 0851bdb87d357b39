"""How the tests of the stand-ins call them: under a clock that stands until it is moved."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from tests.standins.base import Called, Replied, StandIn


class Clock:
    """Noon of a day, until `on` moves it."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def on(self, **span: float) -> None:
        """So much later."""
        self.at += timedelta(**span)


def ask(
    standin: StandIn,
    method: str,
    url: str,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
) -> Replied:
    """One call: `body` as JSON, or `form`."""
    kind = "application/json" if form is None else "application/x-www-form-urlencoded"
    written = json.dumps(body) if form is None else urlencode(form)
    given = body is not None or form is not None
    named = {**(headers or {}), **({"Content-Type": kind} if given else {})}
    return standin.answer(Called.of(method, url, named, written.encode() if given else b""))
