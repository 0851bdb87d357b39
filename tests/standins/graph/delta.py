"""The delta query of a folder: rounds of pages, links, and links that are too old.

Documented: tokens carry the first request's parameters; a round's pages may end in a nextLink or
a deltaLink; a lost state is 410, and the answer's Location begins anew. How long a token lives is
not documented: `life` is endless until a test says otherwise.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from ..base import Now, Replied
from ..common.vendor import Asked, Refused
from .answers import error, page
from .store import Item, Mailbox


@dataclass(frozen=True)
class State:
    """What a token stands for: `rest` of a round and where the next one begins."""

    folder: str
    select: str
    seq: int
    at: datetime
    rest: tuple[Item, ...] = ()


class Deltas:
    """The tokens that were given, by the parameter in which they come back."""

    def __init__(self, mailbox: Mailbox, now: Now) -> None:
        self.life = timedelta(days=36500)
        self.page = 10
        self._mailbox, self._now = mailbox, now
        self._numbers = count(1)
        self._states: dict[str, State] = {}
        self._lost: set[str] = set()

    def forget(self) -> None:
        """The server has lost all its states."""
        self._lost |= set(self._states)

    def answer(self, asked: Asked, folder: str, base: str) -> Replied:
        """One page of a round; `base` is the server's address."""
        url = base + asked.called.path
        token = asked.query.get("$deltatoken") or asked.query.get("$skiptoken")
        state = self._known(token, folder, url) if token else self._begun(folder, asked)
        if "$deltatoken" in asked.query:
            state = self._next(state)
        return self._page(state, _size(asked, self.page), url)

    def _begun(self, folder: str, asked: Asked) -> State:
        rest = tuple(self._mailbox.all(folder))
        select = asked.query.get("$select", "")
        return State(folder, select, self._mailbox.reached(), self._now(), rest)

    def _next(self, state: State) -> State:
        rest = tuple(self._mailbox.changed(state.folder, state.seq))
        return State(state.folder, state.select, self._mailbox.reached(), self._now(), rest)

    def _known(self, token: str, folder: str, url: str) -> State:
        state = self._states.get(token)
        if state is None or state.folder != folder:
            raise Refused(error(400, "ErrorInvalidUrlQuery", "Badly formed token."))
        if token in self._lost or self._now() >= state.at + self.life:
            told = "The sync state generation is not found."
            raise Refused(error(410, "SyncStateNotFound", told, {"Location": url}))
        return state

    def _page(self, state: State, size: int, url: str) -> Replied:
        told = [_told(each, state.select) for each in state.rest[:size]]
        rest, token = state.rest[size:], f"state-{next(self._numbers)}"
        self._states[token] = State(state.folder, state.select, state.seq, state.at, rest)
        if rest:
            return page(told, nextLink=f"{url}?$skiptoken={token}")
        return page(told, deltaLink=f"{url}?$deltatoken={token}")


def _told(item: Item, select: str) -> dict[str, Any]:
    if item.gone:
        return {"id": item.id, "@removed": {"reason": "deleted"}}
    return item.shown(select)


def _size(asked: Asked, usual: int) -> int:
    wanted = re.search(r"odata\.maxpagesize=(\d+)", asked.called.headers.get("prefer", ""))
    return int(wanted[1]) if wanted else usual
