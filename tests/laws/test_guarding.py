"""The blast guard: no mistake reaches more contacts than its limit, and nothing is lost by it."""

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.connectors.kinds import hubspot as kinds
from chalicelib.connectors.ports import Answer
from chalicelib.domain.errors import ConflictError
from chalicelib.domain.sources import Target
from chalicelib.flow import sweep
from chalicelib.flow.guarding import release
from chalicelib.flow.pausing import lifecycle, rest
from chalicelib.flow.rehearsing import activate, rehearse
from chalicelib.flow.telling.targets import put_target
from tests.laws.guarding import (
    BOOK,
    CRM,
    EMPTIES,
    GUARD,
    RIGHT,
    book,
    crm,
    full,
    released,
    set_to,
    state,
    tell,
)
from tests.support.checks import settled
from tests.support.rest import holdings
from tests.support.witness import Told
from tests.support.world import World

WRONG = BOOK | {"fields": ("full_name",)}


def told(world: World, since: int = 0) -> list[Told]:
    """What the webhook accepted."""
    return [t for t in world.sender.told[since:] if t.accepted]


def titles(world: World) -> Counter[Any]:
    return Counter(c.get("job_title") for c in holdings(world, "book").values())


def nobody_twice_the_same(pushes: list[Told]) -> None:
    """No contact gets the same again right after it."""
    last: dict[str, Any] = {}
    for push in pushes:
        said = {n: v for n, v in push.data.items() if n != "version"}
        assert last.get(push.contact) != said
        last[push.contact] = said


@pytest.fixture
def unpaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """HubSpot is called as fast as one likes: how fast it is, is no matter here."""
    monkeypatch.setattr(kinds.HubSpot, "caps", replace(kinds.HubSpot.caps, rate=None))


@pytest.mark.usefixtures("unpaced")
def test_a_mapping_error_reaches_a_fifth_of_a_thousand_and_is_mended_once_each() -> None:
    world, hubspot = crm(1_000)
    writes = len(world.sender.sent)
    set_to(world, CRM | {"mapping": EMPTIES})
    emptied = [r for r in hubspot.records.values() if not r["jobtitle"]]
    assert len(emptied) == len(world.sender.sent) - writes == 200
    stop = book(world).stopped
    assert stop and (stop.units, stop.limit, book(world).state) == (201, 200, "held")
    writes = len(world.sender.sent)
    set_to(world, CRM | {"mapping": RIGHT})
    assert len(world.sender.sent) == writes
    released(world)
    assert {r["jobtitle"] for r in hubspot.records.values()} == {"kowal"}
    assert len(world.sender.sent) - writes == 200, "who was not reached hears nothing"
    assert book(world).state == "active"
    settled(world)


def test_a_source_that_empties_a_field_is_stopped_too_by_what_changes_as_it_comes() -> None:
    world = full(60)
    before = len(told(world))
    tell(world, range(60), 5, job_title=None)
    world.work()
    assert len(told(world, before)) == 12
    tell(world, range(60), 6)
    world.work()
    assert len(told(world, before)) == 12
    released(world)
    settled(world)
    assert titles(world) == {"kowal": 60}
    pushes = Counter(t.contact for t in told(world, before))
    assert len(pushes) == 12 and set(pushes.values()) == {2}


@settings(max_examples=25)
@given(
    count=st.integers(1, 40),
    share=st.integers(1, 100),
    at_least=st.integers(1, 20),
    gaps=st.lists(st.integers(0, 20), max_size=4),
    limit=st.one_of(st.none(), st.integers(1, 60)),
    failing=st.lists(st.sampled_from([None, 500, 429]), max_size=6),
)
def test_no_more_than_the_limit_is_sent_and_the_rest_is_sent_once_after_the_release(
    count: int,
    share: int,
    at_least: int,
    gaps: list[int],
    limit: int | None,
    failing: list[int | None],
) -> None:
    guard = {"share": share, "at_least": at_least, "window_minutes": 60}
    world = full(count, BOOK | {"guard": guard})
    before, most = len(world.sender.told), max(at_least, count * share // 100)
    world.sender.answers.extend(Answer(s, None, f"http_{s}") for s in failing if s)
    set_to(world, WRONG | {"guard": guard})
    for minutes in gaps:
        world.clock.tick(minutes=minutes)
        world.work()
    reached = {t.contact for t in world.sender.told[before:]}
    assert len(reached) == min(most, count)
    assert (book(world).state == "held") == (count > most)
    set_to(world, BOOK | {"guard": guard})
    rounds = 0
    while book(world).state == "held":
        released(world, limit)
        rounds += 1
        assert rounds <= count + 1
    world.clock.tick(hours=1)
    for _ in range(4):
        world.work()
        world.clock.tick(hours=1)
    settled(world)
    assert titles(world) == {"kowal": count}
    nobody_twice_the_same(told(world, before))


def test_a_run_is_counted_as_one_however_slow_it_is() -> None:
    """A window would forget what a slow system took in an hour ago; a run does not."""
    world = full(40)
    before = len(told(world))
    world.sender.answers.extend([Answer(503, "7200", "http_503")] * 38)
    put_target(world.ports, "book", WRONG)
    for _ in range(30):
        world.clock.tick(hours=1)
        world.work()
    assert len({t.contact for t in told(world, before)}) <= 8
    assert book(world).state == "held"


def test_live_changes_within_the_usual_never_stop() -> None:
    world = full(40)
    for hour in range(12):
        tell(world, range(hour, hour + 7), hour + 1, job_title=f"title {hour}")
        world.work()
        world.clock.tick(hours=2)
    assert book(world).state == "active"


def test_the_same_contacts_over_and_over_count_once() -> None:
    world = full(40)
    for at in range(1, 20):
        tell(world, range(6), at, job_title=f"title {at}")
        world.work()
    assert book(world).state == "active"
    assert sum(c.units for c in state(world).tallies["book"].lately.values()) == 6


def test_removals_count_four_times_but_those_of_merged_contacts() -> None:
    world = full(40)
    before = len(told(world))
    set_to(world, BOOK | {"filter": "role:customer"})
    assert len(told(world, before)) == 2
    assert [t.type for t in told(world, before)] == ["contact.removed"] * 2


def test_a_target_without_a_guard_counts_nothing() -> None:
    world = full(40, BOOK | {"guard": None})
    set_to(world, WRONG | {"guard": None})
    assert titles(world) == {None: 40}
    assert not state(world).tallies


def test_a_rehearsed_run_has_its_own_size() -> None:
    world = full(40)
    before = len(told(world))
    job = rehearse.rehearse(world.ports, "book", {"fields": ["full_name"]})
    world.work()
    activate.activate(world.ports, "book", job.id)
    world.work()
    settled(world)
    assert (len(told(world, before)), book(world).state) == (40, "active")


def test_who_was_not_foretold_is_held_to_the_guard() -> None:
    world = full(40)
    job = rehearse.rehearse(world.ports, "book", {"fields": ["full_name"]})
    world.work()
    lifecycle.pause(world.ports, Target, "book")
    tell(world, range(40, 100))
    world.work()
    before = len(told(world))
    activate.activate(world.ports, "book", job.id)
    world.work()
    lifecycle.resume(world.ports, Target, "book")
    world.work()
    assert len(told(world, before)) == 40 + GUARD["at_least"]
    assert book(world).state == "held"


def test_a_release_is_only_for_what_waits() -> None:
    """A second mistake after it is stopped as the first was."""
    world = full(40)
    set_to(world, WRONG)
    released(world)
    assert titles(world) == {None: 40}
    set_to(world, BOOK)
    assert titles(world) == {None: 32, "kowal": 8}
    assert book(world).state == "held"


def test_a_held_target_says_so_and_rings(caplog: pytest.LogCaptureFixture) -> None:
    world = full(40)
    assert sweep.held(world.ports) == 0
    set_to(world, WRONG)
    assert rest.shown(world.ports)["held"] == ["book"]
    caplog.clear()
    assert sweep.held(world.ports) == 1
    assert [json.loads(r.message) for r in caplog.records] == [{"held_target": "book"}]
    assert world.sweep()["deliveries"] == 0


def test_only_a_release_lets_a_held_target_go_on() -> None:
    world = full(40)
    with pytest.raises(ConflictError) as refused:
        release.release(world.ports, "book", None)
    assert refused.value.kind == "not_held"
    set_to(world, WRONG)
    for act in (lifecycle.start, lifecycle.pause, lifecycle.resume):
        with pytest.raises(ConflictError) as refused:
            act(world.ports, Target, "book")
        assert refused.value.kind == "held"
    lifecycle.pause_all(world.ports, "key:1")
    lifecycle.resume_all(world.ports)
    world.work()
    assert book(world).state == "held"


def test_the_right_mapping_does_not_hold() -> None:
    world, hubspot = crm(3)
    set_to(world, CRM | {"mapping": RIGHT})
    assert len(hubspot.records) == 3
