"""Pairs of handlers against each other, in every order of their calls that matters.

After each schedule the world comes to rest, and every law must hold.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from chalicelib.domain.errors import BusyError, ConflictError
from tests.faults.branches import (
    APART,
    ASKED,
    CLIENT,
    DIFFERENT,
    EWA,
    JAN,
    MAIL,
    MERGED,
    PHONE,
    asks_backfill,
    ewa,
    filtered,
    jan,
    janek,
    marked,
    undone,
)
from tests.faults.recovering import by_sweeps_alone, promptly, seen_by
from tests.support.calls import Conductor
from tests.support.checks import settled
from tests.support.interleavings import explore
from tests.support.scenes import (
    Act,
    Plan,
    Prepare,
    deletes,
    hands,
    joins,
    judged,
    patches,
    registered,
    replies,
    rest,
    tells,
    undoes,
    work,
)
from tests.support.state import State, read
from tests.support.witness import forked, watched
from tests.support.world import World

LIMIT = 3000


@dataclass
class Two:
    """A world in which handlers meet, each of which sees it through ports of its own."""

    world: World
    seen: Sequence[World]


@dataclass(frozen=True)
class Meeting:
    """What is prepared, who meets, what must hold in the end, and the targets that are exact."""

    prepare: Sequence[Prepare]
    acts: Callable[[World], Sequence[Act]]
    also: Callable[[World], None] = lambda _: None
    exact: tuple[str, ...] | None = None
