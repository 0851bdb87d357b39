"""The scenes of interactions: one for each way in which a word on one can be taken."""

from typing import Any

from chalicelib.flow.interacting import note
from tests.faults.acting import APART, MERGED, always, ewa, jan
from tests.support.passing import order, passed, records, takes_back
from tests.support.scenes import BY, Act, Scene, born, joins, judged, rest, undoes
from tests.support.world import World

JAN, EWA = {"external_id": "1"}, {"external_id": "3"}
called = records("crm", passed("a", said=1, **JAN))
ordered = records("crm", order("o", said=1, **JAN))
unknown: dict[str, Any] = {"email": "nowy@kos.pl", "create": True}


def notes(world: World) -> object:
    """A person notes something under an id of his own; again it is answered as unchanged."""
    return note.note(world.ports, born("crm", "1"), passed("n", "note"), BY)["contact_id"]


def says(*told: dict[str, Any]) -> Act:
    return records("crm", *told)


TIMELINE = (
    Scene("a call", (jan, rest), always(called)),
    Scene(
        "a call of who is found by mail",
        (jan, rest),
        always(says(passed("a", email="jan@kowalski.pl"))),
    ),
    Scene("an order", (jan, rest), always(ordered)),
    Scene("an order of a merged contact", MERGED, always(ordered)),
    Scene("an order before the match", (jan,), always(ordered)),
    Scene("an order that makes a contact", (), always(says(order("o", **unknown)))),
    Scene("the same again", (jan, rest, ordered), always(says(order("o", said=2, **JAN)))),
    Scene("late", (jan, rest, ordered), always(says(passed("o", said=0, **JAN)))),
    Scene(
        "corrected", (jan, rest, ordered), always(says(order("o", at=9, said=2, value="7", **JAN)))
    ),
    Scene("moved to another", (*APART, ordered), always(says(order("o", said=2, **EWA)))),
    Scene(
        "moved within a contact",
        (*APART, ordered, joins("crm/1", "crm/3"), rest),
        always(says(order("o", said=2, **EWA))),
    ),
    Scene("taken back", (jan, rest, ordered), always(takes_back("crm", "o", said=2))),
    Scene("taken back before it came", (jan,), always(takes_back("crm", "o", said=2))),
    Scene("nobody's", (), always(called)),
    Scene(
        "a batch of all kinds",
        (jan, rest, ewa, rest),
        always(
            says(
                order("o", said=1, **JAN),
                {},
                order("o", said=3, **EWA),
                passed("o", said=2, **JAN),
                passed("a", said=1, **unknown),
            )
        ),
    ),
    Scene("noted by hand", (jan, rest), always(notes)),
    Scene("undone under an order", (*MERGED, ordered, rest), lambda s: undoes(judged(s, "same"))),
)
