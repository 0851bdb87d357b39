"""Who must not be mailed: unsubscribed from all or from a group, bounced, complained."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from ..base import Replied
from ..common.vendor import Asked
from .answers import denied

UNSUBSCRIBED, BOUNCED, REPORTED = "unsubscribes", "bounces", "spam_reports"
_MORE = {
    UNSUBSCRIBED: {},
    BOUNCED: {"reason": "550 5.1.1 no such user", "status": "5.1.1"},
    REPORTED: {"ip": "192.0.2.1"},
}


class Suppressions:
    """Apart from contacts: an address may be here and there, and stays when the contact goes."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.kept: dict[str, dict[str, int]] = {kind: {} for kind in _MORE}
        self.groups: dict[int, dict[str, Any]] = {}
        self.left: dict[int, dict[str, int]] = {}

    def add(self, kind: str, email: str) -> None:
        """As of now; the first time counts."""
        self.kept[kind].setdefault(email.lower(), int(self.now().timestamp()))

    def new_group(self, name: str) -> int:
        """A group of mails that can be left on its own."""
        id = 10_001 + len(self.groups)
        self.groups[id] = {"id": id, "name": name, "description": name, "is_default": False}
        self.left[id] = {}
        return id

    def leave(self, group: int, email: str) -> None:
        """Of a group that does not exist: of all."""
        if group in self.left:
            self.left[group].setdefault(email.lower(), int(self.now().timestamp()))
        else:
            self.add(UNSUBSCRIBED, email)

    def all(self, asked: Asked) -> Replied:
        """A page of one kind, by time: from and to are inclusive."""
        kind, query = asked.operation.rpartition(".")[2], asked.query
        start, end = (int(query.get(n, d)) for n, d in (("start_time", 0), ("end_time", 1 << 40)))
        within = [
            (created, email)
            for email, created in self.kept[kind].items()
            if start <= created <= end and email.startswith(query.get("email", "").lower())
        ]
        offset, limit = int(query.get("offset", 0)), int(query.get("limit", 500))
        shown = [
            {"created": created, "email": email, **_MORE[kind]}
            for created, email in sorted(within)[offset : offset + limit]
        ]
        return Replied(200, shown)

    def add_global(self, asked: Asked) -> Replied:
        """Unsubscribe from all."""
        for email in asked.body["recipient_emails"]:
            self.add(UNSUBSCRIBED, email)
        return Replied(201, {"recipient_emails": asked.body["recipient_emails"]})

    def get_global(self, asked: Asked) -> Replied:
        """An empty object where the address is not suppressed."""
        email = asked.args["email"].lower()
        return Replied(200, {"recipient_email": email} if email in self.kept[UNSUBSCRIBED] else {})

    def delete_global(self, asked: Asked) -> Replied:
        """The address is mailed again."""
        return self._deleted(self.kept[UNSUBSCRIBED], asked)

    def delete_bounce(self, asked: Asked) -> Replied:
        """The address is tried again."""
        return self._deleted(self.kept[BOUNCED], asked)

    def all_groups(self, _: Asked) -> Replied:
        """Every group with the number of those who left it."""
        counted = [{**told, "unsubscribes": len(self.left[id])} for id, told in self.groups.items()]
        return Replied(200, counted)

    def all_left(self, _: Asked) -> Replied:
        """Who left which group, and when: of all groups, without pages."""
        shown = [
            {
                "email": email,
                "group_id": id,
                "group_name": self.groups[id]["name"],
                "created_at": at,
            }
            for id, emails in self.left.items()
            for email, at in emails.items()
        ]
        return Replied(200, shown)

    def of_group(self, asked: Asked) -> Replied:
        """Who left it."""
        return Replied(200, list(self.left.get(_group(asked), {})))

    def add_to_group(self, asked: Asked) -> Replied:
        """Leave a group for these."""
        for email in asked.body["recipient_emails"]:
            self.leave(_group(asked), email)
        return Replied(201, {"recipient_emails": asked.body["recipient_emails"]})

    def delete_from_group(self, asked: Asked) -> Replied:
        """The address gets the group's mails again."""
        return self._deleted(self.left.get(_group(asked), {}), asked)

    def of_address(self, asked: Asked) -> Replied:
        """Which groups it left."""
        email = asked.args["email"].lower()
        left = [id for id, emails in self.left.items() if email in emails]
        return Replied(
            200, {"suppressions": [{**self.groups[id], "suppressed": True} for id in left]}
        )

    def _deleted(self, kept: dict[str, int], asked: Asked) -> Replied:
        there = kept.pop(asked.args["email"].lower(), None) is not None
        return Replied(204) if there else denied(404, "resource not found")


def _group(asked: Asked) -> int:
    return int(asked.args["group"]) if asked.args["group"].isdecimal() else 0
