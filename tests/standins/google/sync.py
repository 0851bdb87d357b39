"""Lists of contacts: pages, sync tokens and how they die."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from ..base import Now, Replied
from ..common.limits import Rolling
from ..common.vendor import Asked, Refused
from .answers import error, person, synced
from .store import Contacts, Person

Params = dict[str, str]


@dataclass(frozen=True)
class Cursor:
    """What a sync token stands for: the last state that was told, the full sync, its request."""

    seq: int
    begun: datetime
    params: Params


@dataclass(frozen=True)
class Page:
    """What a page token stands for: the rest of a list."""

    rest: list[Person]
    params: Params
    then: Cursor
    total: int


class Lists:
    """`people.connections.list`.

    `lag`: how long a sync does not see a write. `life`: of a sync token, from the full sync (where
    `renewing`, from the answer that gave it: the documents leave it open). `full`: the quota of
    first pages of full syncs.
    """

    def __init__(self, contacts: Contacts, now: Now, lag: timedelta, life: timedelta) -> None:
        self.lag, self.life, self.renewing = lag, life, False
        self.full = Rolling(10, timedelta(minutes=1))
        self._contacts, self._now = contacts, now
        self._numbers = count(1)
        self._cursors: dict[str, Cursor] = {}
        self._pages: dict[str, Page] = {}

    def listed(self, asked: Asked) -> Replied:
        """The page that is asked for."""
        params = {name: text for name, text in asked.query.items() if name != "pageToken"}
        if "pageToken" in asked.query:
            return self._answer(self._continued(asked.query["pageToken"], params))
        if "syncToken" in params:
            return self._answer(self._incremental(params))
        return self._answer(self._begun(params))

    def forget(self) -> None:
        """Every sync token is dead from now on."""
        self._cursors = {
            token: Cursor(each.seq, datetime.min.replace(tzinfo=each.begun.tzinfo), each.params)
            for token, each in self._cursors.items()
        }

    def _begun(self, params: Params) -> Page:
        if not self.full.take(self._now()):
            told = "Quota exceeded for quota metric 'Full sync requests'."
            raise Refused(error(429, told, reason="RATE_LIMIT_EXCEEDED"))
        until = self._until(params)
        people = _ordered(self._contacts.all(until), params.get("sortOrder", ""))
        cursor = Cursor(self._contacts.reached(until), self._now(), params)
        return Page(people, params, cursor, len(people))

    def _incremental(self, params: Params) -> Page:
        rest = {name: text for name, text in params.items() if name != "syncToken"}
        cursor = self._cursors.get(params["syncToken"])
        if cursor is None:
            raise Refused(error(400, "Invalid sync token."))
        if self._now() >= cursor.begun + self.life:
            told = "Sync token is expired. Clear local cache and retry call without the sync token."
            raise Refused(error(400, told, "FAILED_PRECONDITION", "EXPIRED_SYNC_TOKEN"))
        if rest != cursor.params:
            raise Refused(error(400, "Request parameters do not match those of the sync token."))
        until = self._until(params)
        people = self._contacts.since(cursor.seq, until)
        begun = self._now() if self.renewing else cursor.begun
        seq = max(cursor.seq, self._contacts.reached(until))
        return Page(people, params, Cursor(seq, begun, rest), len(people))

    def _continued(self, token: str, params: Params) -> Page:
        page = self._pages.get(token)
        if page is None:
            raise Refused(error(400, "Invalid page token."))
        if params != page.params:
            raise Refused(error(400, "Request parameters do not match those of the page token."))
        return page

    def _answer(self, page: Page) -> Replied:
        size = int(page.params.get("pageSize", 0)) or 100
        mask = set(page.params["personFields"].split(","))
        incremental = "syncToken" in page.params
        now, rest = page.rest[:size], page.rest[size:]
        told = [synced(p, mask) if incremental else person(p, mask, listed=True) for p in now]
        body = {"connections": told, "totalItems": page.total, "totalPeople": page.total}
        return Replied(200, body | self._then(page, rest))

    def _then(self, page: Page, rest: list[Person]) -> dict[str, str]:
        token = next(self._numbers)
        if rest:
            self._pages[f"page-{token}"] = Page(rest, page.params, page.then, page.total)
            return {"nextPageToken": f"page-{token}"}
        if page.params.get("requestSyncToken") != "true":
            return {}
        self._cursors[f"sync-{token}"] = page.then
        return {"nextSyncToken": f"sync-{token}"}

    def _until(self, params: Params) -> datetime:
        """Up to when a list sees: only syncs are late."""
        syncs = params.get("requestSyncToken") == "true" or "syncToken" in params
        return self._now() - (self.lag if syncs else timedelta())


def _ordered(people: list[Person], order: str) -> list[Person]:
    part = {"FIRST_NAME_ASCENDING": "givenName", "LAST_NAME_ASCENDING": "familyName"}.get(order)
    if part:
        return sorted(people, key=lambda each: _called(each, part))
    return people[::-1] if order == "LAST_MODIFIED_DESCENDING" else people


def _called(state: Person, part: str) -> str:
    names = state.fields.get("names", [])
    return str(names[0].get(part, "")).lower() if names else ""
