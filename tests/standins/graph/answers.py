"""Graph's errors."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..base import Replied
from ..common.vendor import Refused

_CODES = {429: "TooManyRequests", 503: "ServiceUnavailable", 504: "GatewayTimeout"}


def error(
    status: int, code: str = "", message: str = "", headers: Mapping[str, str] | None = None
) -> Replied:
    """An error by its code."""
    code = code or _CODES.get(status, "InternalServerError")
    inner = {"request-id": "00000000-0000-0000-0000-000000000001"}
    told = {"code": code, "message": message or code, "innerError": inner}
    return Replied(status, {"error": told}, headers or {})


def throttled(seconds: int, message: str = "Too many requests.") -> Replied:
    """Come again after so many seconds."""
    headers = {"Retry-After": str(seconds)}
    return error(429, "ApplicationThrottled", message, headers)


def missing() -> Refused:
    """No such item."""
    told = "The specified object was not found in the store."
    return Refused(error(404, "ErrorItemNotFound", told))


def moment(text: str) -> datetime:
    """A time of a request; raises `Refused` where it is none."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(error(400, "BadRequest", "The DateTimeOffset is not valid.")) from None
    if at.tzinfo is None:
        raise Refused(error(400, "BadRequest", "The DateTimeOffset has no offset."))
    return at


def page(items: list[Any], **links: str) -> Replied:
    """A collection; `links` are nextLink, deltaLink."""
    return Replied(200, {"value": items, **{f"@odata.{name}": url for name, url in links.items()}})
