"""Law 2: a contact is a connected component, whatever order joined it."""

from collections.abc import Iterator, Sequence
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.graph import components, shared_out
from chalicelib.domain.judgements import Judgement
from chalicelib.flow.merging import merge, unmerge
from chalicelib.flow.merging.merge import Order
from tests.conftest import NIGHTLY
from tests.laws.portraits import portrait
from tests.laws.sizes import sized
from tests.laws.statements import RECORDS, edges
from tests.support.checks import fsck
from tests.support.scenes import born
from tests.support.world import World

FIVE = ("Adam", "Bella", "Cezary", "Diana", "Edgar")
IDS = {name: born(f"source{n}", name) for n, name in enumerate(FIVE)}
Tree = str | tuple["Tree", "Tree"]


@sized(200, 10_000)
@given(joined=edges())
def test_components_are_what_one_can_walk_along_the_edges(joined: list[Judgement]) -> None:
    parts = components(RECORDS, joined)
    assert sorted(r for part in parts for r in part) == RECORDS
    for part in parts:
        assert part == _reached(min(part), joined)


def _reached(start: str, joined: Sequence[Judgement]) -> frozenset[str]:
    seen, ahead = {start}, [start]
    while ahead:
        here = ahead.pop()
        for edge in joined:
            ends = {*edge.a, *edge.b}
            ahead += sorted(ends - seen) if here in ends else []
            seen |= ends if here in ends else set()
    return frozenset(seen)


@sized(200, 10_000)
@given(joined=edges())
def test_sharing_out_loses_no_judgement_and_gives_edges_to_one_side_only(
    joined: list[Judgement],
) -> None:
    different = Judgement(
        id="d", verdict="different", a=("r0", "r1"), b=("elsewhere",), by="admin", at=""
    )
    parts = components(RECORDS, joined)
    shares = [shared_out([*joined, different], part) for part in parts]
    assert sorted(j.id for share in shares for j in share if j.verdict == "same") == sorted(
        j.id for j in joined
    )
    holders = [different in share for share in shares]
    assert holders == [bool(part & {"r0", "r1"}) for part in parts]


def test_five_merged_in_any_order_and_bracketing_are_one_and_the_same() -> None:
    """All 1,680 ways each night; of the ways, every 28th at other times."""
    ways = [tree for order in permutations(FIVE) for tree in _trees(order)]
    assert len(ways) == 1680
    start = _five()
    faces = {_merged(start, tree) for tree in ways[:: 1 if NIGHTLY else 28]}
    assert len(faces) == 1


def test_five_merged_by_one_order_are_the_same_as_by_four() -> None:
    one, other = _five(), _five()
    merge.merge(one.ports, Order(tuple(IDS.values()), "merge", "", "admin"))
    assert portrait(one, edges=False) == _merged(
        other, ((("Edgar", "Adam"), "Cezary"), ("Diana", "Bella"))
    )


def _trees(leaves: Sequence[str]) -> Iterator[Tree]:
    if len(leaves) == 1:
        yield leaves[0]
    for cut in range(1, len(leaves)):
        for left in _trees(leaves[:cut]):
            for right in _trees(leaves[cut:]):
                yield (left, right)


def _five() -> World:
    world = World()
    for number, name in enumerate(FIVE):
        world.source(f"source{number}", trust=50 + number % 3)
        world.clock.tick(seconds=1)
        told = {"given_name": name, "tags": [name, "all"], "job_title": f"{name}'s work"}
        world.tell(f"source{number}", name, -number, **told)
    return world


def _merged(start: World, tree: Tree) -> bytes:
    world = World(items=start.items.fork())
    _merge(world, tree)
    fsck(world)
    return portrait(world, edges=False)


def _merge(world: World, tree: Tree) -> str:
    """Merge both sides, then the two; any id of a side may stand for it."""
    if isinstance(tree, str):
        return IDS[tree]
    left, right = (_merge(world, side) for side in tree)
    merge.merge(world.ports, Order((left, right), "merge", "", "admin"))
    return right


@sized(30, 2000)
@given(data=st.data())
def test_undone_in_any_order_all_stand_apart_again(data: st.DataObject) -> None:
    world = _five()
    apart = portrait(world)
    pairs = data.draw(st.lists(st.sampled_from(list(permutations(FIVE, 2))), max_size=7))
    orders = [Order((IDS[a], IDS[b]), "merge", IDS[a], "admin") for a, b in pairs]
    done = [merge.merge(world.ports, order)[1]["id"] for order in orders]
    for name in data.draw(st.permutations(done)):
        unmerge.undo(world.ports, name, "admin")
        fsck(world)
    assert portrait(world) == apart


def test_a_list_that_only_comes_in_another_order_is_another_version() -> None:
    """What an overwriting edge inside one contact lifts comes first, until it is undone."""
    world = World()
    for source, at in (("crm", 1), ("shop", 2)):
        world.source(source)
        world.clock.tick(seconds=1)
        world.tell(source, "1", at, tags=[source])
    ids = (born("shop", "1"), born("crm", "1"))
    merge.merge(world.ports, Order(ids, "merge", "", "admin"))
    before, listed = portrait(world), portrait(world, edges=False)
    _, lifted = merge.merge(world.ports, Order(ids, "overwrite", ids[0], "admin"))
    fsck(world)
    assert portrait(world, edges=False) != listed
    unmerge.undo(world.ports, lifted["id"], "admin")
    fsck(world)
    assert portrait(world) == before
