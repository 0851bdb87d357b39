"""Values of custom fields: text, a whole number, or yes and no."""

import math
from typing import Any

from chalicelib.domain.normal.codec import Context, InvalidValueError
from chalicelib.domain.normal.text import lines

_LARGEST = 2**53 - 1  # what every reader of JSON still reads exactly
_text = lines(1000)


def scalar(value: Any, context: Context) -> str | int | bool:
    """Text (at most 1,000 characters), an integer up to 2^53 - 1, or a boolean.

    There are no fractions, since readers and stores round them differently: `12.0` is the
    integer 12, `12.5` becomes the text `12.5`, the shortest that reads back as the same.
    """
    match value:
        case bool():
            return value
        case float() if not value.is_integer() or abs(value) > _LARGEST:
            return _fraction(value)
        case int() | float():
            return _whole(int(value))
        case str():
            return str(_text(value, context))
        case _:
            raise InvalidValueError("not_a_scalar", "Use text, a number, true or false.")


def _fraction(value: float) -> str:
    if not math.isfinite(value):
        raise InvalidValueError("out_of_range", "The number must be finite.")
    return repr(value)


def _whole(value: int) -> int:
    if abs(value) > _LARGEST:
        raise InvalidValueError("out_of_range", "Use text for numbers beyond 2^53 - 1.")
    return value
