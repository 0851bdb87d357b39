"""Pausing: what waits while nothing goes in, and whether all rests.

A paused source's calls stand in line, by number, as they came. A body is stored compressed and
in parts, since a call may be 1 MiB and an item 400 KB.
"""

import base64
import zlib
from collections.abc import Iterable
from typing import Literal

from chalicelib.domain.model import Entity

PART = 360_000


class Pause(Entity):
    """Whether all sources and targets rest, since when and by whom; when they last went on.

    While it is `resuming`, `job` applies what was kept, and the targets still rest: so each
    hears of a contact once, however many calls it is behind.
    """

    state: Literal["active", "paused", "resuming"] = "active"
    since: str = ""
    by: str = ""
    job: str = ""
    resumed_at: str = ""
    rev: int = 0


class Line(Entity):
    """The calls of a source that wait: those with the numbers after `done`, up to `last`.

    It is written with each call that is put in it or taken from it, on the condition of `rev`.
    """

    source: str
    rev: int = 0
    last: int = 0
    done: int = 0

    @property
    def waiting(self) -> int:
        """How many calls wait."""
        return self.last - self.done

    def moved(self, **news: int) -> "Line":
        """The line, after a step."""
        return self.model_copy(update={"rev": self.rev + 1, **news})


class Kept(Entity):
    """A call that waits: its batch, when it first came, its own time, how many parts it has."""

    batch: str
    at: str
    received_at: str
    parts: int


def packed(body: bytes) -> list[str]:
    """A body as texts that each fit into one item."""
    text = base64.b64encode(zlib.compress(body)).decode()
    return [text[start : start + PART] for start in range(0, len(text), PART)]


def unpacked(parts: Iterable[str]) -> bytes:
    """The body, byte for byte."""
    return zlib.decompress(base64.b64decode("".join(parts)))
