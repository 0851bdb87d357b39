"""How large DynamoDB holds an item to be, and how many units a call on it is billed.

From the developer guide, "Item sizes and formats" and "Capacity unit consumption"; both
emulators report other figures, so that limits, pages and costs are counted here.
"""

from collections.abc import Mapping
from typing import Any

MAX_ITEM = 400 * 1024
MAX_PAGE = 1024 * 1024
MAX_TRANSACTION = 4 * 1024 * 1024
READ_UNIT = 4 * 1024
WRITE_UNIT = 1024

_MAX_DIGITS = 38
_CONTAINER = 3
_ELEMENT = 1


def item_size(item: Mapping[str, Any]) -> int:
    """Bytes of a whole item: its attributes' names and values.

    Raises TypeError where the item holds anything but exact str, int, bool, None, list and
    dict, and ValueError where a number has more than 38 digits or a text is no Unicode.
    """
    return sum(_text(name) + _value(value) for name, value in item.items())


def read_units(size: int) -> int:
    """Units of a consistent read of so many bytes; nothing found costs one as well."""
    return max(1, -(-size // READ_UNIT))


def write_units(size: int) -> int:
    """Units of one write, outside a transaction, of an item of so many bytes."""
    return max(1, -(-size // WRITE_UNIT))


def _text(value: object) -> int:
    if type(value) is not str:
        raise TypeError(f"an attribute's name is a {type(value).__name__}")
    return len(value) if value.isascii() else len(value.encode())


def _value(value: object) -> int:
    kind = type(value)
    if kind is str:
        return _text(value)
    if kind is bool or value is None:
        return 1
    if type(value) is int:
        return _number(value)
    if type(value) is list:
        return _CONTAINER + sum(_ELEMENT + _value(element) for element in value)
    if type(value) is dict:
        return _CONTAINER + _ELEMENT * len(value) + item_size(value)
    raise TypeError(f"an item holds a {kind.__name__}")


def _number(value: int) -> int:
    """A byte for every two significant digits, one more, and one for a sign."""
    digits = str(abs(value))
    if len(digits) > _MAX_DIGITS:
        raise ValueError("a number has more than 38 digits")
    return (len(digits.rstrip("0")) + 1) // 2 + 1 + (value < 0)
