"""LDAP, before a real slapd."""

from itertools import count
from typing import Any

from chalicelib.connectors.http import HttpSender
from chalicelib.connectors.kinds.ldap_entries import told_of
from chalicelib.connectors.kinds.ldap_session import Entry
from chalicelib.connectors.ports import Line, LineError
from chalicelib.domain.mapping.catalogue import mapper_of
from tests.connectors.rigs import Body, Rig
from tests.servers.slapd import Directory
from tests.standins.common.failing import Fault, Faults
from tests.unit.standins.calling import Clock

_NUMBERS = count()
_WRITES = {0x66: "PATCH", 0x68: "POST", 0x4A: "DELETE"}  # modify, add and delete, as on a line


class Lines:
    """Lines to a real directory, and the faults in between; it has no rules of ours to break."""

    def __init__(self, url: str) -> None:
        self._url, self._sender, self._faults = url, HttpSender(allow_loopback=True), Faults()
        self.broken: list[str] = []
        self.said: list[str] = []

    def fail_next(self, status: int, times: int = 1, *, after: bool = False, on: str = ".") -> None:
        """Let the line break before what is said next is heard, or `after` it was done."""
        self._faults.add(Fault(status, times, after, on))

    def open(self, url: str) -> Line:
        """See `Sender`."""
        return Faulty(self._sender.open(self._url), self._faults, self.said)


class Faulty:
    """A line that breaks where it shall."""

    def __init__(self, line: Line, faults: Faults, said: list[str]) -> None:
        self._line, self._faults, self._said = line, faults, said
        self._lost = False

    def sendall(self, data: bytes) -> None:
        self._said.append(_said(data))
        fault = self._faults.strike(self._said[-1], "")
        if fault and not fault.after:
            raise LineError("connection")
        self._lost = fault is not None
        self._line.sendall(data)

    def recv(self, size: int) -> bytes:
        heard = self._line.recv(size)
        if self._lost:
            raise LineError("timeout")
        return heard

    def close(self) -> None:
        self._line.close()


def _said(data: bytes) -> str:
    """What kind of message it is: behind the lengths and the number of the message."""
    start = 2 + (data[1] & 0x7F if data[1] & 0x80 else 0)
    return _WRITES.get(data[start + 2 + data[start + 1]], "GET")


def ldap(slapd: Directory) -> Rig:
    """An empty branch of people."""
    slapd.bound.search(slapd.people, "(objectClass=inetOrgPerson)", "LEVEL", attributes=["1.1"])
    for entry in list(slapd.bound.response):
        slapd.bound.delete(entry["dn"])
    mapper = mapper_of("ldap")
    assert mapper
    places = mapper.places

    def found(remote: str) -> dict[str, Any] | None:
        told = slapd.entries(f"(&(objectClass=inetOrgPerson)(entryUUID={remote}))")
        return next(iter(told.values()), None)

    def held(remote: str) -> Body | None:
        entry = found(remote)
        if entry is None:
            return None
        lists = {n.lower(): v if isinstance(v, list) else [v] for n, v in entry.items()}
        leaves = {n: v[0] for n, v in entry.items() if isinstance(v, list) and v}
        return leaves | told_of(Entry("", ("", ""), lists), places)

    def dn(remote: str) -> str:
        found_at = f"(entryUUID={remote})"
        slapd.bound.search(slapd.people, found_at, "LEVEL", attributes=["1.1"])
        return str(slapd.bound.response[0]["dn"])

    def make(**attributes: Any) -> str:
        cn = f"user {next(_NUMBERS)}"
        slapd.put(cn, **({"sn": "Nowak"} | attributes))
        return str(slapd.entries(f"(cn={cn})")[cn]["entryUUID"])

    def edit(remote: str, **attributes: str) -> None:
        changes = {n: [("MODIFY_REPLACE", [v])] for n, v in attributes.items()}
        slapd.bound.modify(dn(remote), changes)

    return Rig(
        kind="ldap",
        standin=Lines(slapd.url),
        clock=Clock(),
        held=held,
        make=make,
        edit=edit,
        delete=lambda remote: slapd.bound.delete(dn(remote)),
        foreign={"roomNumber": "7"},
        base=slapd.url,
        access={"user": slapd.user, "password": slapd.password},
        options={"base": slapd.people},
        refused={"emails": [{"address": "żółw@example.org"}], "family_name": "Lis"},
        busy=False,
    )
