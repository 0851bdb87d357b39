"""Salesforce contacts (REST), by the client credentials of a connected app.

Our id stands in a custom field that an admin makes once, unique and an external id:
`Kartoteka_Id__c`, unless the option `key` names another. Creations are upserts by it, so one
whose answer is lost makes no second contact. Salesforce does not call us: changes, deletions
and merges are all polled.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from chalicelib.connectors.api import Api, Reply
from chalicelib.connectors.authority import OAuth
from chalicelib.connectors.connector import Caps, Connector, Op, Page, Rate, Result, Told
from chalicelib.connectors.kinds.salesforce_words import contacts, meaning, moment, text, texts

VERSION, KEY = "65.0", "Kartoteka_Id__c"
NAMELESS = "-"  # a last name is required; the mapping reads this one as none
ROWS = "/sobjects/Contact"
KEPT = (
    "Id",
    "IsDeleted",
    "MasterRecordId",
    "LastModifiedById",
    "LastModifiedDate",
    "SystemModstamp",
)
PAGE = 1000
SOME = 100  # ids in one query: its URL stays short
LONGEST, MOST = 80, 10  # of the addresses to find somebody by: Salesforce holds no longer ones
LAG = timedelta(minutes=10)  # how long a change may be under way and not be seen [unchecked]


class Salesforce(Connector):
    """See `Connector`. A remote id is Salesforce's record id, of eighteen characters."""

    caps = Caps(
        access=("client_id", "client_secret"),
        options_optional=("version", "key", "user"),
        reads=True,
        polls=True,
        fetches=SOME,
        rate=Rate(units=100_000, seconds=86_400, daily=100_000),
    )

    @cached_property
    def _api(self) -> Api:
        url = self.account.url.rstrip("/")
        names = ("client_id", "client_secret")
        form = {name: self.account.access.get(name, "") for name in names}
        form["grant_type"] = "client_credentials"
        authority = OAuth(self.sender, f"{url}/services/oauth2/token", form, self.now)
        version = self.account.options.get("version", VERSION)
        return Api(self.sender, f"{url}/services/data/v{version}", authority)

    @cached_property
    def _key(self) -> str:
        return self.account.options.get("key", KEY)

    @cached_property
    def _names(self) -> Sequence[str]:
        return sorted({*self.account.places, *KEPT})

    def _call(self, method: str, path: str, body: Any = None, **query: str) -> Reply:
        return meaning(self._api.call(method, path, body, query=query))

    def _ask(self, soql: str, path: str = "/queryAll") -> Mapping[str, Any]:
        """What a query finds; `queryAll` shows also who lies in the recycle bin."""
        answer: Mapping[str, Any] = self._call("GET", path, q=soql).required()
        return answer

    def upsert(self, op: Op) -> Result:
        """See `Connector`."""
        if op.remote:
            written = {**op.body, self._key: op.id}
            return self._call("PATCH", f"{ROWS}/{op.remote}", written).result(remote=op.remote)
        named = {"LastName": NAMELESS, **op.body}
        reply = self._call("PATCH", f"{ROWS}/{self._key}/{op.id}", named)
        made = reply.required()
        return reply.result(remote=made["id"], created=made["created"])

    def remove(self, op: Op) -> Result:
        """See `Connector`. What is deleted lies in the recycle bin for fifteen days."""
        method, body = ("PATCH", {self._key: None}) if op.removal == "unlink" else ("DELETE", None)
        return self._call(method, f"{ROWS}/{op.remote}", body).result()

    def find(self, op: Op) -> Sequence[str]:
        """See `Connector`."""
        emails = [address for address in op.lookup if len(address) <= LONGEST][:MOST]
        theirs = f" OR Email IN ({texts(emails)})" if emails else ""
        where = f"{self._key} = {text(op.id)}{theirs} ORDER BY CreatedDate"
        found = self._ask(contacts(["Id", self._key], where), "/query")["records"]
        ours = [record["Id"] for record in found if record[self._key] == op.id]
        return ours or [record["Id"] for record in found]

    def read(self, op: Op) -> Told | None:
        """See `Connector`."""
        return next((told for told in self.fetch([op.remote]) if told.kind == "upsert"), None)

    def fetch(self, remotes: Sequence[str]) -> Sequence[Told]:
        """See `Connector`. Who was merged away is said to be."""
        found = [told for n in range(0, len(remotes), SOME) for told in self._some(remotes, n)]
        there = {told.remote for told in found}
        return found + [Told("delete", remote) for remote in remotes if remote not in there]

    def _some(self, remotes: Sequence[str], start: int) -> Sequence[Told]:
        where = f"Id IN ({texts(remotes[start : start + SOME])})"
        return [self._told(r) for r in self._ask(contacts(self._names, where))["records"]]

    def poll(self, cursor: str | None) -> Page:
        """See `Connector`. The cursor is the last record's time and id: it never grows old."""
        since, _, last = (cursor or "").partition(" ")
        limit = f"ORDER BY SystemModstamp, Id LIMIT {PAGE}"
        answer = self._ask(contacts(self._names, f"{_after(since, last)} {limit}"))
        records = answer["records"]
        if records:
            since, last = moment(_at(records[-1], "SystemModstamp")), records[-1]["Id"]
        told = [self._told(record) for record in records]
        if len(records) == PAGE or not answer["done"]:
            return Page(told, f"{since} {last}", more=True)
        settled = moment(self.now() - LAG)
        return Page(told, f"{since} {last}".strip() if since <= settled else settled)

    def _told(self, record: Mapping[str, Any]) -> Told:
        """A deletion, a merge, or how the contact is; its times are too coarse for versions."""
        remote, at = str(record["Id"]), _at(record, "LastModifiedDate")
        ours = record["LastModifiedById"] == self.account.options.get("user")
        if not record["IsDeleted"]:
            return Told("upsert", remote, record, occurred_at=at, ours=ours)
        gone, into = Told("delete", remote, occurred_at=at, ours=ours), record["MasterRecordId"]
        return replace(gone, kind="merge", into=into) if into else gone

    def health(self, name: str) -> Result:
        """See `Connector`."""
        soql = "SELECT Id FROM Contact LIMIT 1"
        return self._call("GET", "/query", q=soql).result()


def _at(record: Mapping[str, Any], name: str) -> datetime:
    return datetime.fromisoformat(record[name]).astimezone(UTC)


def _after(since: str, last: str) -> str:
    """What comes after a place in the order of time and id; all of it from a bare time on."""
    if not last:
        return f"SystemModstamp >= {since or '1970-01-01T00:00:00.000Z'}"
    return f"(SystemModstamp > {since} OR (SystemModstamp = {since} AND Id > {text(last)}))"


CONNECTOR = Salesforce
