"""A subscription at Graph lives some days: through a month, outages, and what Graph says of it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from chalicelib.domain.times import moment
from chalicelib.flow.hearing import cursors
from tests.connectors.callers import Caller, calling_graph
from tests.standins.base import Called
from tests.support.checks import fsck
from tests.support.state import read

HALF = timedelta(hours=35)


@pytest.fixture
def caller() -> Iterator[Caller]:
    """Outlook calls us."""
    made = Caller(calling_graph)
    made.subscribe()
    yield made
    assert made.rig.standin.broken == []
    fsck(made.world, exact=())


def left(caller: Caller) -> timedelta:
    """How long the one that stands there will."""
    (there,) = caller.there()
    assert there.expires_at and there.expires_at == moment(caller.row.expires)
    return there.expires_at - caller.world.clock()


def lives(caller: Caller, **span: float) -> timedelta:
    """Time goes by in steps of ten minutes; the shortest that was ever left of it."""
    end, least = caller.world.clock() + timedelta(**span), left(caller)
    while caller.world.clock() < end:
        caller.on(minutes=10)
        caller.tend()
        least = min(least, left(caller))
    return least


def test_it_lives_through_a_month_and_never_comes_near_its_end(caller: Caller) -> None:
    known = caller.row.id
    assert lives(caller, days=30) >= HALF
    assert caller.row.id == known
    assert (caller.writes("POST"), caller.writes("PATCH")) == (1, 20)
    caller.rig.make(surname="Lis")
    assert caller.ring() == [200] and caller.world.listen() == 1


def test_a_day_of_outage_costs_it_nothing(caller: Caller) -> None:
    known = caller.row.id
    caller.on(hours=34)
    caller.rig.standin.outage = 503
    for _ in range(24 * 6):
        caller.on(minutes=10)
        caller.tend()
    caller.rig.standin.outage = None
    assert caller.row.state == "failing" and left(caller) > timedelta(hours=11)
    lives(caller, hours=1)
    assert (caller.row.id, caller.row.state) == (known, "active") and left(caller) > HALF


def test_after_an_outage_that_it_did_not_outlive_it_is_made_anew_and_all_is_read(
    caller: Caller,
) -> None:
    caller.rig.make(surname="Lis")
    caller.world.listen()
    caller.rig.standin.outage = 503
    for _ in range(4 * 24):
        caller.on(hours=1)
        caller.tend()
    caller.rig.standin.outage = None
    caller.on(hours=1)
    caller.tend()
    assert left(caller) > HALF and caller.writes("POST") == 2
    assert cursors.read(caller.world.ports, "s").cursor is None


def test_graph_may_grant_less_than_was_asked_for(caller: Caller) -> None:
    """A life of some minutes is not renewed all the time."""
    caller.rig.standin.subscriptions.granted = timedelta(minutes=90)
    caller.rig.standin.subscriptions.lifecycle("reauthorizationRequired")
    caller.ring()
    lives(caller, days=3)
    assert 80 <= caller.writes("PATCH") <= 90


def test_when_calls_were_lost_everybody_is_read_again(caller: Caller) -> None:
    names = ["Lis", "Maj", "Kos"]
    for name in names:
        caller.rig.make(surname=name)
    caller.ring()
    caller.world.listen()
    caller.on(minutes=1)
    caller.world.listen()
    before = len(caller.rig.standin.calls)
    caller.rig.standin.subscriptions.lifecycle("missed")
    assert caller.ring() == [200]
    caller.world.listen()
    reads = [c for c in caller.rig.standin.calls[before:] if c.path.endswith("/delta")]
    assert "$select" in reads[0].query and "$deltatoken" not in reads[0].query
    assert len(read(caller.world.items.snapshot()).records) == 3
    assert cursors.read(caller.world.ports, "s").missed is None  # who is gone was looked for


def test_one_that_graph_removed_is_made_anew_at_the_next_run(caller: Caller) -> None:
    caller.world.listen()
    caller.rig.standin.subscriptions.lifecycle("subscriptionRemoved")
    assert caller.ring() == [200] and caller.there() == []
    caller.on(minutes=1)
    assert caller.tend() == 1
    assert left(caller) > HALF and caller.row.state == "active"
    assert cursors.read(caller.world.ports, "s").cursor is None


def test_one_that_is_to_be_authorised_again_is_renewed_at_the_next_run(caller: Caller) -> None:
    caller.on(hours=1)
    caller.rig.standin.subscriptions.lifecycle("reauthorizationRequired")
    assert caller.ring() == [200]
    caller.on(minutes=1)
    assert (caller.tend(), caller.writes("PATCH")) == (1, 1)
    assert left(caller) == timedelta(hours=70)
    assert caller.tend() == 0


def test_what_becomes_of_one_that_is_not_ours_any_more_is_nothing_to_us(caller: Caller) -> None:
    caller.rig.standin.subscriptions.lifecycle("subscriptionRemoved")
    (late,) = caller.rig.standin.events()
    caller.on(days=1)
    caller.tend()
    known = cursors.read(caller.world.ports, "s")
    cursors.keep(caller.world.ports, "s", known.model_copy(update={"cursor": "far"}))
    before = caller.row
    assert caller.answer(late).status == 200
    assert caller.row == before and caller.tend() == 0
    assert cursors.read(caller.world.ports, "s").cursor == "far"


def test_nobody_else_may_say_what_became_of_it(caller: Caller) -> None:
    before = caller.world.items.snapshot()
    caller.rig.standin.subscriptions.lifecycle("missed")
    (called,) = caller.rig.standin.events()
    state = called.json()["value"][0]["clientState"].encode()
    forged = Called(called.method, called.path, {}, {}, called.body.replace(state, b"guessed"))
    assert caller.answer(forged).status == 401
    assert caller.world.items.snapshot() == before
