"""Port calls as data: what the fault tape and the stepping scheduler see of a handler.

`wrap` puts a conductor between a handler and any port; each call is told to it, together
with what does it. Two calls commute where their order can change neither answer nor state.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, cast

from chalicelib.store.ports import Key

Port = TypeVar("Port")
Do = Callable[[], Any]

_READS = {
    ("items", "get"),
    ("items", "get_many"),
    ("items", "query"),
    ("items", "due"),
    ("items", "scan"),
    ("secrets", "read"),
    ("queues", "depth"),
}


@dataclass(frozen=True)
class Call:
    """One call of a port: `port` is the name under which it was wrapped."""

    port: str
    method: str
    args: tuple[Any, ...]
    options: dict[str, Any]

    @property
    def reads(self) -> bool:
        return (self.port, self.method) in _READS

    @property
    def writes(self) -> int:
        """How many items the call writes at once."""
        return len(self.args[0]) if (self.port, self.method) == ("items", "write") else 0

    def touches(self, key: Key) -> bool:
        """Whether a write under this key could be seen by, or meet, this call of `items`."""
        match self.method:
            case "get":
                return bool(self.args[0] == key)
            case "get_many":
                return key in self.args[0]
            case "query":
                return self.args[:2] == key[:2] and key.sk.startswith(
                    self.options.get("prefix", "")
                )
            case "due" | "scan":
                return bool(self.args[0] == key.table)
        return key in self.written

    @property
    def written(self) -> list[Key]:
        return [write.key for write in self.args[0]] if self.writes else []

    def __str__(self) -> str:
        seen = self.written or self.args[:2]
        return f"{self.port}.{self.method}({', '.join(map(str, seen))})"


class Conductor(Protocol):
    """Decides whether, when and how often a call is done."""

    def play(self, call: Call, do: Do) -> Any:
        """Do the call, or fail in its place; the answer goes to the handler."""


def wrap(port: Port, name: str, conductor: Conductor) -> Port:
    """The same port, each call of which is played by the conductor."""
    return cast(Port, _Wrapped(port, name, conductor))


def commute(one: Call, other: Call) -> bool:
    """Whether two calls of different handlers may change places unnoticed.

    Calls of different ports do, and two reads, and two kicks (a queue has no order), and
    calls on different keys.
    """
    if one.port != other.port or one.port == "queues" or (one.reads and other.reads):
        return True
    if one.port != "items":
        return False
    return not (any(map(other.touches, one.written)) or any(map(one.touches, other.written)))


class _Wrapped:
    def __init__(self, port: Any, name: str, conductor: Conductor) -> None:
        self._port, self._name, self._conductor = port, name, conductor

    def __getattr__(self, method: str) -> Callable[..., Any]:
        do = getattr(self._port, method)

        def play(*args: Any, **options: Any) -> Any:
            call = Call(self._name, method, args, options)
            return self._conductor.play(call, lambda: do(*args, **options))

        return play
