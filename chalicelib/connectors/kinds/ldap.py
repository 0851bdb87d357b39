"""LDAP directories (RFC 4519 and 2798): people as `inetOrgPerson` below one base.

The URL is the directory's host, `ldaps://ldap.example.org`. An entry of ours is named by our
id, in the attribute `uid` unless the option `key` names another; so a creation whose answer
is lost makes no second one. Attributes that no mapping knows stay as they are.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import cached_property

from ldap3.utils.conv import escape_filter_chars
from ldap3.utils.dn import escape_rdn

from chalicelib.connectors.connector import (
    Caps,
    Connector,
    Op,
    Page,
    Result,
    Told,
    UnavailableError,
)
from chalicelib.connectors.kinds.ldap_entries import (
    NAMING,
    Attributes,
    Entry,
    changed,
    listed,
    made,
    told_of,
)
from chalicelib.connectors.kinds.ldap_session import Session, session

PAGE, TERMS = 500, 100  # entries of a poll; ids that one filter names


class Ldap(Connector):
    """See `Connector`. A remote id is an entry's `entryUUID`, an etag its `entryCSN`."""

    caps = Caps(
        access=("user", "password"),
        options=("base",),
        options_optional=("key",),
        identity=("base",),
        scheme="ldaps",
        reads=True,
        polls=True,
        removals=("delete", "unlink", "ignore"),
    )

    @cached_property
    def _key(self) -> str:
        return self.account.options.get("key", "uid")

    @cached_property
    def _single(self) -> frozenset[str]:
        """The attributes of which one value is ours."""
        return frozenset(p.partition("[")[0] for p in self.account.places if "[" in p)

    @cached_property
    def _names(self) -> list[str]:
        mapped = {place.partition("[")[0] for place in self.account.places}
        return sorted(mapped | {self._key, *NAMING})

    def _session(self) -> AbstractContextManager[Session]:
        return session(self.sender, self.account)

    def upsert(self, op: Op) -> Result:
        """See `Connector`. Who wrote between our reading and our writing is heard once."""
        wanted = listed(op.body)
        if wanted is None:
            return Result("refused", "no_entry")
        with self._session() as directory:
            write = self._change if op.remote else self._create
            result = write(directory, op, wanted)
            return result if result.status != "conflict" else self._change(directory, op, wanted)

    def _create(self, directory: Session, op: Op, wanted: Attributes) -> Result:
        named = f"{self._key}={escape_rdn(op.id)}"
        result = directory.add(named, made(wanted) | {self._key: [op.id]})
        return self._as_it_is(directory, op, result, created=True)

    def _change(self, directory: Session, op: Op, wanted: Attributes) -> Result:
        entry = self._entry(directory, op)
        if entry is None:
            return Result("gone", "not_found")
        changes = changed(entry, wanted, self._single)
        if not changes:
            return Result("done", remote=entry.uuid, etag=entry.csn)
        return self._as_it_is(directory, op, directory.modify(entry, changes))

    def _as_it_is(
        self, directory: Session, op: Op, result: Result, created: bool = False
    ) -> Result:
        """What was written has its name and version from the directory."""
        entry = self._entry(directory, op) if result.status == "done" else None
        if entry is None:
            return result
        return Result("done", remote=entry.uuid, etag=entry.csn, created=created)

    def _entry(self, directory: Session, op: Op) -> Entry | None:
        """The entry of a remote id, or of ours."""
        one = ("entryUUID", op.remote) if op.remote else (self._key, op.id)
        return next(directory.entries(_equal(*one), self._names), None)

    def remove(self, op: Op) -> Result:
        """See `Connector`. An entry keeps its name: to unlink it is to leave it."""
        if op.removal != "delete":
            return Result("done")
        with self._session() as directory:
            entry = self._entry(directory, op)
            result = directory.delete(entry) if entry else Result("done")
            return Result("done") if result.status == "gone" else result

    def find(self, op: Op) -> Sequence[str]:
        """See `Connector`."""
        mails = "".join(_equal("mail", address) for address in op.lookup)
        with self._session() as directory:
            found = list(directory.entries(f"(|{_equal(self._key, op.id)}{mails})", [self._key]))
        return [e.uuid for e in sorted(found, key=lambda e: op.id not in e.values(self._key))]

    def read(self, op: Op) -> Told | None:
        """See `Connector`."""
        with self._session() as directory:
            entry = self._entry(directory, op)
            return self._told(entry) if entry else None

    def fetch(self, remotes: Sequence[str]) -> Sequence[Told]:
        """See `Connector`."""
        with self._session() as directory:
            found = {entry.uuid: entry for entry in self._all(directory, remotes)}
        return [self._told(found[r]) if r in found else Told("delete", r) for r in remotes]

    def _all(self, directory: Session, uuids: Sequence[str]) -> Iterator[Entry]:
        for start in range(0, len(uuids), TERMS):
            part = "".join(_equal("entryUUID", u) for u in uuids[start : start + TERMS])
            yield from directory.entries(f"(|{part})", self._names)

    def poll(self, cursor: str | None) -> Page:
        """See `Connector`. By the entries' versions, oldest first; it sees no deletions."""
        since = escape_filter_chars(cursor or "")
        later = f"(entryCSN>={since})(!(entryCSN={since}))" if since else ""
        with self._session() as directory:
            stirred = sorted(directory.entries(later, ()), key=lambda e: e.csn)
            page = stirred[:PAGE]
            told = [self._told(e) for e in self._all(directory, [e.uuid for e in page])]
        told.sort(key=lambda one: one.etag)
        return Page(told, page[-1].csn if page else cursor or "", more=len(stirred) > PAGE)

    def health(self, name: str) -> Result:
        """See `Connector`."""
        try:
            with self._session() as directory:
                directory.look()
        except UnavailableError as error:
            return error.result
        return Result("done")

    def _told(self, entry: Entry) -> Told:
        body = told_of(entry, self.account.places)
        return Told("upsert", entry.uuid, body, entry.csn, _moment(entry.csn))


def _equal(name: str, value: str) -> str:
    return f"({name}={escape_filter_chars(value)})"


def _moment(csn: str) -> datetime | None:
    """When a version was made, which it begins with."""
    try:
        return datetime.strptime(csn[:21], "%Y%m%d%H%M%S.%f").replace(tzinfo=UTC)
    except ValueError:
        return None


CONNECTOR = Ldap
