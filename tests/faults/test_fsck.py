"""The check of a whole state finds what is wrong, so that its silence means something."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.store import keys
from chalicelib.store.ports import Delete, Key, Put, Set
from tests.faults.acting import APART, ASKED, JAN, MERGED, jan
from tests.support.checks import settled
from tests.support.scenes import born, deletes, joins, patches, registered, rest
from tests.support.state import read
from tests.support.witness import watched
from tests.support.world import World

JAN_ID, JANEK_ID = born("crm", "1"), born("shop", "2")
Harm = Callable[[World], object]


def found(world: World, *steps: Callable[[World], object]) -> str:
    """What the check says of a world after these steps."""
    for step in steps:
        step(world)
    with pytest.raises(AssertionError) as complaint:
        settled(world)
    return str(complaint.value)


def overwritten(key: Key, **values: Any) -> Harm:
    return lambda world: world.items.write([Set(key, values)])


def lost(key: Key) -> Harm:
    return lambda world: world.items.write([Delete(key)])


def member_moved(world: World) -> None:
    """A record that two contacts claim."""
    head = world.items.get(keys.head(JANEK_ID))
    world.items.write([Put(keys.head(JANEK_ID), head | {"into": "", "members": [JANEK_ID]})])


def edge_gone(world: World) -> None:
    """Held together by nothing."""
    world.items.write([Set(keys.head(JAN_ID), {"judgements": []})])


def question_on_one_side(world: World) -> None:
    asked = next(iter(read(world.items.snapshot()).decisions))
    one = next(c.head for c in read(world.items.snapshot()).contacts if c.head.judged(asked))
    world.items.write([Set(keys.head(one.id), {"judgements": []})])


def statement_gone(world: World) -> None:
    sk = next(k.sk for k in world.items.snapshot() if k.sk.startswith("S#"))
    world.items.write([Delete(Key("contacts", f"R#{JAN_ID}", sk))])


def effect_gone(world: World) -> None:
    key = next(k for k in world.items.snapshot() if k.sk == "000000")
    world.items.write([Delete(key)])


def header_gone(by: str) -> Harm:
    """The header of somebody's batch."""

    def harm(world: World) -> None:
        batches = read(world.items.snapshot()).batches.values()
        world.items.write([Delete(keys.batch(b.id)) for b in batches if b.by.startswith(by)])

    return harm


def judged_gone(world: World, table: str = "J#") -> None:
    """A person's judgement, where its batch names it; or that its batch does so."""
    listed = next(k for k in world.items.snapshot() if k.pk.startswith("B#") and "J#" in k.sk)
    name = keys.judgement(listed.sk.removeprefix("J#"))
    world.items.write([Delete(name if table == "J#" else listed)])


def unlisted(world: World) -> None:
    judged_gone(world, "B#")


def version_again(world: World) -> None:
    """The same once more, but without asking whether it stands."""
    key = keys.version(JAN_ID, 1)
    world.items.write([Put(key, world.items.get(key))])


def row_of(table: str, beginning: str) -> Callable[[World], Key]:
    return lambda w: next(
        k for k in w.items.snapshot() if k.table == table and k.pk.startswith(beginning)
    )


def gone(find: Callable[[World], Key]) -> Harm:
    return lambda world: world.items.write([Delete(find(world))])


def never_told(world: World) -> None:
    world.sender.told.pop()


def told_in_vain(world: World) -> None:
    """A removal that a target never took in."""
    deletes("crm", "1", 9)(world)
    rest(world)
    world.sender.told.pop()


def told_too_early(world: World) -> None:
    world.items.matched.clear()


def told_outside(world: World) -> None:
    """A version that never had the role, to the target of clients."""
    one = next(t for t in world.sender.told if t.target == "all")
    world.sender.told.append(type(one)("clients", f"clients-{JAN_ID}-9", one.type, one.data, False))


pytestmark = pytest.mark.unsound
PLAIN = (jan, rest)
JOINED = (*APART, joins("crm/1", "crm/3"), rest)
ALONE = (lambda world: patches("crm", "1", **JAN)(world), rest)


@pytest.mark.parametrize(
    ("steps", "harm", "words"),
    [
        (PLAIN, overwritten(keys.head(JAN_ID), version=2), "names version 2"),
        (PLAIN, lost(keys.version(JAN_ID, 1)), "no version"),
        (MERGED, lost(keys.version(JAN_ID, 1)), "the one before it is version 0"),
        (MERGED, overwritten(keys.version(JAN_ID, 1), previous="x"), "not sealed to the one"),
        (MERGED, overwritten(keys.version(JAN_ID, 1), status="retired"), "seal does not fit it"),
        (MERGED, overwritten(keys.version(JAN_ID, 2), values={}), "not as rebuilt"),
        (PLAIN, version_again, "a version is added, and stays"),
        (MERGED, overwritten(keys.head(JAN_ID), content="x"), "not as rebuilt"),
        (PLAIN, overwritten(keys.record(JAN_ID), fields={}), "fold of its statements"),
        (PLAIN, overwritten(keys.record(JAN_ID), gone=True), "fold of its statements"),
        (PLAIN, statement_gone, "statement_lost"),
        (MERGED, overwritten(keys.head(JANEK_ID), into="nowhere"), "does not lead there"),
        (MERGED, lost(keys.head(JANEK_ID)), "does not lead there"),
        (MERGED, member_moved, "pointer_astray"),
        (MERGED, edge_gone, "not held together"),
        (ASKED, question_on_one_side, "unsure"),
        (PLAIN, effect_gone, "without an effect"),
        (PLAIN, header_gone("source:"), "batch_headless"),
        (JOINED, header_gone("admin:"), "batch_headless"),
        (JOINED, unlisted, "effect_lost"),
        (JOINED, judged_gone, "answer_unfounded"),
        (PLAIN, gone(row_of("index", "match=")), "index_rows_astray"),
        (PLAIN, gone(row_of("index", "role=")), "index_rows_astray"),
        (PLAIN, gone(row_of("index", "list=")), "index_list_astray"),
        (PLAIN, overwritten(Key("index", "role=former", JAN_ID), note=""), "index_row_stray"),
        (MERGED, gone(row_of("index", "was=")), "index_past_astray"),
        (PLAIN, overwritten(Key("index", "was=role=former", JAN_ID), note=""), "index_row_stray"),
        (PLAIN, overwritten(keys.index_list(JAN_ID, "search"), card="0"), "index_list_astray"),
        (PLAIN, overwritten(keys.head(JAN_ID), unmatched={JAN_ID: "x"}), "for ever"),
        (PLAIN, never_told, "has nothing"),
        (PLAIN, told_in_vain, "still has"),
        (PLAIN, told_too_early, "before it was matched"),
        (ALONE, told_outside, "never matched the filter"),
        (PLAIN, overwritten(keys.delivery("all", JAN_ID), lane="all", due="2"), "not at rest"),
    ],
)
def test_what_is_wrong_is_named(
    steps: tuple[Callable[[World], object], ...], harm: Harm, words: str
) -> None:
    assert words in found(watched(), registered, *steps, harm)
