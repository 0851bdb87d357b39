"""What a merge takes back: a word that stands between the two, on every head, and no other."""

from tests.faults.acting import APART, DIFFERENT, EWA, JAN, MAIL, MERGED, OLA
from tests.support.checks import settled
from tests.support.scenes import (
    Prepare,
    born,
    joins,
    judged,
    registered,
    replies,
    rest,
    tells,
    undoes,
)
from tests.support.state import State, read
from tests.support.witness import watched
from tests.support.world import World


def lived(*steps: Prepare) -> World:
    world = watched()
    for step in (registered, *steps):
        step(world)
    return world


def state_of(world: World) -> State:
    return read(world.items.snapshot())


def test_an_edge_is_not_taken_back_by_the_way() -> None:
    world = lived(*MERGED, tells("crm", "3", **EWA), rest)
    edge = judged(state_of(world), "same")
    joins("crm/3", "crm/1", retract=[edge])(world)
    rest(world)
    settled(world)
    assert len(state_of(world).contacts) == 1


def test_nor_is_what_stands_between_others() -> None:
    world = lived(*DIFFERENT, tells("shop", "4", **OLA), rest)
    word = judged(state_of(world), "different")
    joins("crm/3", "shop/4", retract=[word])(world)
    rest(world)
    settled(world)
    assert not state_of(world).decisions[word].retracted_at


def test_a_word_on_many_ends_on_all_of_their_heads() -> None:
    """Two that were one are parted; what was said of both leaves both, with one merge."""
    world = lived(*APART, joins("crm/1", "crm/3"), rest)
    joined = judged(state_of(world), "same")
    tells("crm", "5", **JAN, **MAIL)(world)
    rest(world)
    replies(judged(state_of(world), "unsure"), "different")(world)
    undoes(joined)(world)
    rest(world)
    settled(world)
    word = judged(state_of(world), "different")
    named = state_of(world).decisions[word].judgement
    assert {*named.a, *named.b} == {born("crm", n) for n in ("1", "3", "5")}
    joins("crm/3", "crm/5", retract=[word])(world)
    rest(world)
    settled(world)
    joins("crm/1", "crm/5")(world)
    rest(world)
    settled(world)
