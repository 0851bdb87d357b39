"""How one talks to Salesforce: queries in SOQL, and errors that have codes of their own."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.connectors.api import Reply

STATUSES: Mapping[str, int] = {
    "REQUEST_LIMIT_EXCEEDED": 429,  # comes with 403
    "UNABLE_TO_LOCK_ROW": 503,  # comes with 400, and goes by itself
    "ENTITY_IS_DELETED": 404,
    "DUPLICATES_DETECTED": 400,
    "DUPLICATE_VALUE": 400,
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": 400,
    "INVALID_EMAIL_ADDRESS": 400,
    "INVALID_FIELD": 400,
    "REQUIRED_FIELD_MISSING": 400,
    "STRING_TOO_LONG": 400,
}
"""Codes that say more than the status that they come with: the status that means the same."""


def meaning(reply: Reply) -> Reply:
    """The reply with what its error's code means; a code that we do not know says nothing."""
    code = _code(reply)
    if reply.ok or code not in STATUSES:
        return reply
    return replace(reply, status=STATUSES[code], reason=code.lower())


def _code(reply: Reply) -> str:
    """Of the first error."""
    first = reply.json[0] if isinstance(reply.json, list) and reply.json else None
    return str(first.get("errorCode")) if isinstance(first, Mapping) else ""


def contacts(names: Iterable[str], where: str) -> str:
    """The query for these fields of contacts."""
    return f"SELECT {', '.join(names)} FROM Contact WHERE {where}"


def text(value: str) -> str:
    """A text in a query: what is in it cannot end it."""
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def texts(values: Iterable[str]) -> str:
    """Several of them."""
    return ", ".join(map(text, values))


def moment(at: datetime) -> str:
    """A time in UTC as queries have it; text order is time order."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"
