"""Law 5, write mine, then look: whatever the order of the match work, the pair is found."""

import json
from collections.abc import Sequence
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.flow.matching import match
from tests.laws.midst import interrupted
from tests.laws.portraits import heads
from tests.laws.sizes import sized
from tests.support.checks import settled
from tests.support.scenes import Act, born, hands, joins, patches, tells, work
from tests.support.witness import watched
from tests.support.world import World

Fields = dict[str, Any]
JAN: Fields = {"given_name": "Jan", "family_name": "Wrona", "birth_date": "1961-02-03"}
MAIL: Fields = {"emails": ["jan@wrona.pl"]}
PHONE: Fields = {"phones": ["+48600700801"]}
# The second is the only link between the first and the third.
CHAIN = ({**JAN, **MAIL}, {**JAN, **MAIL, **PHONE}, {**JAN, **PHONE})


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("kicked", [True, False])
def test_any_order_of_the_work_joins_all_three(order: Sequence[int], kicked: bool) -> None:
    world = _told()
    waiting = world.queues.take("match")
    for number in order if kicked else ():
        match.match(world.ports, *json.loads(waiting[number])["change"])
    world.work()
    world.work()
    settled(world)
    assert [len(head.members) for head in heads(world)] == [3]


@sized(40, 2000)
@given(
    told=st.permutations(range(3)),
    worked=st.lists(st.integers(0, 2), max_size=6),
    late=st.integers(0, 3),
)
def test_work_between_the_telling_is_as_good_as_after_it(
    told: list[int], worked: list[int], late: int
) -> None:
    """Some are matched before others are known, twice, or not at all but by the sweep."""
    world = watched()
    world.source("crm")
    for place, number in enumerate(told):
        world.clock.tick(seconds=1)
        world.tell("crm", str(number), **CHAIN[number])
        for which in worked[place::3] if place >= late else ():
            waiting = world.queues.waiting["match"]
            if waiting:
                match.match(world.ports, *json.loads(waiting[which % len(waiting)])["change"])
    world.queues.waiting.clear()
    world.work()
    world.work()
    settled(world)
    assert [len(head.members) for head in heads(world)] == [3]


def test_a_record_that_becomes_a_duplicate_is_found_and_one_that_was_none_is_not() -> None:
    world = _told()
    world.work()
    world.tell("crm", "9", given_name="Ola", family_name="Kos")
    world.work()
    assert sorted(len(head.members) for head in heads(world)) == [1, 3]
    world.tell("crm", "9", 5, **JAN, **MAIL)
    world.work()
    world.work()
    settled(world)
    assert [len(head.members) for head in heads(world)] == [4]
    assert next(heads(world)).id == born("crm", "0")


FATHER = {**JAN, **MAIL}
SON = {**JAN, **PHONE, "birth_date": "1989-12-30"}
EITHER: Fields = {"given_name": "Jan", "family_name": "Wrona", **MAIL, **PHONE}


@pytest.mark.parametrize("order", list(permutations((FATHER, SON, EITHER))))
def test_the_machine_joins_no_two_who_contradict_each_other(order: Sequence[Fields]) -> None:
    """One record fits a father and his son; it may join one of them, never both."""
    world = _told(order)
    world.work()
    world.work()
    settled(world)
    assert sorted(len(head.members) for head in heads(world)) == [1, 2]


def test_what_changes_while_it_is_being_matched_is_matched_as_it_became() -> None:
    """It is no duplicate when its matching begins."""
    world = _told(({**JAN, **MAIL},))
    world.work()
    world.tell("crm", "9", given_name="Ola", family_name="Kos")
    becomes = tells("crm", "9", 5, **JAN, **MAIL)
    for after in interrupted(world, hands("match", world.queues.take("match")), [becomes]):
        after.work()
        after.work()
        settled(after)
        assert [len(head.members) for head in heads(after)] == [2]


def test_keys_that_change_while_they_are_written_leave_none_behind() -> None:
    world = _told(({**JAN, **MAIL},))
    numbers = ["+48600700801", "+48600700802"]
    first, second = (
        patches("crm", "0", 5 + n, phones=[number]) for n, number in enumerate(numbers)
    )
    others = [then(first, work("match")), second]
    for after in interrupted(world, hands("match", world.queues.take("match")), others):
        after.work()
        after.work()
        settled(after)


def test_who_is_merged_by_hand_before_the_match_is_matched_all_the_same() -> None:
    world = _told(({**JAN, **MAIL}, {"notes": ["has no name"]}))
    world.work()
    world.clock.tick(seconds=1)
    world.tell("crm", "9", **JAN, **MAIL)
    joins("crm/1", "crm/9")(world)
    world.work()
    settled(world)
    assert [len(head.members) for head in heads(world)] == [3]


def then(*acts: Act) -> Act:
    """One after the other."""

    def all_of(world: World) -> None:
        for act in acts:
            act(world)

    return all_of


def _told(people: Sequence[Fields] = CHAIN) -> World:
    world = watched()
    world.source("crm")
    for number, fields in enumerate(people):
        world.clock.tick(seconds=1)
        world.tell("crm", str(number), **fields)
    return world
