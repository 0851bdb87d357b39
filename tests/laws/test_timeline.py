"""Each interaction stands on one timeline, that of its record, whatever came in which order.

Words on interactions come in any order, repeated, between merges and undos; the newest word
on each counts. What a contact bought is the sum of the orders that stand on its records.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.interactions import KINDS
from chalicelib.flow.merging import merge, unmerge
from chalicelib.flow.merging.merge import Order
from chalicelib.flow.reading import read
from tests.laws.portraits import heads
from tests.laws.sizes import sized
from tests.support.checks import fsck, settled
from tests.support.passing import BASE, deleted, order, passed, timeline_of
from tests.support.scenes import born
from tests.support.witness import watched
from tests.support.world import World

PEOPLE = (("crm", "Adam"), ("shop", "Bogna"), ("crm", "Cezary"), ("shop", "Dorota"))


class Word(NamedTuple):
    """What the source `shop` says, `said` seconds after the start, of one interaction."""

    name: str
    said: int
    who: int
    kind: str
    at: int
    value: int

    def told(self) -> dict[str, Any]:
        source, external_id = PEOPLE[self.who]
        whose = {"source": source, "external_id": external_id, "said": self.said}
        if self.kind == "gone":
            return deleted(self.name, self.said)
        if self.kind == "call":
            return passed(self.name, at=self.at, **whose)
        return order(self.name, self.at, value=str(self.value), **whose)


@dataclass(frozen=True)
class Graph:
    """A merge of two people, or the undo of the merge of that number."""

    pair: tuple[int, int]
    undo: int | None = None


words = st.builds(
    Word,
    name=st.sampled_from("abc"),
    said=st.integers(0, 5),
    who=st.integers(0, 3),
    kind=st.sampled_from(["call", "order", "order", "gone"]),
    at=st.integers(-3, 0),
    value=st.integers(-1, 9),
)
pairs = st.permutations(range(4)).map(lambda order: (order[0], order[1]))
graphs = st.builds(Graph, pair=pairs, undo=st.none() | st.integers(0, 2))


@st.composite
def histories(draw: st.DrawFn) -> list[Word | Graph]:
    """Words, one at each time of each interaction, some twice, between merges and undos."""
    told = draw(st.lists(words, min_size=1, max_size=8, unique_by=lambda w: (w.name, w.said)))
    again = draw(st.lists(st.sampled_from(told), max_size=4))
    moves = draw(st.lists(graphs, max_size=4))
    return draw(st.permutations([*told, *again, *moves]))


@sized(120, 5_000)
@given(steps=histories())
def test_each_interaction_stands_on_the_timeline_of_its_record_alone(
    steps: list[Word | Graph],
) -> None:
    world = _lived(steps)
    newest = {w.name: w for w in sorted(_words(steps), key=lambda w: w.said)}.values()
    standing = [w for w in newest if w.kind != "gone"]
    for head in heads(world):
        mine = [w for w in standing if born(*PEOPLE[w.who]) in head.members]
        listed = timeline_of(world, head.id, kinds=KINDS, limit=2)
        assert sorted(e["id"] for e in listed) == sorted(w.name for w in mine)
        times = [e["occurred_at"] for e in listed]
        assert times == sorted(times, reverse=True)
        _assert_bought(world, head.id, [w for w in mine if w.kind == "order"])


def _words(steps: list[Word | Graph]) -> Iterator[Word]:
    return (s for s in steps if isinstance(s, Word))


def _assert_bought(world: World, contact: str, orders: list[Word]) -> None:
    purchases = read.contact(world.ports, contact)[0]["purchases"]
    if not orders:
        assert purchases is None
        return
    (total,) = purchases["totals"].values()
    assert (purchases["orders"], total["orders"]) == (len(orders), len(orders))
    assert Decimal(total["amount"]) == sum(w.value for w in orders)


def _lived(steps: list[Word | Graph]) -> World:
    world = watched()
    world.source("crm")
    world.source("shop")
    world.target("buyers", filter="spent:>0 OR bought:kawa", fields=["full_name", "purchases"])
    merges: list[str] = []
    for source, name in PEOPLE:
        world.clock.tick(seconds=1)
        world.tell(source, name, given_name=name)
    world.work(sweeps=False)
    for number, step in enumerate(steps):
        world.clock.tick(seconds=1)
        if isinstance(step, Word):
            event = "interaction.deleted" if step.kind == "gone" else BASE
            (result,) = world.call("shop", [step.told()], event, message_id=f"m{number}")
            assert result["outcome"] != "refused"
        else:
            _moved(world, step, merges)
        fsck(world)
    world.work()
    settled(world)
    return world


def _moved(world: World, move: Graph, merges: list[str]) -> None:
    if move.undo is None:
        one, other = (born(*PEOPLE[n]) for n in move.pair)
        merges.append(merge.merge(world.ports, Order((one, other), "merge", "", "admin"))[1]["id"])
    elif move.undo < len(merges):
        unmerge.undo(world.ports, merges[move.undo], "admin")
