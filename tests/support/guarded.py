"""What must always hold of guards: the tally is what its deliveries say; who is held says why."""

from collections.abc import Iterator

from .state import State

Faults = Iterator[str]


def tally_faults(state: State) -> Faults:
    """A target has, by its tally, as many contacts as are marked so."""
    for name, tally in state.tallies.items():
        enrolled = sum(d.enrolled for (target, _), d in state.deliveries.items() if target == name)
        if tally.has != enrolled:
            yield f"target {name}: its tally has {tally.has} contacts, {enrolled} are marked"


def held_faults(state: State) -> Faults:
    """A target says why it is held, and only then."""
    for target in state.targets.values():
        if (target.state == "held") != (target.stopped is not None):
            yield f"target {target.id}: {target.state}, stopped {target.stopped}"


GUARDED = (tally_faults, held_faults)
