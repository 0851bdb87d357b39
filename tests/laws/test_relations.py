"""Relations follow both ends through every merge and undo: they belong to records, not contacts.

Two properties over random histories: an undone merge leaves no trace in what is listed (the
deletion oracle), and at each rest every listing is what can be read off all records at once.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.domain.errors import ConflictError
from chalicelib.domain.ids import record_id
from chalicelib.flow.merging import merge, unmerge
from chalicelib.flow.merging.merge import Order
from chalicelib.flow.relating import relations
from tests.laws.sizes import sized
from tests.support.checks import fsck, settled
from tests.support.scenes import born
from tests.support.state import State, read
from tests.support.world import FixedKeys, World, record
from tests.unit.relating import pages

RECORDS = tuple((source, name) for source in ("crm", "shop") for name in ("a", "b", "c"))
UNKNOWN = ("erp", "nobody")
Seen = Counter[tuple[str, ...]]


@dataclass(frozen=True)
class Step:
    """A record is told or patched, two contacts are joined, a merge is undone, or all rest."""

    kind: Literal["tell", "delete", "merge", "undo", "work"]
    who: tuple[tuple[str, str], ...] = ()
    related: tuple[tuple[str, tuple[str, str]], ...] = ()
    mode: Literal["merge", "overwrite", "skip"] = "merge"
    name: str = ""


one = st.sampled_from(RECORDS)
pair = st.lists(one, min_size=2, max_size=2, unique=True).map(tuple)
related = st.lists(
    st.tuples(st.sampled_from(["works_for", "child_of"]), st.sampled_from([*RECORDS, UNKNOWN])),
    max_size=3,
).map(tuple)
steps = st.one_of(
    st.builds(Step, kind=st.just("tell"), who=st.tuples(one), related=related),
    st.builds(Step, kind=st.just("tell"), who=st.tuples(one), related=related),
    st.builds(Step, kind=st.just("delete"), who=st.tuples(one)),
    st.builds(
        Step,
        kind=st.just("merge"),
        who=pair,
        mode=st.sampled_from(["merge", "merge", "overwrite", "skip"]),
        name=st.sampled_from("kl"),
    ),
    st.builds(Step, kind=st.just("undo"), name=st.sampled_from("kl")),
    st.just(Step("work")),
)
histories = st.lists(steps, max_size=8)


@sized(100, 3_000)
@given(before=histories, ends=pair, between=histories)
def test_a_merge_and_its_undo_leave_no_trace_in_any_listing(
    before: list[Step], ends: Any, between: list[Step]
) -> None:
    # The same order twice is one merge, and its undo undoes it.
    assume(set(ends) not in [set(s.who) for s in before if s.kind == "merge"])
    told = [s for s in between if s.kind in ("tell", "work")]
    marked = Step("merge", ends, name="m", mode="overwrite")
    real = lived([*before, marked, *told, Step("undo", name="m")])
    assert listed(real) == listed(lived([*before, Step("work"), *told, Step("work")]))


@sized(100, 3_000)
@given(history=histories)
def test_at_rest_each_listing_is_what_all_records_say_together(history: list[Step]) -> None:
    world = lived(history)
    state = read(world.items.snapshot())
    for contact, seen in listed(world).items():
        assert seen == expected(state, contact)


def lived(history: list[Step]) -> World:
    world = World()
    for source in ("crm", "shop"):
        world.source(source, automatic_merge=False)
    merges: dict[str, str] = {}
    for source, name in RECORDS:
        world.clock.tick(seconds=1)
        world.tell(source, name, full_name=f"{source} {name}")
    for at, step in enumerate(history, start=1):
        world.clock.tick(seconds=1)
        _play(world, step, at, merges)
        fsck(world)
    world.work()
    settled(world)
    return world


def _play(world: World, step: Step, at: int, merges: dict[str, str]) -> None:
    match step.kind:
        case "work":
            world.drain("match", "fan-out")
        case "undo":
            if step.name in merges:
                unmerge.undo(world.ports, merges[step.name], "admin")
        case "merge":
            _merge(world, step, merges)
        case _:
            ((source, name),) = step.who
            named = [{"kind": k, "source": s, "external_id": e} for k, (s, e) in step.related]
            fields = {"full_name": f"{source} {name}", "relations": named}
            gone = step.kind == "delete"
            told = record(name, at) if gone else record(name, at, **fields)
            world.call(source, [told], "contact.deleted" if gone else "contact.upserted")


def _merge(world: World, step: Step, merges: dict[str, str]) -> None:
    ids = tuple(born(*who) for who in step.who)
    order = Order(ids, step.mode, ids[0] if step.mode != "merge" else "", "admin")
    try:
        merges[step.name] = merge.merge(world.ports, order)[1]["id"]
    except ConflictError:
        return  # they are one contact already


def listed(world: World) -> dict[str, Seen]:
    """By contact what its list of relations says, whatever the order."""
    contacts = {h.id for h in read(world.items.snapshot()).heads.values() if not h.absorbed}
    found = {
        who: Counter(map(_said, pages(world, relations.relations, "/".join(who), 2)))
        for who in RECORDS
        if born(*who) in contacts
    }
    return {born(*who): seen for who, seen in found.items()}


def _said(shown: dict[str, Any]) -> tuple[str, ...]:
    other = shown["contact"]["id"] if shown["contact"] else ""
    to = shown["record"]
    return (
        shown["direction"],
        shown["kind"],
        f"{to['source']}/{to['external_id']}",
        shown["state"],
        other,
    )


def expected(state: State, contact: str) -> Seen:
    """The same, from the golden values of all contacts and the members of their heads."""
    where = {m: h for h in state.heads.values() if not h.absorbed for m in h.members}
    seen: Seen = Counter()
    for head in {h.id: h for h in where.values()}.values():
        for told in state.latest(head.id).values.get("relations", ()):
            end = where.get(record_id(FixedKeys.ids, told["source"], told["external_id"]))
            to = (told["kind"], f"{told['source']}/{told['external_id']}")
            itself = end is not None and end.id == head.id
            if head.id == contact:
                status = "self" if itself else end.status if end else "unknown"
                seen["outgoing", *to, status, end.id if end and not itself else ""] += 1
            if end and end.id == contact and not itself and head.status == "active":
                seen["incoming", *to, "active", head.id] += 1
    return seen
