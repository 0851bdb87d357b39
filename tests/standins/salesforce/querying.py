"""Queries and their pages: a locator stands for what was found when the query ran."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from ..base import Replied
from ..common.vendor import Asked, Vendor
from .answers import error
from .contacts import shown
from .soql import Malformed, parse
from .store import Contacts


class Queries:
    """`page` records at a time; a locator lives for `life`."""

    def __init__(
        self, vendor: Vendor, contacts: Contacts, base: str, page: int, life: timedelta
    ) -> None:
        self.vendor, self.contacts, self.base = vendor, contacts, base
        self.page, self.life = page, life
        self._open: dict[str, tuple[datetime, list[dict[str, Any]]]] = {}
        self._ids = count(1)

    def query(self, asked: Asked) -> Replied:
        """Without the deleted."""
        return self._run(asked, [contact.fields for contact in self.contacts.live()])

    def all(self, asked: Asked) -> Replied:
        """With those in the recycle bin."""
        return self._run(asked, [contact.fields for contact in self.contacts.kept()])

    def more(self, asked: Asked) -> Replied:
        """The page of a `nextRecordsUrl`."""
        locator, _, start = asked.args["locator"].rpartition("-")
        until, records = self._open.get(locator, (self.contacts.now(), []))
        if until <= self.contacts.now() or not start.isdigit():
            return error(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
        return self._page(locator, records, int(start))

    def _run(self, asked: Asked, rows: list[Any]) -> Replied:
        try:
            query = parse(asked.query["q"], self.contacts.columns)
        except Malformed as why:
            self.vendor.refuse(asked, f"{why}: {asked.query['q']}")
            return error(400, str(why), "unexpected token, or no such column")
        found = [shown(row, list(query.fields), self.base) for row in query.run(rows)]
        locator = f"01g{next(self._ids):012d}AAA"
        self._open[locator] = (self.contacts.now() + self.life, found)
        return self._page(locator, found, 0)

    def _page(self, locator: str, records: list[dict[str, Any]], start: int) -> Replied:
        end = start + self.page
        done = end >= len(records)
        next_url = {} if done else {"nextRecordsUrl": f"{self.base}/query/{locator}-{end}"}
        body = {"totalSize": len(records), "done": done, "records": records[start:end]}
        return Replied(200, {**body, **next_url})
