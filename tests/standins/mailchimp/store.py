"""The members of one audience, and who may change what state they are in."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import md5
from itertools import count
from typing import Any

from .answers import Denied

_TAGS = 50  # a member shows no more
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def hashed(email: str) -> str:
    """The id of an address: the MD5 of it in lower case."""
    return md5(email.lower().encode(), usedforsecurity=False).hexdigest()


def stamp(at: datetime) -> str:
    """As Mailchimp writes a time: no finer than seconds."""
    return at.strftime("%Y-%m-%dT%H:%M:%S+00:00")


@dataclass
class Member:
    """One contact; `left_by` says who ended the subscription: user, admin, api or bounce."""

    number: int
    email: str
    status: str
    changed: datetime
    opted: datetime
    merges: dict[str, Any] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)
    left_by: str | None = None

    @property
    def contact_id(self) -> str:
        """Stays when the address changes."""
        return f"{self.number:032x}"

    @property
    def unique_id(self) -> str:
        """Of the address, over all audiences; hooks call it `data[id]`."""
        return hashed(self.email)[:10]

    @property
    def tagged(self) -> list[dict[str, Any]]:
        """All its tags as the API shows them."""
        return [{"id": number, "name": name} for number, name in enumerate(self.tags, 1)]

    def shown(self, list_id: str) -> dict[str, Any]:
        """As the API shows it."""
        names = (str(self.merges.get(tag, "")) for tag in ("FNAME", "LNAME"))
        return {
            "id": hashed(self.email),
            "email_address": self.email,
            "unique_email_id": self.unique_id,
            "contact_id": self.contact_id,
            "full_name": " ".join(filter(None, names)),
            "web_id": self.number,
            "email_type": "html",
            "status": self.status,
            "merge_fields": dict(self.merges),
            "interests": {},
            "ip_signup": "",
            "timestamp_signup": "",
            "ip_opt": "192.0.2.1",
            "timestamp_opt": stamp(self.opted),
            "last_changed": stamp(self.changed),
            "language": "",
            "vip": False,
            "source": "API - Generic",
            **self.more,
            "tags_count": len(self.tags),
            "tags": self.tagged[:_TAGS],
            "list_id": list_id,
        }


class Members:
    """`strict`: what the API itself or staff ended cannot be begun again by the API either."""

    def __init__(self, now: Callable[[], datetime], strict: bool, fake: tuple[str, ...]) -> None:
        self.now, self.strict, self.fake = now, strict, fake
        self.by_hash: dict[str, Member] = {}
        self.forgotten: set[str] = set()
        self._counter = count(101)

    def find(self, key: str) -> Member | None:
        """By the hash, the address or the contact's id."""
        found = self.by_hash.get(key) or self.by_hash.get(hashed(key))
        if found is None and re.fullmatch(r"0{20}\w{12}", key):
            found = next((each for each in self.by_hash.values() if each.contact_id == key), None)
        return found

    def new(self, email: str, status: str, merges: dict[str, Any]) -> Member:
        """Raises `Denied` for an address that is none or was forgotten."""
        self.check_address(email)
        if hashed(email) in self.forgotten:
            raise Denied(
                "Forgotten Email Not Subscribed",
                f"{email} was permanently deleted and cannot be re-imported. "
                "The contact must re-subscribe to get back on the list.",
            )
        now = self.now()
        member = Member(next(self._counter), email, status, now, now, merges)
        self.by_hash[hashed(email)] = member
        return member

    def check_address(self, email: str) -> None:
        """Raises `Denied` for what is none or looks fake."""
        if not _ADDRESS.fullmatch(email):
            raise Denied("Invalid Resource", "Please provide a valid email address.")
        if email.rpartition("@")[2].lower() in self.fake:
            said = f"{email} looks fake or invalid, please enter a real email address."
            raise Denied("Invalid Resource", said)

    def check_status(self, member: Member, status: str) -> None:
        """Whether the API may set it; raises `Denied` for a person's own end of it."""
        ended = member.left_by is not None
        own = member.left_by in ("user", "bounce") or self.strict
        if status in ("subscribed", "transactional") and ended and own:
            raise Denied(
                "Member In Compliance State",
                f"{member.email} is in a compliance state due to unsubscribe, bounce, or "
                "compliance review and cannot be subscribed.",
            )

    def set_status(self, member: Member, status: str, by: str) -> None:
        """By whom it may be set; what that person ended before is begun again."""
        if status == "unsubscribed" and member.status != status:
            member.left_by = by
        elif status == "cleaned":
            member.left_by = "bounce"
        elif status == "subscribed":
            member.left_by = None
            member.opted = self.now()
        member.status = status
        self.touch(member)

    def move(self, member: Member, email: str) -> None:
        """To another address; raises `Denied` where that has a member."""
        self.check_address(email)
        if self.by_hash.get(hashed(email), member) is not member:
            raise exists(email)
        del self.by_hash[hashed(member.email)]
        member.email = email
        self.by_hash[hashed(email)] = member
        self.touch(member)

    def forget(self, member: Member) -> None:
        """For good: the API cannot bring the address back."""
        del self.by_hash[hashed(member.email)]
        self.forgotten.add(hashed(member.email))

    def touch(self, member: Member) -> None:
        """It changed just now."""
        member.changed = self.now()


def exists(email: str) -> Denied:
    """The address is taken."""
    said = f"{email} is already a list member. Use PUT to insert or update list members."
    return Denied("Member Exists", said)
