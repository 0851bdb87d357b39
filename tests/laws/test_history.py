"""What was read stays readable: each contact, and each search, as of any moment of a life.

Somebody looks at all contacts now and then; when the life is over, each look is repeated as
of its moment, by every id that stood then and by searches.
"""

from copy import deepcopy
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from chalicelib.domain import times
from chalicelib.domain.filters import compile_filter
from chalicelib.flow import history, read
from chalicelib.flow.search import Wanted, search
from tests.laws.life import Life
from tests.laws.sizes import sized

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
        view = read.contact_at(self.world.ports, id_, at)
        del view["recorded_at"], view["cause"]
        return view

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


TestHistory = Remembered.TestCase
TestHistory.settings = sized(30, 2000)
