"""Who meets whom over an interaction."""

from tests.faults.acting import APART, CLIENT, EWA, MERGED, PHONE, jan
from tests.faults.meeting import Meeting, against, answered_alike, both, on
from tests.support.passing import order, records, takes_back
from tests.support.scenes import joins, rest, tells, undoes

JAN = {"external_id": "1"}
ordered = records("crm", order("o", said=1, **JAN))
another = records("crm", order("p", said=1, **JAN))
corrected = records("crm", order("o", said=2, value="7", **JAN))
moved = records("crm", order("o", said=2, external_id="3"))
updated = tells("crm", "1", 5, **EWA, **PHONE, **CLIENT)
made = [records("crm", order(name, email="nowy@kos.pl", create=True)) for name in "op"]

MEETINGS = {
    "one order twice": Meeting((jan, rest), both(ordered, ordered), answered_alike),
    "two orders of one record": Meeting((jan, rest), both(ordered, another)),
    "two words on one order": Meeting((jan, rest), both(ordered, corrected)),
    "an order and its taking back": Meeting(
        (jan, rest), both(ordered, takes_back("crm", "o", said=2))
    ),
    "two orders of one newcomer": Meeting((), both(*made)),
    "order and update": Meeting((jan, rest), both(ordered, updated)),
    "order and match": Meeting((jan,), against("match", ordered)),
    "order and merge": Meeting(APART, both(ordered, joins("crm/3", "crm/1"))),
    "order and undo": Meeting(MERGED, lambda w: [ordered, *on("same", undoes)(w)]),
    "a move and a merge": Meeting((*APART, ordered), both(moved, joins("crm/3", "crm/1"))),
}
