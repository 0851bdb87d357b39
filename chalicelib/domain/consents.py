"""Consents: facts with a time, and what they come to for one purpose and channel.

The latest fact counts, and of two of one moment the withdrawal. After a withdrawal only an
explicit opt-in grants again: one that says how the person gave it (`proof`). So no default of
an import, a merge or an echo turns a withdrawal on.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

Standing = Literal["granted", "withdrawn", "unknown"]


def standing(facts: Iterable[Mapping[str, Any]], purpose: str, channel: str) -> Standing:
    """What facts (of a contact, in normal form, in any order) come to."""
    told = [f for f in facts if (f["purpose"], f["channel"]) == (purpose, channel)]
    granted = [f for f in told if f["status"] == "granted"]
    withdrawn = max((f["occurred_at"] for f in told if f["status"] == "withdrawn"), default="")
    if not withdrawn:
        return "granted" if granted else "unknown"
    again = any(f["occurred_at"] > withdrawn and f.get("proof") for f in granted)
    return "granted" if again else "withdrawn"
