"""The audience's web hooks: a GET when one is saved, then form-encoded events."""

import hmac
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from itertools import count
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
        self._numbers = count(1)

    def add(self, asked: Asked) -> Replied:
        """Saved if the URL answers a GET with 200; what is not said is off."""
        self._check(asked.body["url"], but=None)
        id = f"hook{next(self._numbers)}"
        self.all[id] = {"id": id, "list_id": self.list_id, "url": asked.body["url"]}
        self.all[id] |= {"events": dict.fromkeys(_EVENTS, False)}
        self.all[id] |= {"sources": dict.fromkeys(_SOURCES, False)}
        return self._saved(id, asked.body)

    def change(self, asked: Asked) -> Replied:
        """What is not said stays; another URL is visited."""
        id = asked.args["id"]
        if id not in self.all:
            return missing()
        if "url" in asked.body:
            self._check(asked.body["url"], but=id)
        return self._saved(id, asked.body)

    def _saved(self, id: str, body: dict[str, Any]) -> Replied:
        hook = self.all[id]
        hook["url"] = body.get("url", hook["url"])
        for name in ("events", "sources"):
            hook[name] |= body.get(name, {})
        return Replied(200, hook)

    def _check(self, url: str, but: str | None) -> None:
        """One hook for a URL, whatever its query, as users found; and it must answer."""
        if any(_place(h["url"]) == _place(url) for h in self.all.values() if h["id"] != but):
            why = "Sorry, you can't set up multiple WebHooks for one URL."
            raise Denied("Invalid Resource", why, {"url": why})
        called = Called.of("GET", url, {"user-agent": "MailChimp.com WebHook Validator"}, b"")
        if self.visit is None:
            self.waiting.append(called)
        elif self.visit(called).status != 200:
            raise Denied("Invalid Resource", "The URL provided could not be reached.")

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


def _place(url: str) -> str:
    return url.partition("?")[0]
