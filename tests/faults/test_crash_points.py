"""Every call of every handler meets every single fault; then the world gets over it.

A handler's calls are recorded in each of its branches. Each call in turn is struck: the
process dies before or after it, its answer is lost, it is throttled. Then, in one life, the
sender repeats itself and all kicks arrive; in the other every kick is lost, the sweeps do
it all, and the sender's repetition comes last. Both must end as if nothing had happened.
"""

from collections.abc import Callable

import pytest

from tests.faults.branches import SCENES
from tests.faults.endings import differences, ending, masked
from tests.faults.recovering import (
    attempted,
    by_sweeps_alone,
    promptly,
    seen_by,
)
from tests.support.checks import settled
from tests.support.faults import Fault, Plan, Tape, single_faults
from tests.support.scenes import Act, Scene
from tests.support.witness import forked, watched
from tests.support.world import World

Life = Callable[[World, Act], object]


def repeated_at_once(world: World, act: Act) -> object:
    """The sender repeats itself, or the message comes again; kicks arrive, sweeps go round."""
    answer = act(seen_by(world, Tape(), "again"))
    promptly(world)
    return answer


def repeated_at_last(world: World, act: Act) -> object:
    """No kick arrives; what the sender left undone is repeated when all else is at rest."""
    by_sweeps_alone(world)
    answer = act(seen_by(world, Tape(), "again"))
    by_sweeps_alone(world)
    return answer


def lived(scene: Scene, prepared: World, plan: Plan, life: Life) -> tuple[World, str, int]:
    """The world after a fault and its recovery, the last answer, and how many calls were made."""
    world, act, tape = forked(prepared), scene.action(prepared), Tape(plan)
    answered, first = attempted(act, seen_by(world, tape))
    last = life(world, act)
    if answered:
        assert last == first, "a repetition is answered otherwise"
    settled(world, scene.exact)
    return world, masked(last), len(tape.calls)


@pytest.mark.parametrize("name", SCENES)
def test_a_single_fault_changes_nothing(
    name: str, record_property: Callable[[str, object], None]
) -> None:
    scene = SCENES[name]
    prepared = scene.stage(watched())
    runs = 0
    for life in (repeated_at_once, repeated_at_last):
        faultless, answer, calls = lived(scene, prepared, {}, life)
        expected, tape = ending(faultless, scene.loose), Tape()
        attempted(scene.action(prepared), seen_by(forked(prepared), tape))
        assert calls == len(tape.calls) > 0
        for plan in single_faults(tape):
            try:
                world, again, _ = lived(scene, prepared, plan, life)
                assert again == answer
                assert not differences(expected, ending(world, scene.loose))
            except BaseException as error:
                ((number, fault),) = plan.items()
                error.add_note(
                    f"{life.__name__}: {fault.value}, call {number}: {tape.calls[number]}"
                )
                raise
            runs += 1
    assert runs == 2 * len(Fault) * calls
    record_property("faults", runs)
