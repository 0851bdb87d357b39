"""What must always hold of interactions: each stands where it is known to, once, and counts."""

from collections.abc import Iterator

from chalicelib.domain.hearing import whereabouts_of
from chalicelib.domain.interactions import ORDER, ORDERS, REST
from chalicelib.domain.purchases import ORDERS_CAP, folded

from .state import State


def _word_faults(state: State) -> Iterator[str]:
    """Where an interaction stands, and as what, is what its newest word that stands says."""
    for name, known in state.whereabouts.items():
        standing = [w for w in state.heard.get(name, []) if not w.retracted_by]
        newest = max(standing, key=lambda w: w.stamp, default=None)
        if known != whereabouts_of(name, newest, known.rev):
            yield f"interaction {name}: stands at {known}, and its newest word is {newest}"
        row = state.interactions.get((known.record, known.place))
        if newest and row and newest.told != row:
            yield f"interaction {name}: its row is not what its newest word says"


def timeline_faults(state: State) -> Iterator[str]:
    """Rows and whereabouts are of one mind; what a record bought is the fold of its rows."""
    yield from _word_faults(state)
    known = {(w.record, w.place): name for name, w in state.whereabouts.items() if w.place}
    if sorted(known) != sorted(state.interactions):
        yield f"interactions: known at {sorted(known)}, but at {sorted(state.interactions)}"
    for (record, place), told in state.interactions.items():
        lane = ORDERS if told.kind == ORDER else REST
        name = known.get((record, place), "")
        if place != f"{lane}{told.occurred_at}#{told.source}#{name}" or told.record != record:
            yield f"interaction {name}: stands at {place} of {record}"
        if record not in state.records:
            yield f"interaction {name}: its record does not stand"
    for name in state.records:
        places = sorted(p for r, p in state.interactions if r == name and p.startswith(ORDERS))
        rows = [state.interactions[name, place] for place in places[-ORDERS_CAP:]]
        if state.records[name].bought != folded((o.occurred_at, o.content) for o in rows):
            yield f"record {name}: what it bought is not the fold of its orders"
