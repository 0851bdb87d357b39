"""Pipedrive's webhooks, version 2: whole records, Basic credentials, and a short patience."""

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from ..base import Called
from .store import Person, stamp

MOST = 40
AGAIN = (timedelta(seconds=3), timedelta(seconds=30), timedelta(seconds=150))
BAN, BANNED_AFTER, GIVEN_UP = timedelta(minutes=30), 10, timedelta(days=3)
COMPANY = 7


@dataclass
class Hook:
    """One subscription and how its deliveries went."""

    id: int
    asked: dict[str, Any]
    added: datetime
    out: int = 0
    failures: int = 0
    failing: datetime | None = None
    banned: datetime | None = None

    def shown(self) -> dict[str, Any]:
        """In an answer."""
        said = {"company_id": COMPANY, "user_id": 1, "is_active": 1, "type": "general"}
        return {
            "id": self.id,
            **said,
            "version": "2.0",
            **self.asked,
            "add_time": stamp(self.added),
        }

    def wants(self, action: str) -> bool:
        """Whether it is told of this."""
        return self.asked["event_action"] in (action, "*") and self.asked["event_object"] in (
            "person",
            "*",
        )


@dataclass
class Event:
    """One event for one hook, due at a time."""

    hook: int
    due: datetime
    body: dict[str, Any] = field(default_factory=dict)


class Events:
    """Those that wait, and the subscriptions."""

    def __init__(self, now: Callable[[], datetime], users: dict[str, int]) -> None:
        self.now, self.users = now, users
        self.hooks: dict[int, Hook] = {}
        self.ended: list[Hook] = []
        self.shows_ended = False
        self._waiting: list[Event] = []
        self._ids, self._made = count(1), count(1)

    def subscribe(self, asked: dict[str, Any]) -> Hook:
        """A new subscription."""
        hook = Hook(next(self._made), asked, self.now())
        self.hooks[hook.id] = hook
        return hook

    def tell(
        self, action: str, person: Person, previous: dict[str, Any] | None, by: str, **more: int
    ) -> None:
        """Note a change for each hook that wants it; a banned one loses it."""
        for hook in self.standing():
            if hook.wants(action) and not (hook.banned and hook.banned > self.now()):
                meta = {**self._meta(hook, action, person, by), **more}
                data = None if action == "delete" else self._data(person)
                body = {"meta": meta, "data": data, "previous": previous}
                self._waiting.append(Event(hook.id, self.now(), body))

    def standing(self) -> list[Hook]:
        """The subscriptions; one that failed for three days is gone.

        What was given out and has not come back counts as taken.
        """
        for hook in list(self.hooks.values()):
            if hook.failing and not hook.out and hook.failing + GIVEN_UP <= self.now():
                self.ended.append(self.hooks.pop(hook.id))
        return list(self.hooks.values())

    def shown(self) -> list[dict[str, Any]]:
        """In a list, which may hold those that were given up, too."""
        live = [hook.shown() for hook in self.standing()]
        ended = [{**hook.shown(), "is_active": 0} for hook in self.ended]
        return [*live, *(ended if self.shows_ended else ())]

    def calls(self) -> list[Called]:
        """The calls that are due; those given out before and not `returned` went well."""
        for hook in self.standing():
            if hook.out:
                hook.out, hook.failures, hook.failing = 0, 0, None
        due = [e for e in self._waiting if e.due <= self.now() and e.hook in self.hooks]
        self._waiting = [e for e in self._waiting if e.due > self.now() and e.hook in self.hooks]
        return [self._call(event) for event in due]

    def returned(self, called: Called) -> None:
        """The hook did not take it: three tries follow, and a ban after ten first failures."""
        body = called.json()
        hook, attempt = self.hooks[body["meta"]["webhook_id"]], body["meta"]["attempt"]
        hook.out -= 1
        hook.failing = hook.failing or self.now()
        if attempt == 1:
            hook.failures += 1
        if hook.failures >= BANNED_AFTER:
            hook.banned, hook.failures = self.now() + BAN, 0
        if attempt <= len(AGAIN):
            meta = {**body["meta"], "attempt": attempt + 1}
            due = self.now() + AGAIN[attempt - 1]
            self._waiting.append(Event(hook.id, due, {**body, "meta": meta}))

    def _call(self, event: Event) -> Called:
        hook = self.hooks[event.hook]
        hook.out += 1
        headers = {"Content-Type": "application/json"}
        user, password = (hook.asked.get(f"http_auth_{name}") for name in ("user", "password"))
        if user:
            headers["Authorization"] = f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"
        body = json.dumps(event.body).encode()
        return Called.of("POST", hook.asked["subscription_url"], headers, body)

    def _meta(self, hook: Hook, action: str, person: Person, by: str) -> dict[str, Any]:
        number = next(self._ids)
        return {
            "action": action,
            "entity": "person",
            "entity_id": str(person.id),
            "company_id": str(COMPANY),
            "user_id": str(self.users[by]),
            "id": f"00000000-0000-4000-8000-{number:012d}",
            "correlation_id": f"00000000-0000-4000-9000-{number:012d}",
            "timestamp": self.now().isoformat(),
            "change_source": by,
            "is_bulk_edit": False,
            "webhook_id": hook.id,
            "version": "2.0",
            "attempt": 1,
        }

    @staticmethod
    def _data(person: Person) -> dict[str, Any]:
        return person.shown(include="marketing_status")
