"""Who meets whom over a pause."""

from chalicelib.flow import work_jobs
from chalicelib.flow.pausing import lifecycle
from tests.faults.acting import ewa, jan, marked
from tests.faults.branches_pausing import (
    BOTH_KEPT,
    KEPT,
    OF,
    deleted,
    other,
    pauses,
    pauses_all,
    prepared,
    resumes,
    resumes_all,
    starts,
    updated,
)
from tests.faults.meeting import (
    Meeting,
    Met,
    against,
    answered_alike,
    both,
    nothing_lost,
    one_after_the_other,
    twice,
    works_off,
)
from tests.support.scenes import Act, born, rest, work
from tests.support.world import World, unlimited


def goes_on(name: str) -> Act:
    """It is resumed, and a worker applies all that was kept."""

    def act(world: World) -> None:
        work_jobs.work_job(world.ports, lifecycle.resume(world.ports, OF[name], name).id, unlimited)

    return act


def all_go_on(world: World) -> None:
    work_jobs.work_job(world.ports, lifecycle.resume_all(world.ports).id, unlimited)


def in_order(met: Met) -> None:
    """No later word was heard before an earlier one: that would be late; and each was heard."""
    effects = [e for of_batch in met.state.effects.values() for e in of_batch.values()]
    assert "late" not in [e.outcome for e in effects]
    assert len(effects) == len(met.state.batches)
    nothing_lost(met)


def awake(met: Met) -> None:
    """Who resumed last is heeded: nobody rests."""
    assert met.state.pause.state == "active"
    assert not any(line.waiting for line in met.state.lines.values())


EWA_ID = born("crm", "3")
works = one_after_the_other(works_off("match", EWA_ID), works_off("fan-out", EWA_ID))
MEETINGS = {
    "a call and a pause": Meeting((jan, rest), both(updated, pauses("crm"))),
    "a call and a pause of all": Meeting((jan, rest), both(updated, pauses_all)),
    "one kept call twice": Meeting((pauses("crm"),), both(jan, jan), answered_alike),
    "two calls to a paused source": Meeting((pauses("crm"),), both(jan, ewa)),
    "a call, and its source goes on": Meeting(KEPT, both(deleted, goes_on("crm")), in_order),
    "a call, and its source goes on with nothing kept": Meeting(
        (jan, rest, pauses("crm")), both(deleted, goes_on("crm")), in_order
    ),
    "a call, and all go on": Meeting(
        (jan, rest, pauses_all, updated), both(deleted, all_go_on), in_order
    ),
    "a call, and all go on with nothing kept": Meeting(
        (jan, rest, pauses_all), both(deleted, all_go_on), in_order
    ),
    "one call kept, and again as its source goes on": Meeting(
        (*KEPT, deleted), both(deleted, goes_on("crm")), in_order
    ),
    "two who apply": Meeting((*KEPT, resumes("crm")), twice("jobs"), in_order, large=True),
    "two who apply for all": Meeting(
        (*BOTH_KEPT, resumes_all), twice("jobs"), in_order, large=True, preemptions=1
    ),
    "one who applies, and a pause": Meeting(
        (*KEPT, resumes("crm")), against("jobs", pauses("crm"))
    ),
    "one who applies for all, and another pause": Meeting(
        (*BOTH_KEPT, resumes_all), against("jobs", pauses_all)
    ),
    "one who applies for all, and a pause that ends": Meeting(
        (*BOTH_KEPT, resumes_all),
        against("jobs", one_after_the_other(pauses_all, other, all_go_on)),
        awake,
        large=True,
        preemptions=1,
    ),
    "one source pauses, another goes on": Meeting(BOTH_KEPT, both(pauses("crm"), all_go_on)),
    "a push and a pause": Meeting((jan, *marked), against("deliver", pauses("clients"))),
    "a push, and its target goes on": Meeting(
        (jan, *marked, pauses("clients")), against("deliver", goes_on("clients"))
    ),
    "a start and a fan-out": Meeting(
        (jan, prepared, work("match")), against("fan-out", starts("new"))
    ),
    "a start and a creation": Meeting(
        (jan, rest, prepared), both(one_after_the_other(ewa, works), starts("new"))
    ),
    "one start twice": Meeting((jan, rest, prepared), both(starts("new"), starts("new"))),
}
