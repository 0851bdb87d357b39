"""Merge fields: what an audience keeps of a person besides the address."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .answers import Denied

_ADDRESS = ("addr1", "city", "state", "zip")
_DAYS = re.compile(r"(0[1-9]|1[0-2])/(0[1-9]|[12]\d|3[01])")


@dataclass(frozen=True)
class Field:
    """One merge field: `kind` is text, address, birthday, phone or number."""

    tag: str
    kind: str = "text"
    required: bool = False

    def shown(self, number: int, list_id: str) -> dict[str, Any]:
        """As the API shows it."""
        told = {"merge_id": number, "tag": self.tag, "name": self.tag, "type": self.kind}
        more = {"required": self.required, "default_value": "", "public": True}
        return {**told, **more, "display_order": number, "list_id": list_id}


STANDARD = (
    *(Field("FNAME"), Field("LNAME"), Field("ADDRESS", "address")),
    *(Field("PHONE", "phone"), Field("BIRTHDAY", "birthday")),
)


def merged(
    fields: tuple[Field, ...], old: dict[str, Any], given: dict[str, Any], lax: bool
) -> dict[str, Any]:
    """The new values: unknown tags are dropped, text is trimmed, an empty text clears.

    Raises `Denied` for what a field cannot hold, and for a required one that is empty, unless
    `lax`.
    """
    blank = {field.tag: "" for field in fields}
    new = {**blank, **old, **{tag: _trimmed(v) for tag, v in given.items() if tag in blank}}
    wrong = dict(_wrong(fields, new, lax))
    if wrong:
        raise Denied("Invalid Resource", "Your merge fields were invalid.", wrong)
    return new


def _trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _wrong(fields: tuple[Field, ...], new: dict[str, Any], lax: bool) -> Iterator[tuple[str, str]]:
    for field in fields:
        value = new[field.tag]
        if value == "":
            if field.required and not lax:
                yield field.tag, "Please enter a value"
        elif field.kind == "birthday" and not _DAYS.fullmatch(str(value)):
            yield field.tag, "Please enter a month (01-12) and a day (01-31)"
        elif field.kind == "address" and not _complete(value):
            yield field.tag, "Please enter a complete address"
        elif field.kind in ("text", "phone") and len(str(value)) > 255:
            yield field.tag, "Please enter a value of at most 255 characters"


def _complete(value: Any) -> bool:
    return isinstance(value, dict) and all(value.get(part) for part in _ADDRESS)
