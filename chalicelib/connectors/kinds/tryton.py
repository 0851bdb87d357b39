"""Tryton's parties (REST of 8.x), by the key that a user made for an application.

Our id stands in an identifier without a type (`kartoteka:<id>`): the party's code is the
ERP's own. A party that was put away is found by it too, and comes back. REST has no lock:
what is written, in one transaction, is the difference to what was read just before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from chalicelib.connectors.api import Api, Reply
from chalicelib.connectors.connector import (
    Caps,
    Connector,
    Op,
    Page,
    Result,
    Told,
    UnavailableError,
)
from chalicelib.connectors.kinds.tryton_parties import KEY, Record, changes, owner, unlinking
from chalicelib.connectors.kinds.tryton_polls import Reading, begun_at
from chalicelib.connectors.kinds.tryton_rest import PAGE, Ids, Records, api_of
from chalicelib.connectors.kinds.tryton_told import FIELDS, stamp, told

PARTY, IDENTIFIER, MECHANISM = "/party.party", "/party.identifier", "/party.contact_mechanism"
ROOT = "Kartoteka"  # the category under which tags are categories
HOPS = 5  # merges in a row that are followed


class Tryton(Connector):
    """See `Connector`. A remote id is the party's."""

    caps = Caps(
        access=("key",),
        options=("database",),
        options_optional=("category",),
        identity=("database",),
        serial=True,  # or two would make the same category
        reads=True,
        polls=True,
        removals=("archive", "delete", "unlink", "ignore"),
    )

    @cached_property
    def _api(self) -> Api:
        return api_of(self.account, self.sender)

    @cached_property
    def _records(self) -> Records:
        return Records(self._api)

    @cached_property
    def _root(self) -> str:
        return self.account.options.get("category", ROOT)

    @cached_property
    def _fields(self) -> list[str]:
        """With what only this account's mapping knows of a party."""
        plain = {p for p in self.account.places if "." not in p}
        return sorted({*FIELDS, *plain} - {"addresses", "categories", "lang"})

    def upsert(self, op: Op) -> Result:
        """See `Connector`."""
        if not op.remote:
            values = self._in_ids(changes({}, op.body, op.id, self._root))
            reply = self._records.create(PARTY, values, self._fields)
            return replace(self._result(reply, op), created=reply.ok)
        result = self._update(op)
        # A row that went between the reading and the writing is refused like bad content.
        return self._update(op) if result.status == "refused" else result

    def _update(self, op: Op) -> Result:
        party = self._living(op.remote)
        if str(party["id"]) != op.remote and owner(party) not in ("", op.id):
            return Result("refused", "merged")  # by now it is somebody else's
        values = changes(party, op.body, op.id, self._root)
        if not values:
            return Result("done", remote=str(party["id"]), etag=stamp(party))
        written, query = self._in_ids(values), {"f": self._fields}
        reply = self._api.call("PUT", f"{PARTY}/{party['id']}", written, query=query)
        return self._result(reply, op)

    def _result(self, reply: Reply, op: Op) -> Result:
        """No version is named where the answer has another's change in it: it is no echo."""
        if not reply.ok:
            return reply.result()
        party = reply.required()
        ours = not changes(party, op.body, op.id, self._root)
        return reply.result(remote=str(party["id"]), etag=stamp(party) if ours else "")

    def _living(self, remote: str) -> Record:
        """The party, or that into which users have merged it."""
        party = self._party(remote)
        for _ in range(HOPS):
            if not party["active"] and party["replaced_by"]:
                party = self._party(party["replaced_by"])
        return party

    def _in_ids(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """What is written; categories that are not there yet are made."""
        ids = Ids(self._records, self._root)
        actions = [
            [way, [ids.category(name) for name in named] if way == "add" else named]
            for way, named in values.get("categories", ())
        ]
        told = {"categories": actions} if actions else {}
        written: Mapping[str, Any] = ids.turned({**values, **told})
        return written

    def remove(self, op: Op) -> Result:
        """See `Connector`. What documents name, Tryton does not delete: that is refused."""
        found = self._parties([["id", "=", int(op.remote)]])
        if not found:
            return Result("done")
        if op.removal == "delete":
            return _gone(self._api.call("DELETE", f"{PARTY}/{op.remote}"))
        values = unlinking(found[0]) if op.removal == "unlink" else {"active": False}
        return _gone(self._api.call("PUT", f"{PARTY}/{op.remote}", values))

    def find(self, op: Op) -> Sequence[str]:
        """See `Connector`. By e-mail only those that are not put away."""
        key = [["code", "=", KEY + op.id], ["active", "=", True]]
        ours = self._records.found(IDENTIFIER, key, ("party",))
        found = {row["party"] for row in ours} or self._with_mail(op.lookup)
        return [str(party) for party in sorted(found)]

    def _with_mail(self, lookup: Sequence[str]) -> set[int]:
        """In a search `_` matches more than itself."""
        if not lookup:
            return set()
        sought = ["OR", *(["value", "ilike", address] for address in lookup)]
        live = [["type", "=", "email"], ["active", "=", True], ["party.active", "=", True]]
        rows = self._records.hidden(MECHANISM, [*live, sought], "party", "value")
        exact = {address.casefold() for address in lookup}
        return {row["party"] for row in rows if row["value"].casefold() in exact}

    def read(self, op: Op) -> Told | None:
        """See `Connector`."""
        (found,) = self.fetch([op.remote])
        return found if found.kind == "upsert" else None

    def fetch(self, remotes: Sequence[str]) -> Sequence[Told]:
        """See `Connector`."""
        parts = [remotes[n : n + PAGE] for n in range(0, len(remotes), PAGE)]
        records = [r for p in parts for r in self._parties([["id", "in", [int(i) for i in p]]])]
        there = {str(record["id"]): self._told(record) for record in records}
        return [there.get(remote) or Told("delete", remote) for remote in remotes]

    def poll(self, cursor: str | None) -> Page:
        """See `Connector`. Where a party was deleted, everything is read anew."""
        reading, anew = Reading.of(cursor), False
        if not reading.until:
            reading, anew = self._begun(reading)
        records = self._parties(reading.domain)
        more = len(records) == PAGE
        onward = reading.beyond(records[-1]["id"]) if more else reading.ended
        return Page([self._told(r) for r in records], onward.text, more, anew)

    def _begun(self, last: Reading) -> tuple[Reading, bool]:
        """A reading from now on; and whether it is one of everything, by what went since.

        The old count comes last: what goes in the meantime is missed by it, or by the next.
        """
        newest = self._records.newest(PARTY)
        top = max((row["id"] for row in newest.required()), default=0)
        count = self._records.count(PARTY, top)
        anew = bool(last.top) and self._records.count(PARTY, last.top) < last.count
        return Reading("" if anew else last.since, begun_at(newest), 0, top, count), anew

    def health(self, name: str) -> Result:
        """See `Connector`."""
        return self._records.newest(PARTY).result()

    def _party(self, remote: str | int) -> Record:
        found = self._parties([["id", "=", int(remote)]])
        if not found:
            raise UnavailableError(Result("gone", "gone"))
        return found[0]

    def _parties(self, domain: Sequence[Any]) -> Sequence[Record]:
        """In the order of their ids."""
        return self._records.found(PARTY, domain, self._fields)

    def _told(self, record: Record) -> Told:
        return told(record, self._root, self.account.places)


def _gone(reply: Reply) -> Result:
    """What is not there any more is as it should be."""
    return Result("done") if reply.ok or reply.status == 404 else reply.result()


CONNECTOR = Tryton
