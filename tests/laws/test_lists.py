"""Lists out, through random lives: what a system has of a list is what was pushed and consents."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.consents import standing
from chalicelib.domain.errors import ConflictError, InvalidError
from chalicelib.domain.graph import Head
from chalicelib.domain.views import contact_view
from chalicelib.flow.listing import show
from chalicelib.flow.merging import merge, unmerge
from chalicelib.flow.merging.merge import Order as Merge
from tests.laws.sizes import sized
from tests.support.checks import settled
from tests.support.mailing import (
    BY,
    GRANTED,
    WITHDRAWN,
    entries,
    mailing,
    on_list,
    person,
    pushed,
    tagged,
    unbroken,
    waited,
)
from tests.support.scenes import born
from tests.support.state import State, read
from tests.support.world import World

COUNT = 4
LAST = COUNT - 1  # who shares the address of the first
REACHED: dict[str, Any] = {"mc": tagged, "sg": on_list}
Json = dict[str, Any]
SOME = ("p1@example.org", "p2@example.org")
FILTERS: dict[str, Callable[[Json], bool]] = {
    "*": lambda _: True,
    "role:customer": lambda view: "customer" in view["roles"],
    f"email:{SOME[0]} OR email:{SOME[1]}": lambda view: any(
        e["address"] in SOME for e in view["emails"]
    ),
}
who = st.integers(0, COUNT - 1)
steps = st.lists(
    st.one_of(
        st.tuples(
            st.just("push"), st.sampled_from(["mc", "sg"]), st.sampled_from([*FILTERS, None])
        ),
        st.tuples(st.just("merge"), who, who),
        st.tuples(st.just("undo"), who, who),
        st.tuples(st.just("say"), who, st.sampled_from(["yes", "no", "other", "moves", "nothing"])),
        st.tuples(st.just("work"), who, who),
    ),
    min_size=3,
    max_size=10,
)
SAYS: dict[str, dict[str, Any]] = {
    "yes": {},
    "no": {"consents": [GRANTED, WITHDRAWN]},
    "other": {"roles": ["supplier"], "job_title": "szewc"},
    "moves": {},
    "nothing": {"consents": []},
}


class Life:
    """What happened to a handful of people at two mailing systems."""

    def __init__(self) -> None:
        self.world, self.at = mailing(filter="-role:supplier"), 0
        self.merges: list[str] = []
        self.on: dict[str, set[str]] = {"mc": set(), "sg": set()}
        self.emails = [[f"p{n % LAST}@example.org"] for n in range(COUNT)]
        self.world.call("crm", [person(n, emails=e) for n, e in enumerate(self.emails)])
        waited(self.world)

    def act(self, step: tuple[Any, ...]) -> None:
        self.at += 1
        getattr(self, step[0])(*step[1:])

    def push(self, target: str, text: str | None) -> None:
        if text is None and not registered(self.world, target):
            return
        result = pushed(self.world, target, "spring", text)
        state = read(self.world.items.snapshot())
        fit = [h for h in state.heads.values() if text and _fits(state, h, FILTERS[text])]
        by_address: dict[str, list[Head]] = {}
        for head in fit:
            by_address.setdefault(_address(state, head), []).append(head)
        listed = {c for c, holds in self._entries(target).items() if holds == ("listed", None)}
        chosen = [[h for h in heads if h.id in listed] for heads in by_address.values()]
        assert [len(heads) for heads in chosen] == [1] * len(chosen) and result["listed"] == len(
            chosen
        )
        stays = {h.id: self.on[target].intersection(h.members) for heads in chosen for h in heads}
        self.on[target] = {*stays, *(member for members in stays.values() for member in members)}

    def _entries(self, target: str) -> dict[str, Any]:
        return entries(self.world, target, "spring")

    def merge(self, one: int, other: int) -> None:
        pair = tuple(born("crm", str(n)) for n in (one, other))
        with suppress(ConflictError, InvalidError):  # they are one, or were judged different
            self.merges.append(merge.merge(self.world.ports, Merge(pair, "merge", "", BY))[1]["id"])

    def undo(self, which: int, _: int) -> None:
        if self.merges:
            unmerge.undo(self.world.ports, self.merges.pop(which % len(self.merges)), BY)

    def say(self, n: int, what: str) -> None:
        """Nobody moves to an address that another one has at the systems: they would refuse."""
        if what == "moves":
            self.emails[n] = [f"moved{n}@example.org"]
        told = {"emails": self.emails[n]} | SAYS[what]
        self.world.call("crm", [person(n, self.at, **told)])

    def work(self, _one: int, _other: int) -> None:
        self.world.drain("match", "fan-out")


def registered(world: World, target: str) -> bool:
    """Whether the list was ever pushed."""
    return bool(show.lists(world.ports, target, None, 1)["items"])


def _fits(state: State, head: Head, meant: Callable[[Json], bool]) -> bool:
    """Whether a contact is meant, consents, and is the target's at all."""
    view = contact_view(state.latest(head.id))
    consents = standing(view["consents"], "newsletter", "email") == "granted"
    return head.status == "active" and consents and "supplier" not in view["roles"] and meant(view)


def _address(state: State, head: Head) -> str:
    return str(contact_view(state.latest(head.id))["emails"][0]["address"])


def expected(state: State, on: set[str]) -> set[str]:
    """The addresses of who was put on the list, by any record, and fits by now."""
    there = [h for h in state.heads.values() if on.intersection(h.members)]
    return {_address(state, h) for h in there if _fits(state, h, FILTERS["*"])}


@sized(25, 1000)
@given(history=steps)
def test_a_system_has_of_a_list_who_was_pushed_and_consents(history: list[tuple[Any, ...]]) -> None:
    life = Life()
    for step in history:
        life.act(step)
    for _ in range(3):
        waited(life.world)
    state = read(life.world.items.snapshot())
    for target, reached in REACHED.items():
        assert reached(life.world, "spring") == expected(state, life.on[target]), target
    unbroken(life.world)
    settled(life.world)
