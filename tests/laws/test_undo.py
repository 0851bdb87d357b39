"""Law 2, the deletion oracle: a merge that was undone leaves no trace in what contacts are.

The state after a history with a merge and its undo is the state after the same history
without both, later edits and other merges included; so is what the targets have in the end.
"""

from typing import Any

from hypothesis import assume, example, given
from hypothesis import strategies as st

from chalicelib.domain.errors import ConflictError
from chalicelib.flow.merging import merge, unmerge
from chalicelib.flow.merging.merge import Order
from chalicelib.flow.reviewing import desk, review
from tests.laws.oracle import Step, apart, book, facts, lived, others, pair
from tests.laws.portraits import portrait
from tests.laws.sizes import sized
from tests.support import state
from tests.support.checks import settled
from tests.support.rest import holdings
from tests.support.scenes import born, judged
from tests.support.witness import watched
from tests.support.world import World, record

marked = st.builds(
    Step,
    kind=st.just("merge"),
    who=pair,
    name=st.just("m"),
    mode=st.sampled_from(["merge", "overwrite", "skip"]),
    prefer=st.just(True),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Step]:
    """Anything, in the midst of it a merge `m`, and later its undo."""
    before, after = (draw(st.lists(apart, max_size=4)) for _ in range(2))
    between = draw(st.lists(others, max_size=4))
    merge_ = draw(marked)
    # The same order twice is one merge, and its undo undoes it.
    pairs = [set(s.who) for s in (*before, *between, *after) if s.kind == "merge"]
    assume(merge_.mode != "merge" or set(merge_.who) not in pairs)
    return [*before, merge_, *between, Step("undo", name="m"), *after]


BY_3, AGAIN = Step("edit", (3,), fields=(("job_title", "pani"),)), Step("undo", name="k")
RELEASE = Step("release", (0,), fields=(("job_title", None),))
M, UNDONE = Step("merge", (0, 3), name="m", mode="skip", prefer=True), Step("undo", name="m")


@sized(300, 10_000)
@given(steps=histories())
@example([BY_3, M, Step("merge", (1, 3), name="k"), UNDONE, BY_3, AGAIN])
@example([BY_3, M, RELEASE, UNDONE, Step("merge", (1, 3), name="k")])
@example([BY_3, Step("merge", (0, 3), name="m"), RELEASE, UNDONE])
@example([Step("retire", (3,)), Step("work"), M, UNDONE, Step("merge", (1, 3), name="k"), BY_3])
def test_a_merge_that_was_undone_might_as_well_never_have_been(steps: list[Step]) -> None:
    real = lived(steps)
    ideal = lived([Step("work") if s.name == "m" else s for s in steps])
    assert portrait(real) == portrait(ideal)
    for target in ("clients", "all"):
        assert book(real, target) == book(ideal, target)


# The machine's own merges: undoing one is a person's word that the two are different.

TWINS: dict[str, Any] = {"given_name": "Jan", "family_name": "Wrona", "emails": ["jan@wrona.pl"]}
later = st.lists(
    st.tuples(st.sampled_from(["1", "2"]), st.integers(1, 5), facts),
    max_size=4,
)


@sized(60, 5000)
@given(before=later, after=later, joined=st.booleans())
def test_undoing_the_machine_is_as_answering_different_when_it_had_asked(
    before: list[Any], after: list[Any], joined: bool
) -> None:
    undone, answered = (_twins(a, before, after, joined) for a in (True, False))
    assert portrait(undone) == portrait(answered)
    assert book(undone, "all") == book(answered, "all")


def _twins(automatic: bool, before: list[Any], after: list[Any], joined: bool) -> World:
    world = watched()
    world.source("crm", automatic_merge=automatic)
    world.target("all", fields=["full_name", "job_title", "tags"])
    for name in ("1", "2"):
        world.clock.tick(seconds=1)
        world.tell("crm", name, **TWINS)
    world.tell("crm", "3", given_name="Zofia")
    world.work()
    if joined:
        merge.merge(world.ports, Order((born("crm", "1"), born("crm", "3")), "merge", "", "admin"))
    _tell(world, before)
    _decide(world, automatic)
    _tell(world, after)
    world.work()
    settled(world)
    return world


def _tell(world: World, edits: list[Any]) -> None:
    for name, at, fields in edits:
        world.call("crm", [record(name, at, **dict(fields))], "contact.patched")
        world.work()


def _decide(world: World, automatic: bool) -> None:
    if automatic:
        unmerge.undo(
            world.ports, judged(state.read(world.items.snapshot()), "same", "model"), "admin"
        )
    else:
        (question,) = desk.reviews(world.ports, None, 10)["items"]
        review.answer(world.ports, question["id"], review.Answer("different", "admin"))


def test_who_was_judged_different_is_never_joined_again_by_the_machine() -> None:
    world = _twins(True, [], [], joined=False)
    for at in range(10, 13):
        world.tell("crm", "1", at, **TWINS, tags=[str(at)])
        world.tell("crm", "2", at, **TWINS, notes=[str(at)])
        world.work()
    assert len({born("crm", "1"), born("crm", "2")} & set(holdings(world, "all"))) == 2
    order = Order((born("crm", "1"), born("crm", "2")), "merge", "", "admin")
    try:
        merge.merge(world.ports, order)
    except ConflictError as against:
        assert against.kind == "judged_different"
    else:
        raise AssertionError("joined against a person's word")
