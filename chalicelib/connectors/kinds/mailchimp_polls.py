"""Mailchimp's members by the time of their last change: who is there, then who was archived.

A page begins where the one before ended, by time and not by number: a member that changes
meanwhile moves to the end, and would move all the others by one.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from chalicelib.connectors.connector import Told

PAGE = 500
SECOND = timedelta(seconds=1)  # times are told no finer: the last second is read again
_ALWAYS = ("contact_id", "status", "last_changed")
_CONSENT = ("subscribed", "unsubscribed")
START = "-"
BOUNCED = "bounced"  # a place that only we know: of a member whose address is dead


class Cursor(NamedTuple):
    """How far both readings are; `turn` is the one that is on, `skip` how many of one second."""

    there: str
    away: str
    turn: str = "there"
    skip: int = 0

    @classmethod
    def read(cls, text: str | None, now: datetime) -> "Cursor":
        """From its text; a first reading is of all who are there by now."""
        if text is None:
            return cls(START, _written(now - SECOND))
        there, away, turn, skip = text.split()
        return cls(there, away, turn, int(skip))

    def __str__(self) -> str:
        return " ".join(map(str, self))

    @property
    def since(self) -> str:
        """How far the reading that is on has come."""
        return self.there if self.turn == "there" else self.away

    def query(self, places: Sequence[str]) -> dict[str, Any]:
        """What to ask for: only what is mapped, and what tells a member from another."""
        names = {*_ALWAYS, *(place.partition(".")[0] for place in places)} - {BOUNCED}
        return {
            "count": PAGE,
            "offset": self.skip,
            "sort_field": "last_changed",
            "sort_dir": "ASC",
            "fields": ",".join(f"members.{name}" for name in sorted(names)),
            **({} if self.since == START else {"since_last_changed": self.since}),
            **({} if self.turn == "there" else {"status": "archived"}),
        }

    def onward(self, members: Sequence[Mapping[str, Any]]) -> tuple["Cursor", bool]:
        """The next one, and whether it is to be asked at once."""
        full = len(members) == PAGE
        since = _before(members[-1]) if members else self.since
        if full and since == self.since:
            return self._replace(skip=self.skip + PAGE), True
        reached = self._replace(**{self.turn: since}, skip=0)
        if full:
            return reached, True
        following = "away" if self.turn == "there" else "there"
        return reached._replace(turn=following), following == "away"


def told_of(member: Mapping[str, Any]) -> Told:
    """What a member says; a status that is neither yes nor no says nothing of consent."""
    at = datetime.fromisoformat(member["last_changed"])
    if member["status"] == "archived":
        return Told("delete", member["contact_id"], occurred_at=at)
    clear = member["status"] in _CONSENT
    body = {name: value for name, value in member.items() if clear or name != "status"}
    body |= {BOUNCED: True} if member["status"] == "cleaned" else {}
    return Told("upsert", member["contact_id"], body, occurred_at=at)


def _before(member: Mapping[str, Any]) -> str:
    return _written(datetime.fromisoformat(member["last_changed"]) - SECOND)


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
