"""Who meets a person that edits, puts away or splits."""

from collections.abc import Callable, Sequence
from typing import Any

from chalicelib.domain.errors import KartotekaError
from tests.faults.acting import APART, CLIENT, EWA, JAN, MERGED, PHONE, jan, janek
from tests.faults.branches_editing import CHAIN, EWA_ID, JANEK_ID, OLA_ID, do, parts, seen, shown
from tests.faults.meeting import Meeting, on
from tests.support.scenes import Act, Prepare, deletes, hands, joins, rest, tells, undoes
from tests.support.world import World

updated = tells("crm", "1", 5, **EWA, **PHONE, **CLIENT)
Acting = Callable[[World], Act]


def does(kind: str, key: str = "key", **fields: Any) -> Acting:
    """What a person does to the contact as it was before the meeting; too late, she is refused."""

    def saw(world: World) -> Act:
        asked = seen(world, key=key)
        return refused(lambda w: shown(do(w, kind, asked, fields)))

    return saw


def refused(act: Act) -> Act:
    """An act whose refusal is an answer."""

    def tried(world: World) -> object:
        try:
            return act(world)
        except KartotekaError as error:
            return error.kind

    return tried


def simply(act: Act) -> Acting:
    return lambda _: refused(act)


def meet(prepare: Sequence[Prepare], *acting: Acting, large: bool = False) -> Meeting:
    return Meeting(prepare, lambda world: [act(world) for act in acting], large=large)


def undoing(world: World) -> Act:
    return on("same", undoes)(world)[0]


def matching(world: World) -> Act:
    return hands("match", list(world.queues.waiting["match"]))


pins = does("edit", job_title="szef", tags=["by hand"])
away = does("retire")
leaves = simply(parts(JANEK_ID))
MEETINGS = {
    "an edit and an update": meet((jan, rest), pins, simply(updated)),
    "an edit and a deletion": meet((jan, rest), pins, simply(deletes("crm", "1", 5))),
    "two edits of one contact": meet((jan, rest), pins, does("edit", "other", job_title="pan")),
    "one edit twice": meet((jan, rest), pins, pins),
    "an edit and a merge": meet(APART, pins, simply(joins("crm/3", "crm/1"))),
    "an edit and an undo": meet(MERGED, pins, undoing),
    "an edit and a match": meet((jan, rest, janek), pins, matching),
    "putting away and an update": meet((jan, rest), away, simply(updated)),
    "putting away and a merge": meet(APART, away, simply(joins("crm/3", "crm/1"))),
    "putting away and a match": meet((jan, rest, janek), away, matching),
    "a split and an update of what leaves": meet(
        MERGED, leaves, simply(tells("shop", "2", 7, **JAN, **PHONE))
    ),
    "a split and an update of what stays": meet(MERGED, leaves, simply(updated)),
    "a split and an undo": meet(CHAIN, simply(parts(EWA_ID, OLA_ID)), undoing, large=True),
    "one split twice": meet(MERGED, leaves, leaves),
}
