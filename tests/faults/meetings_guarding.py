"""Who meets whom over a guard, and over what was rehearsed."""

from collections.abc import Callable

from chalicelib.domain.sources import Target
from chalicelib.flow import registry, work_jobs
from chalicelib.flow.guarding import release
from tests.faults.acting import ewa, filtered, jan, marked
from tests.faults.branches_guarding import (
    HELD,
    LISTED,
    TOO_MANY,
    activates,
    again,
    guarded,
    leaves,
    ola,
)
from tests.faults.branches_pausing import pauses
from tests.faults.meeting import Meeting, Met, against, both, one_after_the_other, twice
from tests.support.rest import holdings
from tests.support.scenes import Act, hands, work
from tests.support.world import World, unlimited


def goes_on(world: World) -> None:
    """It is released, and a worker takes up all that waits."""
    job = release.release(world.ports, "clients", None)
    work_jobs.work_job(world.ports, job.id, unlimited)


def never_two(met: Met) -> None:
    """Of two that are too many together one was told, and the target is held."""
    assert len(holdings(met.world, "clients")) == 1
    assert registry.registered(met.world.ports, Target, "clients").state == "held"


def all_told(met: Met) -> None:
    assert len(holdings(met.world, "clients")) == len(met.state.heads)


def of_clients(world: World) -> list[Act]:
    """Each push that waits for the guarded target gets a worker of its own."""
    return [hands("deliver", [m]) for m in world.queues.waiting["deliver"] if "clients" in m]


def push_and(act: Act) -> Callable[[World], list[Act]]:
    return lambda world: [*of_clients(world), act]


MEETINGS = {
    "two pushes where one is allowed": Meeting(
        (guarded, jan, ewa, *marked), of_clients, never_two, large=True
    ),
    "a push too many twice": Meeting(
        TOO_MANY, lambda world: of_clients(world) * 2, never_two, large=True
    ),
    "a push too many, and a release": Meeting(
        (*TOO_MANY, work("deliver"), ola, *marked), push_and(goes_on), large=True
    ),
    "a push too many, and a pause": Meeting(TOO_MANY, push_and(pauses("clients")), large=True),
    "a release, and a change": Meeting(
        HELD, both(goes_on, one_after_the_other(again, *marked)), large=True
    ),
    "two releases": Meeting(HELD, both(goes_on, goes_on), all_told, large=True),
    "an activation twice": Meeting(
        LISTED, both(activates("clients"), activates("clients")), large=True
    ),
    "two who carry out what was listed": Meeting(
        (*LISTED, activates("clients")), twice("jobs"), large=True, preemptions=1
    ),
    "an activation, and other settings": Meeting(
        LISTED, both(activates("clients"), filtered("clients", "role:customer")), large=True
    ),
    "what was listed, and a contact that leaves": Meeting(
        (*LISTED, activates("clients")),
        against("jobs", one_after_the_other(leaves, *marked)),
        large=True,
        preemptions=1,
    ),
}
