"""A connector: all that Kartoteka knows of one kind of system, but for its mapping.

It turns an `Op` into calls and what came of them into a `Result`, a vendor's notice or page
into `Told`. It decides nothing about contacts: what is sent, when, to whom, and what becomes
of what a system says is the flow's. All of it is optional but `push`; `caps` says what there
is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from chalicelib.connectors.ports import Sender
from chalicelib.domain.errors import UnsupportedError
from chalicelib.domain.hooks import Fate, Hook, Subscription
from chalicelib.domain.rates import Rate as Rate
from chalicelib.domain.urls import Scheme

Removal = Literal["delete", "archive", "unlink", "ignore"]
"""What becomes, there, of a contact that the system should no longer have: it is deleted; put
away so that the system can bring it back; left, but no longer ours; left as it is."""

TAKEN = "address_taken"
Status = Literal["done", "pending", "conflict", "gone", "refused", "throttled", "failed", "stop"]


@dataclass(frozen=True)
class Account:
    """One account of one system: where it is, how to come in, and its settings.

    `access` are the credentials by the names of `Caps.access`, `secrets` those that sign,
    the newest first; they stand in no table. `places` are the paths of the system's own form
    that its mapping knows: what is read there.
    """

    id: str
    kind: str
    url: str
    options: Mapping[str, str] = field(default_factory=dict)
    access: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Caps:
    """What a kind of system can do.

    `base` is its URL where that is the same for every account, `scheme` how any other must
    begin. `access` and `options` name the credentials and the settings that an account needs,
    and apart those that it may have; `identity` are the options that say which account it is,
    as its URL does. `batch` is how many `Op`s one push may hold, `fetches` how many contacts
    one call of a fetch reads; a `serial` system wants one call at a time. `reads` says that
    `read` tells what an `Op` would meet there, `polls` that `poll` does, `hooks` that it calls
    us, `subscribes` that it lets us ask it to. `lists` says who can be on lists there; only the
    `consenting` in a mailing system, which has one place for each address. `removals` are the
    ways to let a contact go, the usual first. `rate` and `costs` (of "create", "update",
    "remove", "find", "read", "settle", a page of a "poll", a call of a "fetch"; usually 1) are
    its limits as documented.
    """

    access: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    access_optional: tuple[str, ...] = ()
    options_optional: tuple[str, ...] = ()
    identity: tuple[str, ...] = ()
    base: str = ""
    scheme: Scheme = "https"
    batch: int = 1
    fetches: int = 1
    serial: bool = False
    reads: bool = False
    polls: bool = False
    hooks: bool = False
    lists: Literal["", "anybody", "consenting"] = ""
    subscribes: bool = False
    removals: tuple[Removal, ...] = ("delete", "unlink", "ignore")
    rate: Rate | None = None
    costs: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Op:
    """What one contact's place in the system shall become.

    `id` is the contact's; where the system has a field for a foreign key, it goes there.
    `message` names this push: the same for each attempt at it. `body` is the system's own
    form of what it shall hold (by the mapping); empty for a removal. `remote` is the
    contact's id there; empty, it is created. `etag` is the version that it had there, where
    that is known. `lookup` are its e-mail addresses, `lists` by name whether it is on ours.
    """

    kind: Literal["upsert", "remove"]
    id: str
    message: str
    body: Mapping[str, Any] = field(repr=False)
    remote: str = ""
    etag: str = ""
    removal: Removal = "delete"
    lookup: tuple[str, ...] = field(default=(), repr=False)
    lists: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What came of an `Op`.

    done: it is so. pending: accepted, and `job` will say. conflict: it was changed there
    meanwhile; read, then try again. gone: its `remote` is no more. refused: it says no to
    this content, so the same again is no use. throttled, failed: later. stop: it wants no
    more, ever. `reason` is a short stable code without a word of what the system wrote.
    `retry_after` is a number of seconds or a date, as in the header. Refused as `TAKEN`, its
    address is that of the contact under `remote` there.
    """

    status: Status
    reason: str = "ok"
    remote: str = ""
    etag: str = ""
    created: bool = False
    retry_after: str | None = None
    job: str = ""


@dataclass(frozen=True)
class Told:
    """What a system says of one of its contacts.

    `occurred_at` is its own time, or None. A `ref` says only that something changed: it is
    fetched. `changed` are the fields, in its form, known to have changed (None: all are
    told). `into` is the remote id that a merged one lives on under. `ours` hints that the
    change is our own doing.
    """

    kind: Literal["upsert", "delete", "merge", "ref"]
    remote: str
    body: Mapping[str, Any] = field(default_factory=dict, repr=False)
    etag: str = ""
    occurred_at: datetime | None = None
    changed: frozenset[str] | None = None
    into: str = ""
    ours: bool = False


@dataclass(frozen=True)
class Page:
    """Some of what a poll found, and where to go on.

    `cursor` is to be kept; `more` says that it is to be asked again at once. With `anew` the
    system had forgotten the old cursor: a whole reading begins, and what does not come by
    the end of it is gone.
    """

    told: Sequence[Told]
    cursor: str
    more: bool = False
    anew: bool = False


class UnavailableError(Exception):
    """A read that failed: `result` says how, as for a push."""

    def __init__(self, result: Result) -> None:
        super().__init__(result.reason)
        self.result = result


@dataclass(frozen=True)
class Connector:
    """One account at work; `send` is the way out, `now` the time."""

    account: Account
    sender: Sender = field(repr=False)
    now: Callable[[], datetime] = field(repr=False)

    caps = Caps()

    def push(self, ops: Sequence[Op]) -> Sequence[Result]:
        """Bring these contacts up to date: a result for each, in order; never an exception."""
        return [self._push(op) for op in ops]

    def _push(self, op: Op) -> Result:
        try:
            return self.upsert(op) if op.kind == "upsert" else self.remove(op)
        except UnavailableError as error:
            return error.result

    def upsert(self, op: Op) -> Result:
        """Make or change one contact there; may raise `UnavailableError`."""
        raise UnsupportedError

    def remove(self, op: Op) -> Result:
        """Let one contact go, as `op.removal` says; may raise `UnavailableError`."""
        raise UnsupportedError

    def find(self, op: Op) -> Sequence[str]:
        """Who this may be there already: remote ids, by our id first, then by what it says.

        `UnavailableError`.
        """
        return ()

    def settle(self, job: str) -> Result:
        """What came of something pending."""
        raise UnsupportedError

    def read(self, op: Op) -> Told | None:
        """What stands there now where this `Op` would write; `UnavailableError`."""
        raise UnsupportedError

    def poll(self, cursor: str | None) -> Page:
        """What changed since the cursor (None: everything); `UnavailableError`."""
        raise UnsupportedError

    def fetch(self, remotes: Sequence[str]) -> Sequence[Told]:
        """These contacts as they are now, a deletion for each that is no more."""
        raise UnsupportedError

    def cost_of_fetch(self, count: int) -> int:
        """What it costs to fetch so many, in units of its rate."""
        return -(-count // self.caps.fetches) * self.caps.costs.get("fetch", 1)

    def handshake(self, hook: Hook) -> str | None:
        """The text to answer at once, where a call only asks whether we are there."""
        return None

    def verify(self, hook: Hook, secrets: Sequence[str]) -> None:
        """Raise `UnauthorizedError` for a call that the system did not make."""
        raise UnsupportedError

    def parse(self, hook: Hook) -> Sequence[Told]:
        """What a verified call says; raises `InvalidError`."""
        raise UnsupportedError

    def fates(self, hook: Hook) -> Sequence[Fate]:
        """What a verified call says of subscriptions themselves."""
        return ()

    def subscribe(self, url: str, secret: str) -> Subscription:
        """Have the system call this URL, in a way that `verify` knows by the secret.

        One more each time, or the one that it allows. `UnavailableError`.
        """
        raise UnsupportedError

    def renew(self, subscription: Subscription) -> Subscription:
        """Let it live as long as it may from now; `UnavailableError`."""
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """End it, if it is not ended already; `UnavailableError`."""
        raise UnsupportedError

    def subscriptions(self) -> Sequence[Subscription]:
        """Those that call for this account, other people's too; `UnavailableError`."""
        raise UnsupportedError

    def health(self, name: str) -> Result:
        """Whether the account can be reached and lets us in; `name` names the question."""
        raise UnsupportedError
