"""One Mailchimp account with one audience: its key, its routes, and the hands of people."""

import base64
from collections import deque
from datetime import datetime
from typing import Any

from ..base import Called, Now, Replied
from ..common.vendor import Asked, Refused, Vendor, Work
from .answers import Denied, missing, narrowed, problem
from .hooks import Hooks, Visit
from .members import ManyMembers, OneMember, Writing
from .merging import STANDARD, Field
from .store import Member, Members, hashed

_CONNECTIONS = 10


class Mailchimp(Vendor):
    """`visit` answers the GET that checks a hook; without it the GET is one of `events()`.

    Three things that the documents leave open are settings: `strict` (see `Members`),
    `archived_is_new` (a PUT's `status_if_new` brings an archived member back), `fake` (domains
    that are refused).
    """

    def __init__(
        self,
        now: Now,
        key: str = "key-us21",
        list_id: str = "a6b5da1054",
        fields: tuple[Field, ...] = STANDARD,
        secret: str | None = None,
        visit: Visit | None = None,
        strict: bool = False,
        archived_is_new: bool = False,
        fake: tuple[str, ...] = (),
    ) -> None:
        super().__init__(now, "mailchimp")
        self.key, self.list_id, self.fields = key, list_id, fields
        self.members = Members(now, strict, fake)
        self.hooks = Hooks(now, list_id, secret, visit)
        self.writing = Writing(self.members, self.hooks, fields)
        self._one = OneMember(self.writing, list_id, archived_is_new, self.refuse)
        self._many = ManyMembers(self._one)
        self._begun: deque[datetime] = deque()
        self.serve((m, p, o, self._telling(work)) for m, p, o, work in self._operations())

    @property
    def records(self) -> dict[str, Member]:
        """The members by address in lower case, archived ones too."""
        return {member.email.lower(): member for member in self.members.by_hash.values()}

    def events(self) -> list[Called]:
        """The calls to our hooks that are due; a test that wants doubles makes them twice."""
        return self.hooks.calls()

    # The hands of people: `by` is user (the person, in a form) or admin (staff, in the browser).

    def create(
        self, email: str, status: str = "subscribed", by: str = "user", **merges: Any
    ) -> str:
        """Sign up, or come back: also one who left or was forgotten; gives the contact's id."""
        member = self.members.find(email)
        if member is None:
            self.members.forgotten.discard(hashed(email))
            given = {"merge_fields": merges}
            return self.writing.create(email, status, given, by, True).contact_id
        self.writing.update(member, {"merge_fields": merges}, by, True)
        self.writing.set_status(member, status, by)
        return member.contact_id

    def edit(self, key: str, by: str = "user", email: str | None = None, **merges: Any) -> None:
        """Change the profile, or the address."""
        moved = {"email_address": email} if email else {}
        self.writing.update(self._member(key), {**moved, "merge_fields": merges}, by, True)

    def unsubscribe(self, key: str, by: str = "user") -> None:
        """By the link in a mail, or by staff."""
        self.writing.set_status(self._member(key), "unsubscribed", by)

    def clean(self, key: str, reason: str = "hard") -> None:
        """Mails came back (`hard`) or were called spam (`abuse`)."""
        member = self._member(key)
        self.members.set_status(member, "cleaned", "admin")
        told = {"campaign_id": "4fjk2ma9xd", "reason": reason, "email": member.email}
        self.hooks.tell("cleaned", "admin", told)

    def delete(self, key: str, by: str = "admin") -> None:
        """Archive, as staff do."""
        self.writing.archive(self._member(key), by)

    def forget(self, key: str) -> None:
        """Delete for good, as staff do."""
        self.members.forget(self._member(key))

    def tag(self, key: str, name: str, active: bool = True) -> None:
        """Set a tag or take it away."""
        self.writing.set_tag(self._member(key), name, active)

    def _member(self, key: str) -> Member:
        member = self.members.find(key)
        assert member is not None, "no such member"
        return member

    def _telling(self, work: Work) -> Work:
        def told(asked: Asked) -> Replied:
            if asked.args["list"] != self.list_id:
                return missing()
            try:
                return work(asked)
            except Denied as why:
                return why.replied

        return told

    def _show_fields(self, asked: Asked) -> Replied:
        shown = [each.shown(number, self.list_id) for number, each in enumerate(self.fields, 1)]
        start, size = int(asked.query.get("offset", 0)), int(asked.query.get("count", 10))
        body = {"merge_fields": shown[start : start + size], "total_items": len(shown)}
        return Replied(200, narrowed({**body, "list_id": self.list_id}, asked.query))

    def _admitted(self, asked: Asked) -> dict[str, str]:
        kind, _, given = asked.called.headers.get("authorization", "").partition(" ")
        if kind == "Basic":
            given = base64.b64decode(given).decode().partition(":")[2]
        if not given:
            said = "Your request did not include an API key."
            raise Refused(problem(401, "API Key Missing", said))
        if given != self.key:
            said = (
                "Your API key may be invalid, or you've attempted to access the wrong datacenter."
            )
            raise Refused(problem(401, "API Key Invalid", said))
        self._connect()
        return {}

    def _connect(self) -> None:
        """Calls that began less than `slow` ago are still under way; ten may be at a time."""
        now = self.now()
        while self._begun and self._begun[0] + self.slow <= now:
            self._begun.popleft()
        if len(self._begun) >= _CONNECTIONS:
            raise Refused(self._failed(429))
        self._begun.append(now)

    def _failed(self, status: int) -> Replied:
        if status == 403:  # how much too much is answered: no body, no headers
            return Replied(403)
        if status == 429:
            said = "You have exceeded the limit of 10 simultaneous connections."
            return problem(429, "Too Many Requests", said)
        return problem(status, "Internal Server Error", "An unexpected internal error occurred.")

    def _unknown(self, called: Called) -> Replied:
        return missing()

    def _malformed(self, faults: list[str]) -> Replied:
        said = "The resource submitted could not be validated."
        told = [
            {"field": where, "message": why}
            for where, _, why in (each.partition(": ") for each in faults)
        ]
        return problem(400, "Invalid Resource", said, errors=told)

    def _operations(self) -> list[tuple[str, str, str, Work]]:
        of_list = "/3.0/lists/{list}"
        many, one = f"{of_list}/members", f"{of_list}/members/{{hash}}"
        hooks = f"{of_list}/webhooks"
        return [
            ("GET", many, "members.list", self._many.page),
            ("POST", many, "members.add", self._one.add),
            ("POST", of_list, "members.batch", self._many.batch),
            ("GET", one, "members.get", self._one.get),
            ("PUT", one, "members.put", self._one.put),
            ("PATCH", one, "members.patch", self._one.patch),
            ("DELETE", one, "members.archive", self._one.archive),
            ("POST", f"{one}/actions/delete-permanent", "members.forget", self._one.forget),
            ("POST", f"{one}/tags", "tags.set", self._one.set_tags),
            ("GET", f"{one}/tags", "tags.list", self._one.list_tags),
            ("GET", f"{of_list}/merge-fields", "fields.list", self._show_fields),
            ("GET", hooks, "webhooks.list", self.hooks.show),
            ("POST", hooks, "webhooks.add", self.hooks.add),
            ("PATCH", f"{hooks}/{{id}}", "webhooks.change", self.hooks.change),
            ("DELETE", f"{hooks}/{{id}}", "webhooks.delete", self.hooks.delete),
        ]
