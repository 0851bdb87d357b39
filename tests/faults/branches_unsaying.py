"""The scenes and meetings of interactions whose batch is undone."""

from chalicelib.flow.interacting import note
from tests.faults.acting import APART, MERGED, jan
from tests.faults.branches_batches import now, undoes_newest
from tests.faults.meeting import Meeting, both
from tests.support.passing import order, passed, records, takes_back
from tests.support.scenes import BY, Scene, born, joins, rest
from tests.support.world import World

JAN, EWA = {"external_id": "1"}, {"external_id": "3"}
NEW = {"email": "nowy@kos.pl", "create": True}
ordered = records("crm", order("o", said=1, **JAN))
moved = records("crm", order("o", said=2, value="7", **EWA))
late = records("crm", order("o", said=0, value="3", **EWA))
corrected = records("crm", order("o", said=3, value="9", **JAN))
undoes = undoes_newest("call", "crm")


def second(world: World) -> None:
    """Time passes: what comes next is the newest."""
    world.clock.tick(seconds=1)


def noted(world: World) -> None:
    note.note(world.ports, born("crm", "1"), passed("n", "note"), BY)


BEFORE = (jan, rest, second, ordered, rest)
SHIFTED = (*APART, second, ordered, rest, second, moved, rest)

UNSAYING = (
    Scene("an order", BEFORE, undoes),
    Scene("an order that waits to be indexed", (jan, rest, second, ordered), undoes),
    Scene("a move to another contact", SHIFTED, undoes),
    Scene("a move within a contact", (*SHIFTED, joins("crm/3", "crm/1"), rest), undoes),
    Scene("a move, and what came late stands", (*SHIFTED, late), undoes_newest("call", "crm")),
    Scene("an order that was corrected since", (*BEFORE, second, corrected, rest), undoes),
    Scene(
        "an order that was taken back", (*BEFORE, second, takes_back("crm", "o", said=2)), undoes
    ),
    Scene("who was born with an order", (second, records("crm", order("o", **NEW)), rest), undoes),
    Scene("what a person noted", (*MERGED, second, noted), undoes_newest("note")),
)

MEETINGS = {
    "an undone order and a later word on it": Meeting(
        BEFORE, both(now(undoes_newest("call", "crm")), corrected)
    ),
    "an undone order and its move": Meeting(
        (*APART, second, ordered, rest), both(now(undoes_newest("call", "crm")), moved)
    ),
    "an undone move and a merge": Meeting(
        SHIFTED, both(now(undoes_newest("call", "crm")), joins("crm/3", "crm/1"))
    ),
}
