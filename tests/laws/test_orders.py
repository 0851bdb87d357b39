"""Law 2, merges: in whatever order and bracketing five contacts are merged, one result."""

from collections.abc import Iterator
from itertools import permutations
from typing import Any

from chalicelib.flow.merging import merge
from chalicelib.flow.merging.merge import Order
from tests.laws.portraits import portrait
from tests.support.checks import fsck
from tests.support.scenes import born
from tests.support.witness import forked, watched
from tests.support.world import World

Tree = str | tuple["Tree", "Tree"]
SHOWN: dict[str, dict[str, Any]] = {
    "1": {"given_name": "Adam", "job_title": "kowal", "tags": ["vip"]},
    "2": {"given_name": "Bogna", "family_name": "Lis", "emails": ["b@lis.pl"]},
    "3": {"stage": "lead", "emails": ["c@lis.pl"], "notes": ["dzwoni"]},
    "4": {"given_name": "Dorota", "job_title": "rybak", "phones": ["+48600100200"]},
    "5": {"tags": ["kawa"], "emails": ["b@lis.pl"], "roles": ["customer"]},
}


def trees(names: tuple[str, ...]) -> Iterator[Tree]:
    """All bracketings of these names in this order (five names: 14, the fourth Catalan number)."""
    if len(names) == 1:
        yield names[0]
    for cut in range(1, len(names)):
        for left in trees(names[:cut]):
            for right in trees(names[cut:]):
                yield left, right


def merged(world: World, tree: Tree) -> str:
    """Merge as the tree says; a record of what came of it."""
    if isinstance(tree, str):
        return born("crm", tree)
    left, right = merged(world, tree[0]), merged(world, tree[1])
    merge.merge(world.ports, Order((left, right), "merge", "", "key:steward"))
    return right


def test_all_orders_and_bracketings_of_five_give_one_contact() -> None:
    five = watched()
    five.source("crm", automatic_merge=False)
    for at, (name, fields) in enumerate(SHOWN.items()):
        five.clock.tick(seconds=1)
        five.tell("crm", name, at, **fields)
    five.work()
    results, runs = set(), 0
    for names in permutations(SHOWN):
        for tree in trees(names):
            world = forked(five)
            merged(world, tree)
            results.add(portrait(world, edges=False))
            runs += 1
    fsck(world)
    assert (runs, len(results)) == (1_680, 1)
