"""The base of everything that is stored: frozen, strict about names, cheap to turn into a row."""

import base64
import hashlib
import json
from typing import Any, Self

from pydantic import BaseModel, ConfigDict


class Entity(BaseModel):
    """An immutable value; `row()` and `of_row()` are its only stored form."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    def row(self) -> dict[str, Any]:
        """The JSON-like mapping that is stored."""
        return self.model_dump(mode="json")

    @classmethod
    def of_row(cls, row: dict[str, Any]) -> Self:
        """Read a row back; attributes of the store's own (keys, index) are passed over."""
        return cls.model_validate(row)


def canonical(value: Any) -> bytes:
    """One byte string for one JSON value (sorted names, no spaces, UTF-8): what is hashed."""
    return json.dumps(
        value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    ).encode()


def digest(*parts: bytes | str) -> str:
    """SHA-256 over length-prefixed parts, as 43 characters of URL-safe base64."""
    hasher = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        hasher.update(len(data).to_bytes(8, "big"))
        hasher.update(data)
    return base64.urlsafe_b64encode(hasher.digest()).rstrip(b"=").decode()
