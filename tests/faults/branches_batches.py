"""The scenes and meetings of batches that are undone."""

import json

from chalicelib.domain.errors import BusyError
from chalicelib.domain.model import digest
from chalicelib.flow import work_jobs
from chalicelib.flow.batches import Chosen, Kind
from chalicelib.flow.editing import retire
from chalicelib.flow.editing.pin import Seen
from chalicelib.flow.intake import receive
from chalicelib.flow.reading.read import contact as read_contact
from chalicelib.flow.undoing import undo_batches
from tests.faults.acting import APART, ASKED, CLIENT, EWA, MAIL, MERGED, OLA, PHONE, jan
from tests.faults.meeting import Meeting, Met, both
from tests.faults.recovering import attempted, seen_by
from tests.support.faults import Fault, Tape
from tests.support.scenes import (
    BY,
    Act,
    Plan,
    Scene,
    born,
    joins,
    judged,
    patches,
    replies,
    rest,
    tells,
)
from tests.support.state import State, read
from tests.support.world import World, record

HALF = "half"
AT = 16  # where the merge of three dies
BODY = json.dumps(
    {"type": "contact.upserted", "data": [record("1", 5, **EWA), record("5", 5, **OLA)]}
).encode()
joins_three = joins("crm/3", "crm/1", "shop/4")
updated = tells("crm", "1", 5, **EWA, **PHONE, **CLIENT)


def undoes_newest(kind: Kind, by: str = "") -> Plan:
    """Undo the newest batch of this kind."""

    def plan(state: State) -> Act:
        found = [b for b in state.batches.values() if b.kind == kind and by in b.by]
        newest = max(found, key=lambda b: (b.at, b.id)).id
        return lambda world: undo_batches.undo(world.ports, newest, BY)

    return plan


def now(plan: Plan) -> Act:
    return lambda world: plan(read(world.items.snapshot()))(world)


def undoes_all(world: World) -> object:
    """Undo all that a source told."""
    return undo_batches.undo_chosen(world.ports, Chosen(by="source:crm"), BY, "all")


def retires(world: World) -> None:
    found, etag = read_contact(world.ports, born("crm", "1"))
    retire.retire(world.ports, Seen(found["id"], etag, BY, "away"))


def answered_different(world: World) -> None:
    replies(judged(read(world.items.snapshot()), "unsure"), "different")(world)


def half_told(world: World) -> None:
    """A call of two records that died after the first."""
    left = iter([9_000, 1_000])
    try:
        receive.receive(world.ports, "crm", _signed(world), BODY, lambda: next(left))
    except BusyError:
        return


def told_again(world: World) -> object:
    return receive.receive(world.ports, "crm", _signed(world), BODY, lambda: 9_000)["results"]


def _signed(world: World) -> dict[str, str]:
    return world.signed("crm", BODY, HALF)


def undoes_half(world: World) -> object:
    return undo_batches.undo(world.ports, digest("call", "crm", HALF), BY)


def half_joined(world: World) -> None:
    """A merge of three by a worker that died when it had made its first edge."""
    attempted(joins_three, seen_by(world, Tape({AT: Fault.CRASH_BEFORE})))
    assert len([h for h in read(world.items.snapshot()).heads.values() if h.into]) == 1


def go_on(world: World) -> list[Act]:
    """A worker with the job that was left, and who undoes it."""
    (name,) = read(world.items.snapshot()).jobs
    worker: Act = lambda seen: work_jobs.work_job(seen.ports, name, lambda: 600_000)  # noqa: E731
    return [worker, now(undoes_newest("merge"))]


def all_apart(met: Met) -> None:
    """Of the merge nothing is left, however far it came."""
    assert not [head for head in met.state.heads.values() if head.into]


def nothing_stands(met: Met) -> None:
    """Of an undone call nothing counts, however far it came."""
    batch = digest("call", "crm", HALF)
    told = [s for statements in met.state.statements.values() for s in statements]
    assert not [s for s in told if batch in s.tellers and not s.retracted_by]


BATCHES = (
    Scene("a creation", (jan, rest), undoes_newest("call")),
    Scene("an update", (jan, rest, updated, rest), undoes_newest("call")),
    Scene("what the machine joined by it", MERGED, undoes_newest("call", "shop")),
    Scene("what waits for the match", (jan, rest, updated), undoes_newest("call")),
    Scene(
        "an update, patched since",
        (jan, rest, updated, patches("crm", "1", 6, phones=[]), rest),
        lambda s: lambda w: undo_batches.undo(w.ports, sorted(s.batches)[0], BY),
    ),
    Scene(
        "a merge of three",
        (*APART, joins_three, rest),
        undoes_newest("merge"),
    ),
    Scene("an answer", (*ASKED, answered_different, rest), undoes_newest("review")),
    Scene("a retirement", (jan, rest, retires, rest), undoes_newest("retire")),
    Scene("all of a source", (*MERGED, updated, undoes_all), queue="jobs"),
)

MEETINGS = {
    "an undone batch and an update": Meeting(
        (jan, rest, updated, rest),
        both(now(undoes_newest("call", "crm")), patches("crm", "1", 6, **MAIL)),
    ),
    "an undone batch and a merge": Meeting(
        (*APART, updated, rest), both(now(undoes_newest("call", "crm")), joins("crm/3", "crm/1"))
    ),
    "an undone batch twice": Meeting(
        (jan, rest, updated, rest), both(*[now(undoes_newest("call"))] * 2)
    ),
    "a call on its way and its undo": Meeting(
        (jan, rest, half_told), both(told_again, undoes_half), nothing_stands
    ),
    "a merge of three on its way and its undo": Meeting(
        (*APART, half_joined), go_on, all_apart, large=True
    ),
}
