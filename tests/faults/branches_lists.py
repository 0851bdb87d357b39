"""The scenes and meetings of lists: pushed, told, pushed again, taken off; and segments."""

from typing import Any

from chalicelib.flow.listing import segments
from chalicelib.flow.listing.push import Order, push
from chalicelib.flow.telling.targets import put_target
from tests.faults.acting import (
    APART,
    CLIENT,
    JAN,
    MAIL,
    OLA,
    always,
    jan,
    marked,
    undone,
)
from tests.faults.meeting import Meeting, Met, against, both, one_after_the_other, twice
from tests.support.listed import lists_shown
from tests.support.scenes import Act, Scene, born, joins, judged, rest, tells, undoes, work
from tests.support.world import World

LISTED_ONLY: dict[str, Any] = {
    "name": "all",
    "url": "http://127.0.0.1:1/",
    "fields": ("full_name", "phones", "tags"),
    "audience": "lists",
}
ola = tells("shop", "4", **OLA, **CLIENT)
renamed = tells("crm", "1", 9, **JAN, **MAIL, **CLIENT, job_title="kowal")
EVERYBODY, CLIENTS, NOT_EWA = "*", "role:customer", "-name:nowak"


def pushes(target: str, text: str | None, key: str = "first", preview: bool = False) -> Act:
    """A list is pushed; the caller names what it does, so that its repetition is the same."""
    order = Order(target, "spring", "key:1", key, filter=text, preview=preview)
    return lambda world: push(world.ports, order).id


def saves(world: World) -> str:
    segments.put(world.ports, "friends", "Friends", "tag:friend")
    return segments.named(world.ports, "friends").filter


def deletes_segment(world: World) -> str:
    return segments.delete(world.ports, "friends").deleted_at[:10]


def only_lists(world: World) -> None:
    """The target of all has only who is on a list."""
    put_target(world.ports, "all", LISTED_ONLY)


PUSHED = (*APART, pushes("clients", EVERYBODY))
LISTED = (*PUSHED, rest)
AGAIN = (*LISTED, pushes("clients", NOT_EWA, "second"))
CLOSED = (*APART, only_lists, rest, pushes("all", EVERYBODY))
ONE = (*LISTED, joins("crm/1", "crm/3"), rest)

LISTS = (
    Scene("pushed", APART, always(pushes("clients", EVERYBODY))),
    Scene("previewed, worked off", (*APART, pushes("clients", CLIENTS, "p", True)), queue="jobs"),
    Scene("pushed, worked off", PUSHED, queue="jobs"),
    Scene("pushed before it is matched", (jan, ola, pushes("clients", EVERYBODY)), queue="jobs"),
    Scene("told of it", (*PUSHED, work("jobs")), queue="deliver"),
    Scene("pushed again", LISTED, always(pushes("clients", NOT_EWA, "second"))),
    Scene("pushed again, worked off", AGAIN, queue="jobs"),
    Scene("pushed again, told", (*AGAIN, work("jobs")), queue="deliver"),
    Scene("emptied, worked off", (*LISTED, pushes("clients", None, "second")), queue="jobs"),
    Scene("of a merged one, worked off", (*ONE, pushes("clients", "name:lis", "2")), queue="jobs"),
    Scene("merged", LISTED, always(joins("crm/1", "crm/3"))),
    Scene("parted", ONE, lambda s: undoes(judged(s, "same"))),
    Scene("only lists", (*APART,), always(only_lists)),
    Scene("only lists, told", (*CLOSED, work("jobs")), queue="deliver"),
    Scene("only lists, emptied", (*CLOSED, rest, pushes("all", None, "2")), queue="jobs"),
    Scene("a segment saved", APART, always(saves)),
    Scene("a segment deleted", (*APART, saves), always(deletes_segment)),
)


def all_on(met: Met) -> None:
    """Whoever of the clients is a contact in the end is on the list, by whichever record."""
    target = met.state.targets["clients"]
    clients = [met.state.heads[born("crm", name)] for name in ("1", "3")]
    there = [head for head in clients if head.status == "active"]
    assert all(lists_shown(met.state, target, head) == {"lists": ["spring"]} for head in there)


def nobody_left(met: Met) -> None:
    rows = met.state.deliveries.values()
    assert not any(row.lists for row in rows)


MEETINGS = {
    "a list pushed by two workers": Meeting(PUSHED, twice("jobs"), large=True, preemptions=1),
    "a list pushed, and a merge": Meeting(
        PUSHED, against("jobs", joins("crm/1", "crm/3")), all_on, large=True, preemptions=1
    ),
    "a list emptied, and an undo": Meeting(
        (*ONE, pushes("clients", None, "second")),
        against("jobs", one_after_the_other(undone, *marked)),
        nobody_left,
        large=True,
        preemptions=1,
    ),
    "a list pushed, and a change": Meeting(
        PUSHED,
        against("jobs", one_after_the_other(renamed, *marked, work("deliver"))),
        large=True,
        preemptions=1,
    ),
    "two pushes of one list": Meeting(
        APART,
        both(pushes("clients", "*"), pushes("clients", CLIENTS, "second")),
        large=True,
    ),
    "one push twice": Meeting(
        APART, both(pushes("clients", "*"), pushes("clients", "*")), large=True
    ),
}
