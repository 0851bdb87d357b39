"""How a record is named from elsewhere: its source, and what that source calls it."""

import re
from typing import Any

from chalicelib.domain.normal.codec import Context, InvalidValueError
from chalicelib.domain.normal.text import given_text

EXTERNAL_ID_BYTES = 1_024
SYSTEM_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


def source_id(value: Any, _: Context) -> str:
    """The id of a source, registered or not yet."""
    name = given_text(value).strip().lower()
    if not SYSTEM_ID.fullmatch(name):
        raise InvalidValueError("not_a_source", "A source's id is 1 to 63 of a-z, 0-9, _ and -.")
    return name


def external_id(value: Any, _: Context) -> str:
    """What a source calls its record."""
    return given_id(value, "external_id")


def given_id(value: Any, name: str) -> str:
    """An id that somebody else gave, as it is: one letter changed, it would be another."""
    if not isinstance(value, str) or not value or value != value.strip():
        raise InvalidValueError(f"bad_{name}", f"{name} must be a non-empty text.")
    if not value.isprintable() or len(value.encode(errors="replace")) > EXTERNAL_ID_BYTES:
        detail = f"{name} must be printable and at most {EXTERNAL_ID_BYTES} bytes."
        raise InvalidValueError(f"bad_{name}", detail)
    return value
