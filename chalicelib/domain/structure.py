"""Whether a record can be looked at, before any field of it is read.

What fails here refuses the whole record: it is a sign of a broken sender, and none of it
could be stored, hashed or answered safely.
"""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.domain.errors import FieldError, InvalidError
from chalicelib.domain.model import canonical

MOST_BYTES = 300 * 1024
_MOST_NESTED = 10
_NAME_SHOWN = 64
# NUL, lone surrogates (Python has no others) and the two that Unicode forbids in text.
_BAD_TEXT = re.compile("[\x00\ud800-\udfff\ufffe\uffff]")


def pointer(*names: str | int) -> str:
    """A JSON pointer (RFC 6901); long names are cut, since it is shown, not followed."""
    shown = (str(name)[:_NAME_SHOWN] for name in names)
    return "".join("/" + name.replace("~", "~0").replace("/", "~1") for name in shown)


def check_structure(given: Any) -> None:
    """Raise `InvalidError` unless this is a JSON object of fair size, depth and text."""
    if not isinstance(given, Mapping):
        raise _refused(FieldError("", "not_an_object", "A record must be an object."))
    if faults := list(_faults(dict(given), ())):
        raise _refused(*faults)
    if len(canonical(dict(given))) > MOST_BYTES:
        raise _refused(FieldError("", "too_large", f"A record has at most {MOST_BYTES} bytes."))


def _refused(*faults: FieldError) -> InvalidError:
    return InvalidError("The record cannot be read.", list(faults)[:100])


def _faults(value: Any, path: tuple[str | int, ...]) -> Iterator[FieldError]:
    if len(path) > _MOST_NESTED:
        yield FieldError(pointer(*path), "too_deep", f"Nest at most {_MOST_NESTED} levels.")
        return
    match value:
        case str() if _BAD_TEXT.search(value):
            yield FieldError(pointer(*path), "bad_text", "A character that no text may hold.")
        case dict():
            yield from _faults_of_object(value, path)
        case list():
            for place, element in enumerate(value):
                yield from _faults(element, (*path, place))
        case int() if value.bit_length() > 64:
            yield FieldError(pointer(*path), "out_of_range", "The number is too large.")
        case float() if not math.isfinite(value):
            yield FieldError(pointer(*path), "out_of_range", "The number must be finite.")
        case None | str() | int() | float():
            return
        case _:
            yield FieldError(pointer(*path), "not_json", "JSON has no such value.")


def _faults_of_object(value: dict[Any, Any], path: tuple[str | int, ...]) -> Iterator[FieldError]:
    for name, part in value.items():
        if not isinstance(name, str) or _BAD_TEXT.search(name):
            # The name itself cannot be shown.
            yield FieldError(pointer(*path), "bad_text", "A name here is no text.")
        else:
            yield from _faults(part, (*path, name))
