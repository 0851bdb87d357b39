"""SendGrid's suppressions as a feed: who left all mails, who complained, who left the group."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from chalicelib.connectors.connector import Told

ENDED = "unsubscribed"
PAGE = 500
LAG = timedelta(minutes=1)  # by how much one may appear after its time [unchecked]
_TURNS = ("unsubscribes", "spam_reports", "group")
Left = tuple[str, int]  # an address, and when, in seconds


class Cursor(NamedTuple):
    """The span that is read now, in seconds, and how far: by kind, then by number."""

    since: int
    until: int
    turn: int
    skip: int
    group: str

    @classmethod
    def read(cls, text: str | None, now: datetime, group: str) -> "Cursor":
        """From its text; one that has no end yet is read up to now."""
        since, until, turn, skip = map(int, (text or "0 0 0 0").split())
        return cls(since, until or int(now.timestamp()), turn, skip, group)

    def __str__(self) -> str:
        return " ".join(map(str, self[:4]))

    def question(self) -> tuple[str, dict[str, Any]]:
        """Path and query of the next page; a group's are told whole, of every group."""
        kind = _TURNS[self.turn]
        if kind == "group":
            return "/asm/suppressions", {}
        span = {"start_time": self.since, "end_time": self.until}
        return f"/suppression/{kind}", {**span, "limit": PAGE, "offset": self.skip}

    def within(self, told: Sequence[Mapping[str, Any]]) -> list[Left]:
        """Who of an answer belongs to the span and to the group."""
        if _TURNS[self.turn] != "group":
            return [(each["email"].lower(), each["created"]) for each in told]
        own = (each for each in told if str(each["group_id"]) == self.group)
        left = [(each["email"].lower(), each["created_at"]) for each in own]
        return [(address, at) for address, at in left if self.since <= at <= self.until]

    def onward(self, told: Sequence[Left]) -> tuple["Cursor", bool]:
        """The next one, and whether it is to be asked at once."""
        if _TURNS[self.turn] != "group" and len(told) == PAGE:
            return self._replace(skip=self.skip + PAGE), True
        turn = self.turn + 1
        if turn < (len(_TURNS) if self.group else len(_TURNS) - 1):
            return self._replace(turn=turn, skip=0), True
        since = max(0, self.until - int(LAG.total_seconds()))
        return Cursor(since, 0, 0, 0, self.group), False


def told_of(at: int, contact: Mapping[str, Any]) -> Told:
    """That a contact left, and when."""
    body = {**contact, "status": ENDED}
    moment = datetime.fromtimestamp(at, UTC)
    return Told("upsert", contact["id"], body, occurred_at=moment, changed=frozenset({"status"}))
