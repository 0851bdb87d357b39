"""Calls that a system makes to us: one as it came, and the subscription by which it makes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

FateKind = Literal["renew", "gone", "missed"]


@dataclass(frozen=True)
class Hook:
    """The call as it came; header names are in lower case, of the query the last values."""

    method: str
    url: str
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Subscription:
    """That a system calls a URL of ours when something changes there.

    `id` is its own, `url` as we gave it, without what its connector put to it as a proof.
    Without `expires_at` it stays until somebody ends it.
    """

    id: str
    url: str
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Fate:
    """What a system says of a subscription: renew it; it is gone; calls about changes were lost."""

    subscription: str
    kind: FateKind
