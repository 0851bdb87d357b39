"""A call that a system made to us, before anybody knows whether it did."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Hook:
    """The call as it came; header names are in lower case, of the query the last values."""

    method: str
    url: str
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
