"""Who meets whom."""

import json

from chalicelib.domain import times
from tests.faults import (
    branches_batches,
    branches_rules,
    branches_unsaying,
    branches_unsplitting,
    meetings_editing,
    meetings_guarding,
    meetings_pausing,
    meetings_timeline,
)
from tests.faults.acting import (
    APART,
    ASKED,
    CLIENT,
    DIFFERENT,
    EWA,
    JAN,
    MAIL,
    MERGED,
    PHONE,
    agreed,
    asks_backfill,
    ewa,
    filtered,
    jan,
    janek,
    later,
    marked,
    ordered,
    retracted,
    sweeps_fan_out,
)
from tests.faults.meeting import (
    Meeting,
    against,
    answered_alike,
    apart_if_told_so,
    both,
    found_once,
    nothing_lost,
    on,
    one_after_the_other,
    queued,
    searches,
    together,
    twice,
    works_off,
)
from tests.faults.meetings_reviews import REVIEWS
from tests.support.scenes import (
    answers,
    born,
    deletes,
    hands,
    joins,
    lose,
    patches,
    replies,
    rest,
    tells,
    undoes,
    work,
)
from tests.support.state import read
from tests.support.world import START

BORN = times.text(START)
JAN_ID, JANEK_ID, EWA_ID = born("crm", "1"), born("shop", "2"), born("crm", "3")
sends = [
    hands("deliver", [json.dumps({"target": t, "contact": JAN_ID})]) for t in ("all", "clients")
]
updated = tells("crm", "1", 5, **EWA, **PHONE, **CLIENT)
patched = patches("crm", "1", 6, notes=["x"], roles=["supplier"])
left = patches("crm", "1", 6, roles=["supplier"])
back = patches("crm", "1", 9, roles=["customer"])
mailed = patches("crm", "2", 6, **MAIL)
works = one_after_the_other(works_off("match", JAN_ID), works_off("fan-out", JAN_ID))

MEETINGS = {
    "two updates of one record": Meeting((jan, rest), both(updated, patched), nothing_lost),
    "updates of two records of one contact": Meeting(
        MERGED, both(updated, tells("shop", "2", 7, **EWA)), nothing_lost
    ),
    "an update and a deletion": Meeting((jan, rest), both(updated, deletes("crm", "1", 6))),
    "a creation and a late patch": Meeting((), both(jan, patches("crm", "1", -5, **PHONE))),
    "update and merge": Meeting((*APART,), both(updated, joins("crm/3", "crm/1"))),
    "update and undo": Meeting(
        MERGED, lambda w: [tells("shop", "2", 7, **EWA), *on("same", undoes)(w)]
    ),
    "update and match": Meeting((jan, rest, janek), against("match", patched), together),
    "one match twice": Meeting((jan, rest, janek), twice("match"), together, large=True),
    "two new duplicates": Meeting((jan, janek), queued("match"), together, large=True),
    "two new ones that look alike": Meeting(
        (tells("crm", "1", **JAN), tells("crm", "2", **JAN)), queued("match"), together
    ),
    "two new duplicates, from their calls on": Meeting(
        (),
        both(
            one_after_the_other(jan, works_off("match", JAN_ID)),
            one_after_the_other(janek, works_off("match", JANEK_ID)),
        ),
        together,
        large=True,
    ),
    "merge and different": Meeting(
        ASKED,
        on("unsure", lambda q: replies(q, "different"), lambda _: joins("crm/1", "crm/2")),
        apart_if_told_so,
    ),
    "the machine's merge and different": Meeting(
        (*ASKED, tells("crm", "2", 5, **JAN, **MAIL), patches("crm", "1", 6, **MAIL)),
        lambda w: [
            *on("unsure", lambda q: replies(q, "different"))(w),
            hands("match", list(w.queues.waiting["match"])),
        ],
        apart_if_told_so,
    ),
    "same and different": Meeting(
        ASKED, on("unsure", lambda q: replies(q, "different"), lambda q: replies(q, "same"))
    ),
    "one answer twice": Meeting(
        ASKED,
        on("unsure", lambda q: replies(q, "different"), lambda q: replies(q, "different")),
    ),
    "one merge twice": Meeting(APART, both(*[joins("crm/1", "crm/3")] * 2), answered_alike),
    "two merges that share a contact": Meeting(
        APART, both(joins("crm/1", "crm/3"), joins("crm/3", "shop/4"))
    ),
    "merge and undo": Meeting(
        (*MERGED, ewa, rest), on("same", undoes, lambda _: joins("shop/2", "crm/3"))
    ),
    "one undo twice": Meeting(MERGED, on("same", undoes, undoes), answered_alike),
    "undos of two merges of one contact": Meeting(
        (*APART, joins("crm/1", "crm/3"), joins("crm/3", "shop/4"), rest),
        lambda w: [undoes(j) for j in sorted(read(w.items.snapshot()).decisions)],
    ),
    "undo and match": Meeting(
        (*MERGED, updated),
        lambda w: [*on("same", undoes)(w), hands("match", list(w.queues.waiting["match"]))],
    ),
    "a merge that takes back a different, and an update": Meeting(
        DIFFERENT,
        lambda w: [
            *on("different", lambda d: joins("crm/1", "shop/2", retract=[d]))(w),
            tells("shop", "2", 7, **EWA),
        ],
    ),
    "an undo that brings a different back, and an update": Meeting(
        (*DIFFERENT, retracted, rest),
        lambda w: [*on("same", undoes)(w), tells("shop", "2", 7, **EWA)],
    ),
    "an undo that asks again, and a merge": Meeting(
        (*ASKED, ewa, rest, agreed, rest), on("same", undoes, lambda _: joins("crm/2", "crm/3"))
    ),
    "change and first push": Meeting((jan, *marked), against("deliver", left)),
    "fan-out and first push": Meeting(
        (jan, *marked, left),
        lambda w: [
            hands("deliver", list(w.queues.waiting["deliver"])),
            hands("fan-out", list(w.queues.waiting["fan-out"])),
        ],
    ),
    "a change, all the way, and first push": Meeting(
        (jan, *marked), against("deliver", one_after_the_other(left, works))
    ),
    "merge and first push": Meeting(
        (*APART, updated, *marked), against("deliver", joins("crm/3", "crm/1"))
    ),
    "fan-out and a changed filter": Meeting(
        (jan, rest, left), against("fan-out", filtered("clients", "role:supplier"))
    ),
    "first fan-out and a changed filter": Meeting(
        (jan, work("match")), against("fan-out", filtered("clients", "role:supplier"))
    ),
    "push and a changed filter": Meeting(
        (jan, *marked), against("deliver", filtered("clients", "role:supplier"))
    ),
    "two senders": Meeting((jan, *marked), twice("deliver")),
    "two senders, the lease of one run out": Meeting(
        (jan, *marked), twice("deliver"), late=True, large=True
    ),
    "a slow sender, and a change that another sends": Meeting(
        (jan, *marked),
        against("deliver", one_after_the_other(left, works, *sends)),
        late=True,
        large=True,
    ),
    "two fan-outs": Meeting((jan, work("match")), twice("fan-out")),
    "two sweeps": Meeting((jan, work("match"), lose, later), both(sweeps_fan_out, sweeps_fan_out)),
    "a sweep and a fan-out": Meeting(
        (jan, work("match"), later), against("fan-out", sweeps_fan_out)
    ),
    "a target that wants no more, and a change": Meeting(
        (jan, *marked, answers(*[410] * 9)),
        against("deliver", one_after_the_other(left, works)),
        preemptions=1,
    ),
    "two fan-outs of two changes": Meeting((jan, rest, left, back), queued("fan-out")),
    "one call twice": Meeting((), both(jan, jan), answered_alike),
    "one call of an update twice": Meeting((jan, rest), both(updated, updated), answered_alike),
    "two indexers": Meeting((jan, rest, updated), twice("match")),
    "an indexer, and a value that comes and goes": Meeting(
        (jan, rest, left),
        against("match", one_after_the_other(back, works_off("match", JAN_ID))),
    ),
    "an indexer, and a search as of before the value went": Meeting(
        (jan, rest, left), against("match", searches("role:customer", BORN)), found_once(JAN_ID)
    ),
    "an indexer, and a search as of before the value came back": Meeting(
        (jan, rest, left, rest, back),
        against("match", searches("role:customer OR name:wrona", BORN)),
        found_once(JAN_ID),
    ),
    "match keys, and a value that comes and goes": Meeting(
        (jan, rest, patches("crm", "1", 6, **PHONE)),
        against(
            "match",
            one_after_the_other(patches("crm", "1", 9, phones=[]), works_off("match", JAN_ID)),
        ),
    ),
    "backfill and a creation": Meeting(
        (jan, rest, filtered("clients", "*"), asks_backfill),
        against(
            "jobs",
            one_after_the_other(ewa, works_off("match", EWA_ID), works_off("fan-out", EWA_ID)),
        ),
        preemptions=1,
    ),
    "a merge of three by two workers": Meeting((*APART, ordered), twice("jobs")),
    **REVIEWS,
    **meetings_timeline.MEETINGS,
    **branches_unsaying.MEETINGS,
    **branches_unsplitting.MEETINGS,
    **meetings_editing.MEETINGS,
    **meetings_pausing.MEETINGS,
    **meetings_guarding.MEETINGS,
    **branches_batches.MEETINGS,
    **branches_rules.MEETINGS,
}
