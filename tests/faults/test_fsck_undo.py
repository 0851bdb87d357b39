"""What a restore tears of an undo, or of a bringing back, is mended so that undos go on."""

from collections.abc import Callable

import pytest

from chalicelib.domain.model import digest
from chalicelib.flow.undoing import undo_batches
from chalicelib.store.ports import Delete, Item, Key, Put, Write
from tests.faults.acting import jan
from tests.faults.branches import SCENES
from tests.faults.branches_batches import now, undoes_newest
from tests.faults.branches_editing import EWA_ID, JANEK_ID, before, once
from tests.faults.test_torn import checked, prepared, transactions
from tests.support.checks import settled
from tests.support.scenes import BY, born, rest
from tests.support.state import State, read
from tests.support.torn import apply
from tests.support.witness import forked
from tests.support.world import World, record

pytestmark = pytest.mark.unsound
OUTCOME, STATEMENT, WORD = "O#", "S#", "W#"
JAN = born("crm", "1")


def torn(scene: str, lost: str) -> World:
    """The world of a scene just after its undo took a statement back; some rows are lost."""
    after, written = transactions(SCENES[scene])
    store, writes = next(t for t in written if any(_begins(w, OUTCOME) for w in t[1]))
    world = forked(after)
    world.items = store.fork()
    apply(world.items, [w for w in writes if not _begins(w, lost)])
    return world


def _begins(write: Write, prefix: str) -> bool:
    return write.key.sk.startswith(prefix)


def outcomes_in(world: World) -> dict[Key, Item]:
    """What became of effects, by the undos of a world."""
    rows = world.items.snapshot().items()
    return {k: i for k, i in rows if k.pk.startswith("T#") and k.sk.startswith(OUTCOME)}


def mended(world: World) -> set[str]:
    """The codes of what is found; nothing of it is left."""
    found = checked(world, mend=True)
    assert {f["outcome"] for f in found} <= {"mended"}
    return {f["code"] for f in found}


def goes_on(world: World) -> State:
    """The undo is worked off to its end."""
    for _ in range(3):
        world.work()
        world.clock.tick(days=1)
    settled(world, torn=True)
    return read(world.items.snapshot())


def test_what_an_undo_took_back_counts_no_more() -> None:
    world = torn("batch: an update", STATEMENT)
    assert "retraction_lost" in mended(world)
    assert "phones" not in goes_on(world).latest(JAN).values


def test_a_word_that_an_undo_took_back_counts_no_more() -> None:
    world = torn("unsaying: an order", WORD)
    assert "retraction_lost" in mended(world)
    state = goes_on(world)
    assert (list(state.interactions), state.latest(JAN).values.get("purchases")) == ([], None)


@pytest.mark.parametrize("name", [n for n in SCENES if n.startswith("unsaying: ")])
def test_what_became_of_words_is_written_from_them(name: str) -> None:
    """Of one that a record was born with, of its statement too."""
    world, _ = transactions(SCENES[name])
    rows = outcomes_in(world)
    assert rows
    world.items.write([Delete(key) for key in rows])
    assert mended(world) == {"outcome_lost"}
    assert outcomes_in(world) == rows


def test_what_the_machine_joined_comes_apart_though_the_outcome_is_lost() -> None:
    world = torn("batch: what the machine joined by it", OUTCOME)
    assert "outcome_lost" in mended(world)
    assert goes_on(world).heads[JAN].members == (JAN,)


def test_of_two_who_said_the_same_the_other_ones_word_stays() -> None:
    world = World()
    world.source("crm")
    for name in ("one", "two"):
        world.call("crm", [record("1", given_name="Jan")], message_id=name)
    world.work()
    (key,) = [k for k in world.items.snapshot() if k.sk.startswith(STATEMENT)]
    both = world.items.get(key)
    undo_batches.undo(world.ports, digest("call", "crm", "one"), BY)
    alone = world.items.get(key)
    world.items.write([Put(key, both)])
    assert mended(world) == {"retraction_lost"}
    assert world.items.get(key) == alone
    assert alone["batch"] == digest("call", "crm", "two") and not alone["retracted_by"]


def brought_back(world: World) -> dict[Key, object]:
    """Somebody was put away and brought back; returns the rows of the batch of that."""
    for step in (jan, rest, before("retire"), rest, once("restore"), rest):
        step(world)
    rows = world.items.snapshot()
    batch = next(k.pk for k, i in rows.items() if i.get("kind") == "restore")
    return {k: i for k, i in rows.items() if k.pk == batch}


@pytest.mark.parametrize(
    ("lost", "expected"),
    [
        (lambda key: key.sk.startswith("J#"), {"effect_lost"}),
        (lambda key: key.sk == "HEAD", {"batch_headless"}),
        (lambda key: True, {"batch_headless"}),
    ],
)
def test_the_batch_that_brought_somebody_back_can_be_undone(
    lost: Callable[[Key], bool], expected: set[str]
) -> None:
    world = World()
    world.source("crm")
    rows = brought_back(world)
    world.items.write([Delete(key) for key in rows if lost(key)])
    assert mended(world) == expected
    assert {k: i for k, i in world.items.snapshot().items() if k in rows} == rows
    now(undoes_newest("restore"))(world)
    assert goes_on(world).heads[JAN].status == "retired"


@pytest.mark.parametrize("lost", ["J#", "HEAD", ""])
def test_a_move_whose_effects_are_lost_can_be_undone(lost: str) -> None:
    world = prepared(SCENES["unsplitting: a move"])
    found = world.items.snapshot()
    batch = next(k.pk for k, i in found.items() if i.get("kind") == "split" and k.sk == "HEAD")
    rows = {k: i for k, i in found.items() if k.pk == batch.replace("T#", "B#")}
    assert len(rows) == 3
    world.items.write([Delete(key) for key in rows if key.sk.startswith(lost)])
    assert mended(world) <= {"batch_headless", "effect_lost"}
    assert {k: i for k, i in world.items.snapshot().items() if k in rows} == rows
    now(undoes_newest("split"))(world)
    assert goes_on(world).heads[JAN].members == (JAN, JANEK_ID)
    assert read(world.items.snapshot()).heads[EWA_ID].members == (EWA_ID,)
