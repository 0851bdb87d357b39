"""Secrets that were read once are remembered: their value never changes under their name."""

from chalicelib.secrets.ports import Secrets

MOST = 1_000


class RememberedSecrets:
    """`Secrets` in front of slower ones. What is missing or written is asked for again."""

    def __init__(self, behind: Secrets) -> None:
        self._behind = behind
        self._known: dict[str, str] = {}

    def read(self, name: str) -> str | None:
        if name in self._known:
            return self._known[name]
        value = self._behind.read(name)
        if value is not None:
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[name] = value
        return value

    def write(self, name: str, value: str, *, once: bool = False) -> None:
        self._known.pop(name, None)
        self._behind.write(name, value, once=once)

    def delete(self, name: str) -> None:
        self._known.pop(name, None)
        self._behind.delete(name)
