"""What a restore tears of an interaction is mended to what its words say, or said to be lost."""

from collections.abc import Callable, Sequence

import pytest

from chalicelib.store.ports import Delete, Item, Key, Put
from tests.faults.test_torn import checked
from tests.support.passing import deleted, order
from tests.support.scenes import Act
from tests.support.world import World, outcomes
from tests.unit.interacting import EWA, JAN, Json, entries, told, two_people

__all__ = ["two_people"]
pytestmark = pytest.mark.unsound
KNOWN, WORDS, ROWS = ("I#", "HEAD"), ("I#", "W#"), ("R#", "O#")
Kind = tuple[str, str]
Steps = Sequence[Act]


def ordered(said: int, at: int = 0, **parts: object) -> Act:
    return lambda world: told(world, "crm", order("o", at, said=said, **{**HERE, **parts}))


def taken_back(said: int) -> Act:
    return lambda world: told(world, "crm", deleted("o", said), event="interaction.deleted")


HERE, THERE = {"external_id": "1"}, {"contact_id": EWA}
first, corrected, later = ordered(1), ordered(3, value="7.00"), ordered(3, 2, value="7.00")
moved, gone, again, same = ordered(3, **THERE), taken_back(3), ordered(5, 1), ordered(5)
HISTORIES: Sequence[Steps] = (
    (first,),
    (first, same),
    (first, corrected),
    (first, later),
    (first, moved),
    (first, gone),
    (first, gone, again),
    (gone, again),
)


def items_of(world: World, *kinds: Kind) -> dict[Key, Item]:
    """The rows of orders, their words, and what is known of them but how often it changed."""
    found = world.items.snapshot().items()
    named = {k: i for k, i in found if any(map(k.pk.startswith, (pk for pk, _ in kinds)))}
    return {
        k: {n: v for n, v in i.items() if n != "rev"}
        for k, i in named.items()
        if any(k.pk.startswith(pk) and k.sk.startswith(sk) for pk, sk in kinds)
    }


def all_of(world: World) -> dict[Key, Item]:
    return items_of(world, KNOWN, WORDS, ROWS)


def torn(world: World, steps: Steps, *lost: Kind) -> dict[Key, Item]:
    """Take the steps, and lose of what the last one wrote; returns all as it was."""
    for step in steps[:-1]:
        step(world)
    before = world.items.snapshot()
    steps[-1](world)
    world.work()
    whole = all_of(world)
    for key in items_of(world, *lost):
        put = Put(key, before[key]) if key in before else Delete(key)
        world.items.write([put])
    return whole


def mended(world: World) -> dict[str, list[str]]:
    """The codes that are found, by what becomes of them."""
    found = checked(world, mend=True)
    by = {o: {f["code"] for f in found if f["outcome"] == o} for o in ("mended", "left")}
    return {outcome: sorted(codes) for outcome, codes in by.items() if codes}


@pytest.mark.parametrize("steps", HISTORIES)
@pytest.mark.parametrize("lost", [(KNOWN,), (ROWS,), (KNOWN, ROWS)])
def test_what_is_lost_is_written_from_the_words(
    world: World, steps: Steps, lost: Sequence[Kind]
) -> None:
    whole = torn(world, steps, *lost)
    harmed = all_of(world) != whole
    assert ("interaction_astray" in mended(world).get("mended", [])) is harmed
    assert all_of(world) == whole
    assert checked(world, mend=False) == []


@pytest.mark.parametrize("following", [later, moved, gone])
def test_what_was_not_taken_away_goes(world: World, following: Act) -> None:
    first(world)
    ((key, stale),) = items_of(world, ROWS).items()
    whole = torn(world, (following,))
    world.items.write([Put(key, stale)])
    assert mended(world) == {"mended": ["interaction_astray", "purchases_not_folded"]}
    assert all_of(world) == whole


def test_what_was_bought_is_the_fold_of_the_orders(world: World) -> None:
    first(world)
    (record,) = [k for k, i in world.items.snapshot().items() if i.get("bought")]
    whole = world.items.get(record)
    world.items.write([Put(record, whole | {"bought": None})])
    assert "purchases_not_folded" in mended(world)["mended"]
    assert world.items.get(record) == whole


@pytest.mark.parametrize("steps", HISTORIES)
def test_what_only_its_word_is_lost_of_stays_as_it_is_until_it_is_told_again(
    world: World, steps: Steps
) -> None:
    whole = torn(world, steps, WORDS)
    lost = {"left": ["answer_unfounded", "interaction_lost"]}
    assert (mended(world), mended(world)) == (lost, lost)
    assert items_of(world, KNOWN, ROWS).items() <= whole.items()
    steps[-1](world)
    world.work()
    assert not mended(world).get("left")
    assert all_of(world).keys() == whole.keys()


def test_what_is_lost_is_said_until_it_is_told_again(world: World) -> None:
    torn(world, (first,), WORDS, ROWS)
    left = ["answer_unfounded", "interaction_lost"]
    assert mended(world) == {"left": left, "mended": ["purchases_not_folded"]}
    assert mended(world) == {"left": left}
    assert outcomes(told(world, "crm", order("o", said=1, **HERE))) == ["created"]
    world.work()
    assert mended(world) == {}
    assert entries(world, JAN) == [4, 3, 2, 1, "o"]


@pytest.mark.parametrize("following", [moved, gone])
@pytest.mark.parametrize("look", [mended, lambda world: None])
def test_what_is_lost_can_be_moved_and_taken_back(
    world: World, look: Callable[[World], object], following: Act
) -> None:
    torn(world, (first,), WORDS, ROWS)
    look(world)
    following(world)
    world.work()
    assert mended(world) == {"left": ["answer_unfounded"]}
    assert [entries(world, who, kinds=["order"]) for who in (JAN, EWA)] == [
        [],
        ["o"] if following is moved else [],
    ]


@pytest.mark.parametrize("steps", [(first, corrected), (first, later), (first, moved)])
@pytest.mark.parametrize("lost", [(WORDS, ROWS), (WORDS, ROWS, KNOWN)])
def test_of_a_lost_correction_the_older_word_stands(
    world: World, steps: Steps, lost: Sequence[Kind]
) -> None:
    torn(world, steps, *lost)
    assert mended(world)["left"] == ["answer_unfounded"]
    assert entries(world, JAN, kinds=["order"]) == ["o"]
    steps[-1](world)
    world.work()
    assert mended(world) == {}


@pytest.mark.parametrize("steps", [(first,), (first, corrected), (first, gone), (gone,)])
def test_an_answer_of_which_nothing_stands_is_reported(world: World, steps: Steps) -> None:
    torn(world, steps, KNOWN, WORDS, ROWS)
    assert mended(world)["left"] == ["answer_unfounded"]


def test_a_row_of_which_nothing_else_is_left_stays(world: World) -> None:
    torn(world, (first,), KNOWN, WORDS)
    assert mended(world) == {"left": ["answer_unfounded", "interaction_lost"]}
    assert entries(world, JAN, kinds=["order"]) == ["o"]


def test_what_was_heard_again_is_sound(world: World) -> None:
    told_twice: list[Json] = [order("o", said=said, **HERE) for said in (1, 4)]
    assert outcomes(told(world, "crm", *told_twice)) == ["created", "unchanged"]
    assert checked(world, mend=False) == []
