"""What must hold of the conflicts with partners: always, and once nothing is on its way."""

from collections import Counter
from collections.abc import Iterator

from chalicelib.domain.conflicts import FieldConflict
from chalicelib.domain.echoes import prints_of
from chalicelib.domain.routing import projection

from .state import State

Faults = Iterator[str]


def _named(state: State) -> Faults:
    """What waits for an answer is what a delivery leaves as it is, and is asked once."""
    waiting = {(c.target, c.contact, c.field): c.name for c in _open(state)}
    held = {
        (row.target, row.contact, field): name
        for row in state.deliveries.values()
        for field, name in row.asked.items()
    }
    if waiting != held:
        yield f"conflicts: {waiting} are open, {held} are waited for"
    asked = Counter((c.target, c.contact, c.field) for c in _open(state))
    yield from (f"conflict {place}: asked {n} times" for place, n in asked.items() if n > 1)


def _listed(state: State) -> Faults:
    """The inbox shows what is open, and what was answered."""
    shown = {key.sk: lane for key, (lane, _) in state.lanes.items() if key.pk.endswith("#asked")}
    for (target, place), conflict in state.conflicts.items():
        wanted = conflict.state in ("open", "answered")
        if shown.get(place) != (f"{target}#{conflict.state}" if wanted else None):
            yield f"conflict {conflict.id}: is {conflict.state}, and listed as {shown.get(place)}"


def _open(state: State) -> list[FieldConflict]:
    return [c for c in state.conflicts.values() if c.state == "open"]


def agreeing(state: State) -> Faults:
    """At rest nothing is asked on which both sides agree, and it says what the target has."""
    for conflict in _open(state):
        row = state.deliveries[conflict.target, conflict.contact]
        said = prints_of({conflict.field: conflict.theirs}).get(conflict.field, "")
        if said != row.has.get(conflict.field, ""):
            yield f"conflict {conflict.id}: does not show what the target has"
        if conflict.why == "both_changed" and said == _ours(state, conflict):
            yield f"conflict {conflict.id}: both sides agree"


def _ours(state: State, conflict: FieldConflict) -> str:
    home = state.heads[conflict.contact].into or conflict.contact
    shown = projection(state.targets[conflict.target], state.latest(home))
    return prints_of(shown).get(conflict.field, "")


CONFLICTING = (_named, _listed)
