"""Law 8 for systems of several kinds: they agree in the end, by no more writes than it takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws.mixing import PEOPLE, Mixed, Step
from tests.laws.sizes import sized

ALL = ("hubspot", "pipedrive", "salesforce", "google", "hubspot")
MIXES = [
    ("hubspot", "pipedrive"),
    ("salesforce", "google"),
    ("pipedrive", "google"),
    ("hubspot", "salesforce", "pipedrive"),
    ("google", "hubspot", "salesforce"),
]
steps = st.lists(
    st.builds(
        Step,
        kind=st.sampled_from(
            [*["edit"] * 4, "clear", "tell", "fail", "lose", "down", "turn", "turn", "hear", "work"]
        ),
        system=st.integers(0, 2),
        person=st.integers(0, 1),
        field=st.sampled_from(["phones", "job_title"]),
        value=st.integers(0, 1),
    ),
    min_size=1,
    max_size=14,
)


def known(kinds: tuple[str, ...]) -> Mixed:
    """Everybody is known everywhere."""
    mixed = Mixed(kinds)
    for person, _ in enumerate(PEOPLE):
        mixed.tell(person, "szef")
    mixed.quiet()
    return mixed


@sized(30, 1_000)
@given(kinds=st.sampled_from(MIXES), steps=steps)
def test_systems_of_several_kinds_agree_in_the_end(
    kinds: tuple[str, ...], steps: list[Step]
) -> None:
    """A change is a write to each system at most, and a fault one more attempt."""
    mixed = known(kinds)
    before, mixed.changes = mixed.writes(), 0
    for step in steps:
        mixed.play(step)
    mixed.quiet()
    assert mixed.disagreements() == []
    assert [rig.standin.broken for rig in mixed.rigs.values()] == [[]] * len(kinds)
    assert mixed.writes() - before <= len(kinds) * mixed.changes + mixed.faults


@pytest.mark.parametrize("field", ["phones", "job_title"])
@pytest.mark.parametrize("where", range(5))
@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_a_change_in_a_ring_is_a_write_to_each_at_most_and_then_there_is_silence(
    count: int, where: int, field: str
) -> None:
    mixed = known(ALL[:count])
    before, mixed.changes = mixed.writes(), 0
    mixed.edit(f"s{where % count}", 0, field, 1)
    mixed.turn()
    mixed.quiet()
    assert mixed.disagreements() == []
    assert mixed.writes() - before <= count * mixed.changes
    stirred = mixed.stirred()
    for _ in range(5):
        mixed.world.clock.tick(minutes=10)
        mixed.turn()
    assert mixed.stirred() == stirred
