"""The audience's web hooks: a GET when one is saved, then form-encoded events."""

import hmac
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from ..base import Called, Replied
from ..common.vendor import Asked
from .answers import Denied, missing
from .store import Member

Visit = Callable[[Called], Replied]
_EVENTS = ("subscribe", "unsubscribe", "profile", "cleaned", "upemail", "campaign")
_SOURCES = ("user", "admin", "api")


class Hooks:
    """`secret` signs the events, which only some accounts can do; `visit` answers the GET."""

    def __init__(
        self,
        now: Callable[[], datetime],
        list_id: str,
        secret: str | None,
        visit: Visit | None,
    ) -> None:
        self.now, self.list_id, self.secret, self.visit = now, list_id, secret, visit
        self.all: dict[str, dict[str, Any]] = {}
        self.waiting: list[Called] = []

    def add(self, asked: Asked) -> Replied:
        """Saved if the URL answers a GET with 200; what is not said is off."""
        body = asked.body
        called = Called.of(
            "GET", body["url"], {"user-agent": "MailChimp.com WebHook Validator"}, b""
        )
        if self.visit is None:
            self.waiting.append(called)
        elif self.visit(called).status != 200:
            raise Denied("Invalid Resource", "The URL provided could not be reached.")
        id = f"hook{len(self.all) + 1}"
        self.all[id] = {
            "id": id,
            "url": body["url"],
            "events": {name: body.get("events", {}).get(name, False) for name in _EVENTS},
            "sources": {name: body.get("sources", {}).get(name, False) for name in _SOURCES},
            "list_id": self.list_id,
        }
        return Replied(200, self.all[id])

    def show(self, _: Asked) -> Replied:
        """All of them."""
        body = {"webhooks": [*self.all.values()], "list_id": self.list_id}
        return Replied(200, {**body, "total_items": len(self.all)})

    def delete(self, asked: Asked) -> Replied:
        """No more events."""
        return Replied(204) if self.all.pop(asked.args["id"], None) else missing()

    def calls(self) -> list[Called]:
        """Those that are due; they are not made again."""
        waiting, self.waiting = self.waiting, []
        return waiting

    def about(self, event: str, member: Member, by: str, **more: str) -> None:
        """An event that shows the member whole."""
        merges = {"EMAIL": member.email, **member.merges}
        data = {
            "id": member.unique_id,
            "email": member.email,
            "email_type": "html",
            "ip_opt": "192.0.2.1",
            "web_id": str(member.number),
            **more,
        }
        flat = {f"merges][{tag}": value for tag, value in merges.items()}
        self.tell(event, by, {**data, **flat})

    def tell(self, event: str, by: str, data: dict[str, Any]) -> None:
        """To every hook that wants this event of this source."""
        given = {f"data[{name}]": value for name, value in data.items()}
        fired = {"type": event, "fired_at": self.now().strftime("%Y-%m-%d %H:%M:%S")}
        body = urlencode({**fired, **given, "data[list_id]": self.list_id}).encode()
        for hook in self.all.values():
            if hook["events"][event] and hook["sources"][by]:
                self.waiting.append(Called.of("POST", hook["url"], self._headers(body), body))

    def _headers(self, body: bytes) -> dict[str, str]:
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "user-agent": "MailChimp.com",
        }
        if self.secret is None:
            return headers
        at = int(self.now().timestamp())
        signed = hmac.new(self.secret.encode(), b"%d." % at + body, sha256).hexdigest()
        return {**headers, "X-Mailchimp-Signature": f"t={at},v1={signed}"}
