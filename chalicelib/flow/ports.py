"""What the flow needs of the outside, handed in whole: storage, queues, secrets, time, chance."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.connectors.connector import Account, Connector
from chalicelib.connectors.hurry import Left
from chalicelib.connectors.ports import Sender
from chalicelib.queues.ports import Queues
from chalicelib.secrets.ports import Secrets
from chalicelib.store.ports import Items


class Chance(Protocol):
    """Randomness: ids nobody can guess, salts, secrets, jitter."""

    def token(self) -> str:
        """A new id: 32 hex digits, 128 random bits."""

    def bytes(self, count: int) -> bytes:
        """Random bytes, for secrets and salts."""

    def share(self) -> float:
        """A number from 0 up to 1."""


class Keys(Protocol):
    """The installation's keys, each read when it is first needed."""

    @property
    def ids(self) -> bytes:
        """Makes record ids; never rotated."""

    @property
    def matching(self) -> bytes:
        """Hides values in match keys."""

    @property
    def cursors(self) -> bytes:
        """Seals cursors."""


@dataclass(frozen=True)
class Ports:
    """See the module's docstring. `pause` waits that many seconds before another attempt;
    `connect` puts an account to work, whose calls share the seconds that are left.
    """

    items: Items
    queues: Queues
    secrets: Secrets
    sender: Sender
    keys: Keys
    now: Callable[[], datetime]
    chance: Chance
    pause: Callable[[float], None]
    connect: Callable[[Account, Left], Connector]
