"""What was read stays readable: each contact, and each search, as of any moment of a life.

Somebody looks at all contacts now and then; when the life is over, each look is repeated as
of its moment, by every id that stood then and by searches.
"""

from copy import deepcopy
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import rule

from chalicelib.domain import times
from chalicelib.domain.filters import compile_filter
from chalicelib.flow.merging import merge, unmerge
from chalicelib.flow.merging.merge import Order
from chalicelib.flow.reading import history, read
from chalicelib.flow.reading.search import Wanted, search
from tests.laws.life import Life, some
from tests.laws.sizes import sized
from tests.support.world import World

View = dict[str, Any]
QUERIES = (
    "",
    "role:customer",
    "role:customer OR role:supplier",
    "tag:vip OR name:wrona OR stage:lead",
    "name:ja",
    "email:jan@wrona.pl OR phone:+48600700801",
    "source:crm -tag:kawa",
    "record:shop/2 OR record:crm/1",
)


class Remembered(Life):
    """A life in which somebody looks, and knows in the end what was seen when."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: dict[str, dict[str, View]] = {}
        self.limit = 1

    @rule(limit=st.sampled_from([1, 2, 7, 100]))
    def look(self, limit: int) -> None:
        self.world.clock.tick(seconds=1)
        at = times.text(self.world.clock())
        self.seen[at] = {id_: self._now(id_) for id_ in self.born}
        self.limit = limit
        self.world.clock.tick(seconds=1)

    def _now(self, id_: str) -> View:
        view, _ = read.contact(self.world.ports, id_)
        del view["provenance"]
        return deepcopy(view)

    def teardown(self) -> None:
        super().teardown()
        for at, seen in self.seen.items():
            assert {id_: self._then(id_, at) for id_ in seen} == seen
            for q in QUERIES:
                self._searched(q, at, {view["id"]: view for view in seen.values()})
        for id_ in self.born:
            assert history.verify(self.world.ports, id_, None)["intact"]

    def _then(self, id_: str, at: str) -> View:
        return _shown(read.contact_at(self.world.ports, id_, at))

    def _searched(self, q: str, at: str, stood: dict[str, View]) -> None:
        wanted, cursor, found = Wanted(q, at, self.limit, "law"), None, list[View]()
        while True:
            page = search(self.world.ports, wanted, cursor)
            found, cursor = [*found, *page["items"]], page["next"]
            if not cursor:
                break
        compiled = compile_filter(q)
        expected = [v for v in stood.values() if v["status"] == "active" and compiled.matches(v)]
        assert sorted(found, key=_id) == sorted(expected, key=_id)


def _id(view: View) -> str:
    return str(view["id"])


@sized(60, 5000)
@given(st.lists(st.tuples(st.booleans(), some, some), min_size=4, max_size=14))
def test_every_id_leads_where_it_led(acts: list[tuple[bool, int, int]]) -> None:
    """Merges and undos alone: who is taken along by an older one is found with it."""
    world, merges, seen = World(), list[str](), list[tuple[str, dict[str, View]]]()
    world.source("crm")
    ids = [str(world.tell("crm", name, given_name=name)["contact_id"]) for name in "12345"]
    for undo, one, other in acts:
        world.clock.tick(seconds=1)
        if undo and merges:
            unmerge.undo(world.ports, merges[one % len(merges)], "admin")
        elif one % 5 != other % 5:
            order = Order((ids[one % 5], ids[other % 5]), "merge", "", "admin")
            merges.append(merge.merge(world.ports, order)[1]["id"])
        at = times.text(world.clock() + timedelta(milliseconds=1))
        seen.append((at, {id_: read.contact(world.ports, id_)[0] for id_ in ids}))
    for at, led in seen:
        for id_, view in led.items():
            assert view.items() >= _shown(read.contact_at(world.ports, id_, at)).items()


def _shown(then: View) -> View:
    return {n: v for n, v in then.items() if n not in ("recorded_at", "cause")}


TestHistory = Remembered.TestCase
TestHistory.settings = sized(30, 2000)
