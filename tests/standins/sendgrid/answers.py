"""How SendGrid words its errors."""

from ..base import Replied


def denied(status: int, message: str, field: str | None = None) -> Replied:
    """One error."""
    return Replied(status, {"errors": [{"message": message, "field": field}]})
