"""Every call of every handler meets every single fault; then the world gets over it.

A handler's calls are recorded in each of its branches. Each call in turn is struck: the
process dies before or after it, its answer is lost, it is throttled. Then, in one life, the
sender repeats itself and all kicks arrive; in the other every kick is lost, the sweeps do
it all, and the sender's repetition comes last. Both must end as if nothing had happened.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from tests.faults.branches import SCENES
from tests.faults.endings import differences, ending, masked
from tests.faults.recovering import (
    attempted,
    by_sweeps_alone,
    promptly,
    seen_by,
)
from tests.support.calls import Call
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


@dataclass
class Struck:
    """A world after its action met a fault, and the answer, if one came."""

    world: World
    tape: Tape
    answered: bool
    answer: object

    def trace(self) -> str:
        """All that what follows depends on."""
        world = self.world
        rest = (world.queues.waiting, len(world.sender.sent), self.answered, self.answer)
        return repr((world.items.snapshot(), rest))


def struck(prepared: World, act: Act, plan: Plan) -> Struck:
    world, tape = forked(prepared), Tape(plan)
    return Struck(world, tape, *attempted(act, seen_by(world, tape)))


def ended(scene: Scene, act: Act, life: Life, after: Struck) -> tuple[str, dict[str, object]]:
    """The last answer and the ending, once the world got over it."""
    last = life(after.world, act)
    if after.answered:
        assert last == after.answer, "a repetition is answered otherwise"
    settled(after.world, scene.exact)
    return masked(last), ending(after.world, scene.loose)


@pytest.mark.parametrize("name", SCENES)
def test_a_single_fault_changes_nothing(
    name: str, record_property: Callable[[str, object], None]
) -> None:
    scene = SCENES[name]
    prepared = scene.stage(watched())
    act = scene.action(prepared)
    faultless = struck(prepared, act, {})
    calls = faultless.tape.calls
    runs = 0
    for life in (repeated_at_once, repeated_at_last):
        answer, expected = ended(scene, act, life, struck(prepared, act, {}))
        gone_over = set()
        for plan in single_faults(faultless.tape):
            after = struck(prepared, act, plan)
            runs += 1
            if (trace := after.trace()) in gone_over:
                continue  # what follows is the same as before
            gone_over.add(trace)
            try:
                again, end = ended(scene, act, life, after)
                assert again == answer
                assert not differences(expected, end)
            except BaseException as error:
                error.add_note(f"{life.__name__}: {_words(plan, calls)}")
                raise
    assert runs == 2 * len(Fault) * len(calls) > 0
    record_property("faults", runs)


def _words(plan: Plan, calls: Sequence[Call]) -> str:
    return "; ".join(f"{fault.value}, call {n}: {calls[n]}" for n, fault in plan.items())
