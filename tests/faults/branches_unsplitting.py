"""The scenes and meetings of splits and moves that are undone."""

from chalicelib.flow.undoing import undo_batches
from tests.faults.acting import ASKED, MAIL, MERGED, agreed, ewa
from tests.faults.branches_batches import now, undoes_newest
from tests.faults.branches_editing import CHAIN, EWA_ID, JAN_ID, JANEK_ID, OLA_ID, parts
from tests.faults.meeting import Meeting, Met, both
from tests.faults.recovering import attempted, seen_by
from tests.support.faults import Fault, Tape
from tests.support.scenes import BY, Act, Scene, joins, judged, patches, rest, undoes
from tests.support.state import State, read
from tests.support.world import World


def undoes_first(state: State) -> Act:
    """Undo the first split of several."""
    splits = [b for b in state.batches.values() if b.kind == "split"]
    first = min(splits, key=lambda b: (b.at, b.id)).id
    return lambda world: undo_batches.undo(world.ports, first, BY)


def undoes_cut(state: State) -> Act:
    """The merge that the machine made, and a split has cut, is undone by a person."""
    cut = (d for d in state.decisions.values() if d.judgement.machine and d.retracted_at)
    return undoes(next(cut).judgement.id)


def contradicted(world: World) -> None:
    """One of those that stayed is parted from the other, and joins the one that left."""
    word = judged(read(world.items.snapshot()), "different")
    world.clock.tick(seconds=1)
    parts(JAN_ID, key="again")(world)
    joins("crm/1", "crm/3", retract=[word])(world)


def begun(world: World) -> None:
    """A split by a worker that died when it had tied what stays together."""
    attempted(parts(EWA_ID), seen_by(world, Tape({16: Fault.CRASH_BEFORE})))
    found = {e.outcome for es in read(world.items.snapshot()).judged.values() for e in es}
    assert "held" in found and "parted" not in found


def whole(met: Met) -> None:
    """Of the split nothing is left, however far it came."""
    assert met.state.heads[JAN_ID].members == (JAN_ID, EWA_ID, OLA_ID)


SPLIT = (*CHAIN, parts(EWA_ID), rest)
PARTED = (*MERGED, parts(JANEK_ID), rest)
MOVED = (*MERGED, ewa, rest, parts(JANEK_ID, to=EWA_ID), rest)
ANSWERED = (*ASKED, agreed, rest, parts(JAN_ID), rest)
undoes_split = undoes_newest("split")
UNSPLITTING = (
    Scene("what was held together", SPLIT, undoes_split),
    Scene("a split of the oldest", (*CHAIN, parts(JAN_ID, OLA_ID), rest), undoes_split),
    Scene("what the machine joined", PARTED, undoes_split),
    Scene("before the match", PARTED[:-1], undoes_split),
    Scene("what a person answered", ANSWERED, undoes_split),
    Scene("a move", MOVED, undoes_split),
    Scene("a merge that a split has cut", PARTED, undoes_cut),
    Scene("what was undone meanwhile", (*PARTED, now(undoes_cut), rest), undoes_split),
    Scene("what was contradicted", (*SPLIT, contradicted, rest), undoes_first),
)

update = patches("shop", "2", 6, **MAIL)
MEETINGS = {
    "an undone split and an update": Meeting(PARTED, both(now(undoes_split), update), large=True),
    "an undone split and a merge": Meeting(
        (*PARTED, ewa, rest), both(now(undoes_split), joins("crm/3", "shop/2")), large=True
    ),
    "an undone split and the undo of what it cut": Meeting(
        PARTED,
        lambda w: [plan(read(w.items.snapshot())) for plan in (undoes_split, undoes_cut)],
        large=True,
    ),
    "an undone split twice": Meeting(PARTED, both(*[now(undoes_split)] * 2), large=True),
    "a split on its way and its undo": Meeting(
        (*CHAIN, begun), both(parts(EWA_ID), now(undoes_split)), whole, large=True
    ),
}
