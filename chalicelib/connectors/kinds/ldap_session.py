"""A conversation with a directory: log in, search, write; what goes wrong is a `Result`.

ldap3 writes and reads the messages; it neither resolves nor connects nor follows referrals,
which would take our password elsewhere: it talks over a line that was checked.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from ldap3 import BASE, MODIFY_REPLACE, SUBTREE, Connection, Server
from ldap3.core.exceptions import LDAPExceptionError
from ldap3.operation.search import compile_filter, parse_filter
from pyasn1.codec.ber.encoder import encode
from pyasn1.error import PyAsn1Error

from chalicelib.connectors.connector import Account, Result, Status, UnavailableError
from chalicelib.connectors.kinds.ldap_entries import Attributes, Entry, entry_of
from chalicelib.connectors.ports import Line, LineError, Sender

Heard = TypeVar("Heard")
Call = Callable[..., Any]
STAMPS = ("entryUUID", "entryCSN")
_PAGE = 500  # entries in one message of a search: what servers give at most, unless told
_PAGED, _ASSERTION = "1.2.840.113556.1.4.319", "1.3.6.1.1.12"
_GARBLED = (LDAPExceptionError, PyAsn1Error, ValueError, LookupError, TypeError, AttributeError)
# Result codes of RFC 4511 and 4528. What is not here is the directory's bad hour, or ours.
_MEANING: Mapping[int, Status] = {
    32: "gone",
    51: "throttled",  # busy
    68: "conflict",  # it exists already
    122: "conflict",  # the assertion failed
    **dict.fromkeys((17, 18, 19, 20, 21, 34, 64, 65, 67, 69, 71), "refused"),
}


class Session:
    """A line with somebody logged in; raises `UnavailableError` for all but what a method says."""

    def __init__(self, line: Line, account: Account) -> None:
        self._line = _Heard(line)
        self._base = account.options.get("base", "")
        access = account.access
        self._ldap = Connection(
            Server("directory", get_info=None),
            access.get("user", ""),
            access.get("password", ""),
            auto_referrals=False,
            auto_range=False,
            check_names=False,
        )
        self._ldap.socket, self._ldap.closed, self._ldap.listening = self._line, False, True
        self._ldap.strategy._outstanding = {}
        self._must(self._ldap.bind)

    def _must(self, call: Call, *given: Any, **named: Any) -> None:
        if code := self._code(call, *given, **named):
            raise UnavailableError(Result("failed", f"ldap_{code}"))

    def _done(self, call: Call, *given: Any, **named: Any) -> Result:
        code = self._code(call, *given, **named)
        return Result("done") if code == 0 else Result(_MEANING.get(code, "failed"), f"ldap_{code}")

    def _code(self, call: Call, *given: Any, **named: Any) -> int:
        """What an answer says. No error of ldap3's is told: its text may quote the directory."""
        try:
            call(*given, **named)
            return int(self._ldap.result["result"])
        except _GARBLED:
            raise UnavailableError(Result("failed", self._line.broke or "protocol")) from None

    def look(self) -> None:
        """See that the base is there."""
        self._must(self._ldap.search, self._base, "(objectClass=*)", BASE, "NEVER", ["1.1"])

    def entries(self, filter: str, names: Iterable[str]) -> Iterator[Entry]:
        """The people below the base whom a filter finds, with these attributes."""
        found, wanted = f"(&(objectClass=inetOrgPerson){filter})", sorted({*names, *STAMPS})
        more, cookie = True, b""
        while more:
            told, cookie = self._page(found, wanted, cookie)
            more = bool(cookie)
            yield from told

    def _page(self, filter: str, names: Sequence[str], cookie: bytes) -> tuple[list[Entry], bytes]:
        paged = {"paged_size": _PAGE, "paged_cookie": cookie or None}
        self._must(self._ldap.search, self._base, filter, SUBTREE, "NEVER", names, **paged)
        told = [e for e in self._ldap.response if e["type"] == "searchResEntry"]
        control = self._ldap.result.get("controls", {}).get(_PAGED, {}).get("value", {})
        return [entry_of(e["dn"], e["raw_attributes"]) for e in told], control.get("cookie", b"")

    def add(self, name: str, attributes: Attributes) -> Result:
        """Make an entry of this name below the base; without that, nobody's can be made."""
        dn = f"{name},{self._base}"
        result = self._done(self._ldap.add, dn, "inetOrgPerson", dict(attributes))
        return Result("failed", result.reason) if result.status == "gone" else result

    def modify(self, entry: Entry, attributes: Attributes) -> Result:
        """Replace attributes, if the entry is still as it was read."""
        changes = {name: [(MODIFY_REPLACE, list(told))] for name, told in attributes.items()}
        asserted = [(_ASSERTION, True, _filter(f"(entryCSN={entry.csn})"))] if entry.csn else None
        return self._done(self._ldap.modify, entry.dn, changes, controls=asserted)

    def delete(self, entry: Entry) -> Result:
        """Remove an entry."""
        return self._done(self._ldap.delete, entry.dn)


class _Heard:
    """A line that remembers how it broke: ldap3 turns that into words of its own."""

    def __init__(self, line: Line) -> None:
        self._line, self.broke = line, ""

    def recv(self, size: int) -> bytes:
        return self._tried(lambda: self._line.recv(size))

    def sendall(self, data: bytes) -> None:
        self._tried(lambda: self._line.sendall(data))

    def _tried(self, act: Callable[[], Heard]) -> Heard:
        try:
            return act()
        except LineError as error:
            self.broke = str(error)
            raise


@contextmanager
def session(sender: Sender, account: Account) -> Iterator[Session]:
    """Dial, log in, and hang up at the end."""
    try:
        line = sender.open(account.url)
    except LineError as error:
        raise UnavailableError(Result("failed", str(error))) from None
    try:
        yield Session(line, account)
    finally:
        line.close()


def _filter(text: str) -> bytes:
    """A filter as the value of an assertion: ldap3 has no word for RFC 4528."""
    parsed = parse_filter(text, None, False, False, None, False)
    written: bytes = encode(compile_filter(parsed.elements[0]))
    return written
