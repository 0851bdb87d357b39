"""What a codec is: a function from a value as received to its normal form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


class InvalidValueError(ValueError):
    """The value has no normal form; `detail` is a sentence that does not repeat it."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Context:
    """What the meaning of a value may hang on.

    `country` is the default region (ISO 3166-1 alpha-2), `today` the day of receipt and
    `source` the id of the source that tells, empty where none does.
    `beside` holds the parts of the same object that were read before this one, in normal
    form; None stands for a part that was given but is invalid.
    """

    country: str
    today: date
    beside: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""


Codec = Callable[[Any, Context], Any]
"""Value as received, context -> normal form; raises `InvalidValueError`."""


def is_empty(value: Any) -> bool:
    """Whether a value says nothing: null, blank text, or a list or object of such values."""
    match value:
        case None:
            return True
        case str():
            return not value.strip()
        case list():
            return all(is_empty(element) for element in value)
        case dict():
            return all(is_empty(part) for part in value.values())
        case _:
            return False
