"""Records leave a contact, by a person's word: what holds afterwards."""

import pytest

from chalicelib.domain.errors import ConflictError
from chalicelib.flow.editing import split
from chalicelib.flow.editing.split import Parting
from chalicelib.flow.merging import merge, unmerge
from chalicelib.flow.merging.merge import Order
from chalicelib.flow.reading import read
from tests.support.checks import settled
from tests.support.scenes import born
from tests.support.world import World
from tests.unit.editing import ME, edited, three


@pytest.fixture
def world() -> World:
    return edited()


def test_what_one_merge_holds_though_another_is_undone_can_be_split(world: World) -> None:
    one, two, other = three(world)
    first = merge.merge(world.ports, Order((one, two), "merge", "", ME))[1]["id"]
    merge.merge(world.ports, Order((one, other), "merge", "", ME))
    merge.merge(world.ports, Order((two, other), "merge", "", ME))
    _, answer = unmerge.undo(world.ports, first, ME)
    assert answer["split"] == {"contact": one, "records": [two]}
    _, parted = split.split(world.ports, Parting(one, tuple(answer["split"]["records"]), ME, "k"))
    world.work()
    settled(world)
    assert parted["contacts"] == [two, one]
    with pytest.raises(ConflictError) as refused:
        merge.merge(world.ports, Order((one, two), "merge", "", ME))
    assert refused.value.extra["judgements"] == [parted["different"]]


def test_what_stays_together_is_held_by_the_person_s_own_word(world: World) -> None:
    one, two, other = three(world)  # two and other hang together by one alone
    merge.merge(world.ports, Order((one, two), "merge", "", ME))
    merge.merge(world.ports, Order((one, other), "merge", "", ME))
    _, parted = split.split(world.ports, Parting(one, (one,), ME, "k"))
    settled_contacts = sorted(parted["contacts"])
    assert settled_contacts == sorted([one, min(two, other, key=[one, two, other].index)])
    assert read.contact(world.ports, other)[0]["id"] == two


def test_records_can_be_moved_to_another_contact(world: World) -> None:
    one, two, other = three(world)
    merge.merge(world.ports, Order((one, two), "merge", "", ME))
    _, moved = split.split(world.ports, Parting(one, (two,), ME, "k", to=other))
    world.work()
    settled(world)
    assert moved["contacts"] == [two, one]
    assert read.contact(world.ports, other)[0]["id"] == two


def test_more_than_ten_steps_are_a_job(world: World) -> None:
    names = [str(n) for n in range(10, 23)]
    for name in names:
        world.clock.tick(seconds=1)
        world.tell("crm", name, given_name="Ola")
    ids = tuple(born("crm", name) for name in names)
    merge.merge(world.ports, Order(ids, "merge", "", ME))
    world.work()
    status, answer = split.split(world.ports, Parting(ids[0], ids[:1], ME, "k"))
    world.work()
    settled(world)
    assert (status, set(answer)) == (202, {"job"})
    assert len(read.contact(world.ports, ids[1])[0]["records"]) == 12
