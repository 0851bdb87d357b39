"""What partners call about is read a few at a time: one that is slow or odd holds up no other."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from chalicelib.flow.hearing.notice import work_off
from chalicelib.flow.hearing.partners import Partner, partner
from tests.connectors.callers import Caller, calling_graph
from tests.support.state import read
from tests.support.world import unlimited


@pytest.fixture
def caller() -> Iterator[Caller]:
    """Outlook, whose contacts are read one by one; twelve of them were called about."""
    made = Caller(calling_graph)
    made.subscribe()
    for n in range(12):
        made.rig.make(surname=f"Lis{n}")
    assert made.ring()
    yield made
    assert made.rig.standin.broken == []


def known(caller: Caller) -> Partner:
    found = partner(caller.world.ports, caller.source)
    assert found
    return found


def told(caller: Caller) -> int:
    return len(read(caller.world.items.snapshot()).records)


def test_what_was_read_before_the_time_was_over_counts(caller: Caller) -> None:
    left = iter([20_000, 1_000])
    assert 0 < work_off(caller.world.ports, known(caller), lambda: next(left)) < 12
    first = told(caller)
    assert 0 < first < 12
    assert work_off(caller.world.ports, known(caller), unlimited) == 12 - first
    assert told(caller) == 12


def test_one_that_cannot_be_read_waits_and_the_others_do_not(caller: Caller) -> None:
    odd = next(iter(caller.rig.standin.records))
    caller.rig.standin.fail_next(400, times=2, on=odd.rstrip("="))
    assert work_off(caller.world.ports, known(caller), unlimited) == 11
    assert (told(caller), work_off(caller.world.ports, known(caller), unlimited)) == (11, 0)
    caller.world.clock.moment += timedelta(hours=1)
    assert work_off(caller.world.ports, known(caller), unlimited) == 1
    assert told(caller) == 12
