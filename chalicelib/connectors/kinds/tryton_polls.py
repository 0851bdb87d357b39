"""Tryton's polls: where a reading of the parties is, as a small text.

A change to a row does not touch its party's `write_date` (a creation counts as a writing),
so all four tables are asked. Nothing tells of a deletion: the parties up to the highest id
are counted, and where there are fewer than before, everything is read again.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from chalicelib.connectors.api import Reply
from chalicelib.connectors.connector import Result, UnavailableError

# A transaction writes the time of its beginning, and shows at its end.
LAG = timedelta(minutes=5)
_TABLES = ("", "contact_mechanisms.", "addresses.", "identifiers.")


@dataclass(frozen=True)
class Reading:
    """What changed `since` (empty: everything) is read, in the order of ids, from `after` on.

    The next one begins at `until`, which is empty between two; then there were `count`
    parties up to the id `top`.
    """

    since: str = ""
    until: str = ""
    after: int = 0
    top: int = 0
    count: int = 0

    @classmethod
    def of(cls, cursor: str | None) -> "Reading":
        """As a cursor says."""
        return cls(**json.loads(cursor)) if cursor else cls()

    @property
    def text(self) -> str:
        """The cursor."""
        return json.dumps(asdict(self))

    @property
    def domain(self) -> list[Any]:
        """The parties that are still to be read; in a whole reading not those put away."""
        onward = ["id", ">", self.after]
        if not self.since:
            return [onward, ["active", "=", True]]
        moment = _written(datetime.fromisoformat(self.since))
        return [onward, ["OR", *([f"{table}write_date", ">=", moment] for table in _TABLES)]]

    def beyond(self, after: int) -> "Reading":
        """The same, further on."""
        return replace(self, after=after)

    @property
    def ended(self) -> "Reading":
        """Between two."""
        return Reading(since=self.until, top=self.top, count=self.count)


def begun_at(reply: Reply) -> str:
    """When a reading began whose first answer this is, by the server's clock."""
    try:
        return (parsedate_to_datetime(reply.headers["date"]) - LAG).isoformat()
    except (KeyError, ValueError):
        raise UnavailableError(Result("failed", "protocol")) from None


def _written(at: datetime) -> dict[str, Any]:
    """A time as Tryton's JSON has it, in UTC."""
    day = at.astimezone(UTC)
    parts = ("year", "month", "day", "hour", "minute", "second", "microsecond")
    return {"__class__": "datetime", **{part: getattr(day, part) for part in parts}}
