"""SendGrid's lists by name: they have ids there, found once and made where they are missing."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from chalicelib.connectors.api import Reply
from chalicelib.connectors.connector import Op, Result, UnavailableError

LISTS = "/marketing/lists"
PAGE = 1000


class Lists:
    """The lists of an account, by `call`; everybody is on `own`, where that is given."""

    def __init__(self, call: Callable[..., Reply], own: str) -> None:
        self._call, self._own = call, own
        self._known: dict[str, str] | None = None

    def on(self, lists: Mapping[str, bool]) -> list[str]:
        """The ids of those that a contact shall be on; `UnavailableError`."""
        own = [self._own] if self._own else []
        return [*own, *(self._named(name) for name, on in lists.items() if on)]

    def left(self, op: Op, known: Mapping[str, Any]) -> list[Reply]:
        """Take a contact off those that it is on and shall not be: a job for each."""
        has = set(known.get("list_ids", ()))
        ids = [self._ids()[n] for n, on in op.lists.items() if not on and n in self._ids()]
        off = [id for id in ids if id in has and id != self._own]
        own = [self._own] if self._own and op.removal == "unlink" and op.kind == "remove" else []
        query = {"contact_ids": op.remote}
        return [self._call("DELETE", f"{LISTS}/{id}/contacts", query=query) for id in [*own, *off]]

    def checked(self, reply: Reply) -> Reply:
        """That of a write; where a list was deleted there, the next attempt makes it anew."""
        if reply.status == 404:
            self._known = None
            raise UnavailableError(Result("failed", "no_such_list"))
        return reply

    def _named(self, name: str) -> str:
        if name not in self._ids():
            self._known = None  # it may be there by now
        if name not in self._ids():
            self._ids()[name] = self._made(name)
        return self._ids()[name]

    def _made(self, name: str) -> str:
        made: str = self._call("POST", LISTS, {"name": name}).required()["id"]
        return made

    def _ids(self) -> dict[str, str]:
        """By name; read whole when it is first needed."""
        if self._known is None:
            self._known = dict(self._all())
        return self._known

    def _all(self) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        query: dict[str, Any] | None = {"page_size": PAGE}
        while query:
            told = self._call("GET", LISTS, query=query).required()
            found += [(each["name"], each["id"]) for each in told["result"]]
            query = _following(told.get("_metadata", {}).get("next", ""))
        return found


def _following(url: str) -> dict[str, Any] | None:
    """What to ask for next; the address itself may lead elsewhere."""
    token = parse_qs(urlsplit(url).query).get("page_token")
    return {"page_size": PAGE, "page_token": token[0]} if token else None
