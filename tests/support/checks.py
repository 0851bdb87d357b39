"""`fsck` for tests: the product's own check of all that stands, and what only a witness knows.

What must hold always is checked always; what must hold once all work is done (the targets)
is checked when it is.
"""

import random
from collections.abc import Collection, Iterator

from chalicelib.domain.checking import Fault, fold
from chalicelib.domain.versions import Version
from chalicelib.flow.checking.examine import examine
from chalicelib.flow.intake.ingest import UNDONE

from .batches import BATCHES, undone
from .bought import timeline_faults
from .guarded import GUARDED
from .rest import rest_faults
from .resting import RESTING
from .state import State, read
from .subscribed import SUBSCRIBED
from .witness import Witness
from .world import World

Faults = Iterator[str]
CHANGING = {"created", "updated", "deleted"}


def fsck(world: World, exact: Collection[str] | None = None) -> None:
    """Raise `AssertionError` with all that is wrong in a world whose ports are not wrapped.

    `exact` names the targets that must hold all that matches (None: all of them): leave out
    one that was registered, or whose filter changed, after contacts stood and was not
    backfilled.
    """
    faults = faults_of(world, exact)
    assert not faults, "\n".join(faults)


def settled(world: World, exact: Collection[str] | None = None, *, torn: bool = False) -> None:
    """The same, and nothing may be left to do."""
    state = read(world.items.snapshot())
    left = [c.key for c in state.changes] + [d for d in state.deliveries.values() if d.due]
    assert state.at_rest(), f"not at rest: {left}, {list(state.jobs.values())}"
    faults = faults_of(world, exact, torn=torn)
    assert not faults, "\n".join(faults)


def faults_of(
    world: World, exact: Collection[str] | None = None, *, torn: bool = False
) -> list[str]:
    """What is wrong, in words; for a world of `witness.watched` also what was told too early.

    A world that was `torn` and mended need not tell which call brought which version.
    """
    state = read(world.items.snapshot())
    faults = [str(fault) for fault in product_faults(world)]
    always = (_order, timeline_faults, undone, *BATCHES, *RESTING, *GUARDED, *SUBSCRIBED)
    checks = (*always, *(() if torn else (_calls,)))
    faults += [f for check in checks for f in check(state)]
    if isinstance(world.items, Witness) and not torn:
        faults += _told_before_matched(world)
        faults += [f"{key}: a version is added, and stays" for key in world.items.meddled]
    if state.at_rest() and not faults:
        faults += rest_faults(world, state, exact)
    return faults


def product_faults(world: World) -> list[Fault]:
    """What the product's own check finds, on every item that stands."""
    items = world.items.snapshot().items()
    found = (f for key, item in items for f in examine(world.ports, key.table, item))
    return list(dict.fromkeys(found))


def _order(state: State) -> Faults:
    """Law 1: a record is the fold of its statements that stand, in any order."""
    for record in state.records.values():
        statements = state.statements.get(record.id, [])
        standing = [s for s in statements if not s.retracted_by]
        shuffled = random.Random(record.id).sample(standing, len(standing))
        if any(fold(record, order) != record for order in (standing[::-1], shuffled)):
            yield f"record {record.id}: is not the fold of its statements in any order"


def _calls(state: State) -> Faults:
    """A call's effects follow its header without a gap, and are what its batch did."""
    for batch, effects in state.effects.items():
        if batch not in state.batches:
            yield f"batch {batch}: effects without a call"
        if sorted(effects) != list(range(len(effects))):
            yield f"batch {batch}: effects {sorted(effects)}"
        accepted = [e for e in effects.values() if e.outcome not in ("refused", UNDONE)]
        if any(
            e.contact_id not in state.heads for e in accepted if e.contact_id or not e.interaction
        ):
            yield f"batch {batch}: a contact that never was"
        chains = state.versions.values()
        made = [v for chain in chains for v in chain if v.batch == batch and _of_record(v)]
        changing = [e for e in effects.values() if e.outcome in CHANGING and not e.interaction]
        if len(made) != len(changing) and state.batches[batch].kind == "call":
            yield f"batch {batch}: {len(made)} versions, but {[e.outcome for e in changing]}"
    told = {b for statements in state.statements.values() for s in statements for b in s.tellers}
    for batch in told - state.effects.keys():
        yield f"batch {batch}: statements without an effect"


def _of_record(version: Version) -> bool:
    """Whether a source's word on a record made it: one on an interaction may make none."""
    return not version.cause.type.startswith("interaction.")


def _told_before_matched(world: World) -> Faults:
    """Law 6: the first word to a target on a contact is on a version that was matched."""
    known = set()
    for told in world.sender.told:
        first = told.type == "contact.upserted" and (told.target, told.contact) not in known
        if first and (told.contact, told.data["version"]) not in world.items.matched:
            yield f"{told.name}: told before it was matched"
        known.add((told.target, told.contact))
