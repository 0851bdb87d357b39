"""A rig: a connector, the system that it talks to, and what a user of that system can do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.connectors.catalogue import caps_of, connect
from chalicelib.connectors.connector import Account, Connector, Op
from chalicelib.domain.mapping.apply import Mapper
from chalicelib.domain.mapping.catalogue import mapper_of
from tests.standins.wire import Wire
from tests.unit.standins.calling import Clock

Body = Mapping[str, Any]


@dataclass
class Rig:
    """One account of a kind.

    `held` gives what stands under a remote id in the system's own form, or None; `make` and
    `edit` are a user's, with the fields of `foreign`, which no mapping knows; `delete` is
    too. `expire` lets every token die. `refused` is a contact that the system cannot take,
    where there is one. `writes` is what its writes look like, method and path, and nothing
    else does. `settle` brings what is asynchronous to its end. A server that is not `busy`
    says so to nobody. `act` is what a user does that a poll tells, where it does not tell of
    every edit; `tells_everyone` says that a first poll does.
    """

    kind: str
    standin: Any
    clock: Clock
    held: Callable[[str], Body | None]
    make: Callable[..., str]
    edit: Callable[..., None]
    delete: Callable[[str], None]
    foreign: dict[str, Any]
    base: str = ""
    access: dict[str, str] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)
    expire: Callable[[], None] | None = None
    refused: Mapping[str, Any] | None = None
    writes: str = "^(POST|PUT|PATCH)"
    settle: Callable[[], None] = lambda: None
    busy: bool = True
    act: Callable[[str], None] | None = None
    tells_everyone: bool = True

    def __post_init__(self) -> None:
        self.wire = Wire({self.url: self.standin}, self._slow)

    @property
    def url(self) -> str:
        """Where the system is."""
        return self.base or caps_of(self.kind).base

    @property
    def mapper(self) -> Mapper:
        """The mapping of its kind."""
        found = mapper_of(self.kind)
        assert found
        return found

    def connector(self) -> Connector:
        """A container that has just started: it remembers no token."""
        places = self.mapper.places
        options, access = self.options, self.access
        account = Account("t", self.kind, self.url, options, access, places=places)
        return connect(account, self.wire, self.clock)

    def op(self, contact: Mapping[str, Any], remote: str = "", **more: Any) -> Op:
        """What brings this contact there."""
        lookup = tuple(e["address"] for e in contact.get("emails", ()))
        body = self.mapper.outward(contact, more.pop("cleared", frozenset()))
        given = {"id": ID, "message": f"t-{ID}-1", "remote": remote, "lookup": lookup} | more
        return Op(kind="upsert", body=body, **given)

    def shown(self, remote: str) -> dict[str, Any] | None:
        """What stands there, in our fields."""
        body = self.held(remote)
        if body is None:
            return None
        return {n: v for n, v in self.mapper.inward(body).items() if v is not None}

    def _slow(self, span: Any) -> None:
        self.clock.at += span


ID = "0c6b4a52-9f1e-8d3a-b7c4-5e6f7a8b9c0d"
Make = Callable[[], Rig]
