"""The secrets port in memory."""

import re

from chalicelib.secrets.ports import SecretExists

_NAME = re.compile(r"[\w.-]+(/[\w.-]+)*", re.ASCII)
_MAX_VALUE = 4096


class MemorySecrets:
    """`Secrets` of one process; refuses the names and values that SSM refuses."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}

    def read(self, name: str) -> str | None:
        return self._values.get(name)

    def write(self, name: str, value: str, *, once: bool = False) -> None:
        if not _NAME.fullmatch(name) or not 1 <= len(value.encode()) <= _MAX_VALUE:
            raise ValueError("a secret's name or size is not allowed")
        if once and name in self._values:
            raise SecretExists
        self._values[name] = value

    def delete(self, name: str) -> None:
        self._values.pop(name, None)
