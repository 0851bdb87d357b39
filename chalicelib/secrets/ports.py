"""The secrets port: keys and signing secrets, by name, apart from the tables.

Names are paths of our own, such as `id-key` or `sources/crm`: letters, digits and `_.-/`.
"""

from typing import Protocol


class SecretExists(Exception):
    """A secret of that name stands already; it was not replaced."""


class Secrets(Protocol):
    """Named texts of at most 4 KB, encrypted at rest."""

    def read(self, name: str) -> str | None:
        """Read a secret; None where none stands."""

    def write(self, name: str, value: str, *, once: bool = False) -> None:
        """Write a secret; with `once`, never replace one: raises `SecretExists`.

        A `once` whose answer was lost may report its own success as `SecretExists`: read
        the secret back and use what stands.
        """

    def delete(self, name: str) -> None:
        """Take a secret away; nothing happens where none stands."""
