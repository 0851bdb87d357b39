"""All kinds of systems; a kind's module is loaded when it is first needed."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from importlib import import_module

from chalicelib.connectors.connector import Account, Caps, Connector
from chalicelib.connectors.hurry import HurriedSender, Left
from chalicelib.connectors.ports import Sender


@cache
def _of(kind: str) -> type[Connector]:
    """The module of a kind has its name and holds `CONNECTOR`."""
    connector: type[Connector] = import_module(f"chalicelib.connectors.kinds.{kind}").CONNECTOR
    return connector


def caps_of(kind: str) -> Caps:
    """What systems of a kind can do."""
    return _of(kind).caps


def connect(account: Account, sender: Sender, now: Callable[[], datetime]) -> Connector:
    """An account at work."""
    return _of(account.kind)(account, sender, now)


class Connections:
    """Accounts at work in one container: each keeps its token until something of it changes.

    A container does one piece of work at a time, so all share the time that this has left.
    """

    def __init__(self, sender: Sender, now: Callable[[], datetime]) -> None:
        self._sender, self._now = HurriedSender(sender), now
        self._known: dict[str, Connector] = {}

    def connect(self, account: Account, left: Left) -> Connector:
        """The account at work, as it is by now; its calls share the seconds that are `left`."""
        self._sender.left = left
        known = self._known.get(account.id)
        if known is None or known.account != account:
            known = self._known[account.id] = connect(account, self._sender, self._now)
        return known
