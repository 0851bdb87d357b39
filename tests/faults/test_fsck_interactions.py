"""What a restore tears of an interaction is mended to what it was, or said to be lost."""

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
KNOWN, ROWS = "I#", "O#"
Steps = Sequence[Act]


def ordered(said: int, at: int = 0, **parts: object) -> Act:
    return lambda world: told(world, "crm", order("o", at, said=said, **{**HERE, **parts}))


def taken_back(said: int) -> Act:
    return lambda world: told(world, "crm", deleted("o", said), event="interaction.deleted")


HERE, THERE = {"external_id": "1"}, {"contact_id": EWA}
first, corrected, later = ordered(1), ordered(3, value="7.00"), ordered(3, 2, value="7.00")
moved, gone, again = ordered(3, **THERE), taken_back(3), ordered(5, 1)


def items_of(world: World, *kinds: str) -> dict[Key, Item]:
    """The rows of orders, and what is known of them."""
    found = world.items.snapshot().items()
    return {k: i for k, i in found if k.sk.startswith(kinds) or k.pk.startswith(kinds)}


def torn(world: World, steps: Steps, *lost: str) -> dict[Key, Item]:
    """Take the steps, and lose of what the last one wrote; returns the rows as they were."""
    for step in steps[:-1]:
        step(world)
    before = world.items.snapshot()
    steps[-1](world)
    world.work()
    whole = items_of(world, KNOWN, ROWS)
    for key, item in items_of(world, *lost).items():
        if key not in before:
            world.items.write([Delete(key)])
        elif item != before[key]:
            world.items.write([Put(key, before[key])])
    return whole


def mended(world: World) -> dict[str, list[str]]:
    """The codes that are found, by what becomes of them."""
    found = checked(world, mend=True)
    by = {o: {f["code"] for f in found if f["outcome"] == o} for o in ("mended", "left")}
    return {outcome: sorted(codes) for outcome, codes in by.items() if codes}


@pytest.mark.parametrize(
    "steps",
    [
        (first,),
        (first, corrected),
        (first, later),
        (first, moved),
        (first, gone),
        (first, gone, again),
        (gone, again),
    ],
)
def test_what_is_known_is_written_from_the_newest_row(world: World, steps: Steps) -> None:
    whole = torn(world, steps, KNOWN)
    assert "interaction_astray" in mended(world)["mended"]
    assert items_of(world, KNOWN, ROWS) == whole
    assert checked(world, mend=False) == []


@pytest.mark.parametrize("following", [later, moved, gone])
def test_what_was_not_taken_away_goes(world: World, following: Act) -> None:
    first(world)
    ((key, stale),) = items_of(world, ROWS).items()
    whole = torn(world, (following,))
    world.items.write([Put(key, stale)])
    assert mended(world) == {"mended": ["interaction_astray", "purchases_not_folded"]}
    assert items_of(world, KNOWN, ROWS) == whole


def test_what_was_bought_is_the_fold_of_the_orders(world: World) -> None:
    first(world)
    (record,) = [k for k, i in world.items.snapshot().items() if i.get("bought")]
    whole = world.items.get(record)
    world.items.write([Put(record, whole | {"bought": None})])
    assert "purchases_not_folded" in mended(world)["mended"]
    assert world.items.get(record) == whole


def test_what_is_lost_is_said_until_it_is_told_again(world: World) -> None:
    torn(world, (first,), ROWS)
    assert mended(world) == {"left": ["interaction_lost"], "mended": ["purchases_not_folded"]}
    assert mended(world) == {"left": ["interaction_lost"]}
    assert outcomes(told(world, "crm", order("o", said=0, **HERE))) == ["late"]
    assert outcomes(told(world, "crm", order("o", said=1, **HERE))) == ["created"]
    world.work()
    assert mended(world) == {}
    assert entries(world, JAN) == [4, 3, 2, 1, "o"]


@pytest.mark.parametrize("following", [moved, gone])
@pytest.mark.parametrize("look", [mended, lambda world: None])
def test_what_is_lost_can_be_moved_and_taken_back(
    world: World, look: Callable[[World], object], following: Act
) -> None:
    torn(world, (first,), ROWS)
    look(world)
    following(world)
    world.work()
    assert mended(world) == {}
    assert [entries(world, who, kinds=["order"]) for who in (JAN, EWA)] == [
        [],
        ["o"] if following is moved else [],
    ]


@pytest.mark.parametrize("steps", [(first, later), (first, moved)])
def test_of_a_lost_correction_the_older_word_stands(world: World, steps: Steps) -> None:
    torn(world, steps, ROWS)
    assert mended(world)["left"] == ["answer_unfounded"]
    assert entries(world, JAN, kinds=["order"]) == ["o"]
    steps[-1](world)
    world.work()
    assert mended(world) == {}


@pytest.mark.parametrize(
    ("steps", "lost"),
    [
        ((first,), (KNOWN, ROWS)),
        ((first, corrected), (KNOWN, ROWS)),
        ((first, corrected), (ROWS,)),
        ((first, gone), (KNOWN, ROWS)),
        ((gone,), (KNOWN,)),
    ],
)
def test_an_answer_of_which_nothing_stands_is_reported(
    world: World, steps: Steps, lost: Sequence[str]
) -> None:
    torn(world, steps, *lost)
    assert mended(world)["left"] == ["answer_unfounded"]


def test_a_row_of_older_times_is_known_by_when_it_was(world: World) -> None:
    torn(world, (first,), KNOWN)
    (row,) = items_of(world, ROWS).values()
    world.items.write([Put(Key("contacts", row["pk"], row["sk"]), row | {"stamp": ""})])
    assert "interaction_astray" in mended(world)["mended"]
    (known,) = items_of(world, KNOWN).values()
    assert known["stamp"] == f"{row['occurred_at']}#0000000000000000#"


def test_what_was_heard_again_is_sound(world: World) -> None:
    same: list[Json] = [order("o", said=said, **HERE) for said in (1, 4)]
    assert outcomes(told(world, "crm", *same)) == ["created", "unchanged"]
    assert checked(world, mend=False) == []
