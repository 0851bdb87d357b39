"""Law 2 for splits: one that was undone, or a move, might as well never have been.

The deletion oracle of `test_undo.py`, with a split in the place of the merge.
"""

from hypothesis import example, given
from hypothesis import strategies as st

from tests.laws.oracle import Step, apart, book, lived, others, pair, person
from tests.laws.portraits import portrait
from tests.laws.sizes import sized

merges = st.builds(
    Step,
    kind=st.just("merge"),
    who=pair,
    name=st.sampled_from("kl"),
    mode=st.sampled_from(["merge", "overwrite", "skip"]),
    prefer=st.just(True),
)
marked = st.builds(
    Step, kind=st.just("split"), who=person.map(lambda n: (n,)) | pair, name=st.just("s")
)
UNDONE = Step("unsplit", name="s")


@st.composite
def histories(draw: st.DrawFn) -> list[Step]:
    """Merges and anything else, in the midst of it a split `s`, and later its undo."""
    joined = draw(st.lists(merges, min_size=1, max_size=3))
    before, after = (draw(st.lists(apart, max_size=3)) for _ in range(2))
    between = draw(st.lists(others, max_size=4))
    return [*joined, *before, draw(marked), *between, UNDONE, *after]


K, L = (Step("merge", who, name=name) for who, name in (((0, 1), "k"), ((1, 2), "l")))


@sized(300, 10_000)
@given(steps=histories())
@example([K, L, Step("split", (1,), name="s"), UNDONE])
@example(
    [K, Step("split", (1, 2), name="s"), Step("undo", name="k"), UNDONE, Step("undo", name="k")]
)
def test_a_split_that_was_undone_might_as_well_never_have_been(steps: list[Step]) -> None:
    real = lived(steps)
    ideal = lived([Step("work") if s.name == "s" else s for s in steps])
    assert portrait(real) == portrait(ideal)
    for target in ("clients", "all"):
        assert book(real, target) == book(ideal, target)
