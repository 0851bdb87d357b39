"""A mapping's rules as they are declared: one for each place that a system can hold."""

from typing import Any, Literal

from pydantic import ConfigDict, Field

from chalicelib.domain.model import Entity

Name = Literal[
    "text",
    "joined",
    "choice",
    "choices",
    "date",
    "noon",
    "month_day",
    "date_parts",
    "objects",
    "list",
    "set",
]


class Rule(Entity):
    """One place of ours and one of theirs, and the codec between them; see `codecs.CODECS`.

    `empty` is what clears their place; one that does not `clear` is left as it is instead. A
    rule that is `read_only` is never written; one that only `ends` a consent never grants it
    where something stands.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    ours: str = Field(max_length=100)
    theirs: str = Field(max_length=100)
    codec: Name = "text"
    length: int | None = Field(default=None, ge=1, le=10_000)
    separator: str = Field(default=";", min_length=1, max_length=3)
    values: dict[str, Any] = {}
    limit: int = Field(default=50, ge=1, le=100)
    parts: dict[str, str] = {}
    with_each: dict[str, Any] = {}
    empty: Any = None
    clear: bool = True
    read_only: bool = False
    ends: bool = False


class Mapping(Entity):
    """How one system holds a contact; `version` is raised with every change of the rules."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    system: str = Field(max_length=40)
    version: int = Field(ge=1)
    rules: tuple[Rule, ...] = Field(min_length=1, max_length=200)
