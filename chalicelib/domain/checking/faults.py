"""What a fault is: a code, of what, and which ids its mending starts from."""

from typing import Any, Literal

from chalicelib.domain.model import Entity

Of = Literal["contact", "record", "judgement", "batch", "undo", "interaction", "index"]

# What no evidence is left of: it is reported, and left as it is.
LOST = frozenset(
    {"record_lost", "statement_lost", "interaction_lost", "chain_broken", "answer_unfounded"}
)


class Fault(Entity):
    """Something that may not be so; `seeds` are records or contacts that it concerns."""

    code: str
    of: Of
    id: str
    detail: str
    seeds: tuple[str, ...] = ()

    @property
    def lost(self) -> bool:
        """Whether nothing is left to mend it from."""
        return self.code in LOST

    def __str__(self) -> str:
        return f"{self.of} {self.id}: {self.detail} ({self.code})"


def fault_view(fault: Fault) -> dict[str, Any]:
    """A fault as the outside sees it."""
    return {"code": fault.code, fault.of: fault.id, "detail": fault.detail}
