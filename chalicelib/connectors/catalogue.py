"""All kinds of systems; a kind's module is loaded when it is first needed."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from importlib import import_module

from chalicelib.connectors.connector import Account, Caps, Connector
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
