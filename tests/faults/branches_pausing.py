"""The scenes of pausing: what comes meanwhile, how it is applied, and who is told of it."""

import json
from typing import Any

from chalicelib.domain.errors import BusyError
from chalicelib.domain.sources import Source, Target
from chalicelib.flow.intake import receive
from chalicelib.flow.pausing import lifecycle
from chalicelib.flow.telling.targets import put_target
from tests.faults.acting import APART, CLIENT, EWA, JAN, MAIL, PHONE, always, jan, marked, sweeps
from tests.support.passing import passed, records
from tests.support.scenes import BY, Act, Scene, calls, deletes, patches, rest, tells, work
from tests.support.world import World, record

OF: dict[str, Any] = {"crm": Source, "clients": Target, "new": Target}
BODY = json.dumps({"type": "contact.upserted", "data": [record("7", **JAN), record("8", **EWA)]})
updated = patches("crm", "1", 5, **EWA)
again = patches("crm", "1", 6, notes=["x"], **CLIENT)
other = tells("shop", "2", **JAN, **MAIL, **PHONE)
deleted = deletes("crm", "1", 9)


def whenever(act: Act) -> Act:
    """It is kept or taken in at once, depending on when it comes: its answer does not count."""
    return lambda world: [result["external_id"] for result in act(world)]


def pauses(name: str) -> Act:
    return lambda world: lifecycle.pause(world.ports, OF[name], name).state


def resumes(name: str) -> Act:
    return lambda world: lifecycle.resume(world.ports, OF[name], name).kind


def starts(name: str) -> Act:
    return lambda world: lifecycle.start(world.ports, OF[name], name).state


def pauses_all(world: World) -> None:
    lifecycle.pause_all(world.ports, BY)


def resumes_all(world: World) -> str:
    return lifecycle.resume_all(world.ports).kind


def dies(world: World) -> None:
    """A call of two of which nothing but its header stands: its time was over."""
    body = BODY.encode()
    try:
        receive.receive(world.ports, "crm", world.signed("crm", body, "7"), body, lambda: 0)
    except BusyError:
        return
    raise AssertionError("it did not die")


def comes_again(world: World) -> object:
    body = BODY.encode()
    headers = world.signed("crm", body, "7")
    return receive.receive(world.ports, "crm", headers, body, lambda: 900_000)


def prepared(world: World) -> None:
    """A target that is saved, and not started."""
    settings = {"name": "new", "url": "http://127.0.0.1:1/", "fields": ("full_name",)}
    wanted = {"filter": "*", "enabled": True, "held": "send", "state": "prepared"}
    put_target(world.ports, "new", settings | wanted)


KEPT = (jan, rest, pauses("crm"), updated, again)
BOTH_KEPT = (jan, rest, pauses_all, updated, other, again)
ASLEEP = (jan, rest, pauses("clients"), updated, *marked)

PAUSING = (
    Scene("a source", (jan, rest), always(pauses("crm"))),
    Scene("all", (jan, rest), always(pauses_all)),
    Scene("a call meanwhile", (pauses("crm"),), always(jan)),
    Scene("a call while all rest", (pauses_all,), always(jan)),
    Scene("a second call meanwhile", (pauses("crm"), jan), always(updated)),
    Scene(
        "an interaction meanwhile",
        (jan, rest, pauses("crm")),
        always(records("crm", passed("a", said=1, external_id="1"))),
    ),
    Scene("a call that was answered before", (jan, rest, pauses("crm")), always(jan)),
    Scene("a call that died before", (dies, pauses("crm")), always(comes_again)),
    Scene("resumed", KEPT, always(resumes("crm"))),
    Scene("resumed with nothing kept", (jan, rest, pauses("crm")), always(resumes("crm"))),
    Scene("applied", (*KEPT, resumes("crm")), queue="jobs"),
    Scene("a creation applied", (pauses("crm"), jan, resumes("crm")), queue="jobs"),
    Scene(
        "a call that died applied", (dies, pauses("crm"), comes_again, resumes("crm")), queue="jobs"
    ),
    Scene(
        "refused ones applied",
        (pauses("crm"), calls("crm", [{}, record("1", x=1)]), resumes("crm")),
        queue="jobs",
    ),
    Scene("a call behind those that wait", (*KEPT, resumes("crm")), always(whenever(deleted))),
    Scene("all resumed", BOTH_KEPT, always(resumes_all)),
    Scene("all applied, in order of their coming", (*BOTH_KEPT, resumes_all), queue="jobs"),
    Scene(
        "all resumed, one paused by itself", (*BOTH_KEPT, pauses("crm"), resumes_all), queue="jobs"
    ),
    Scene("a target", (jan, rest), always(pauses("clients"))),
    Scene("a push to one that is paused", (jan, *marked, pauses("clients")), queue="deliver"),
    Scene("a sweep past one that is paused", ASLEEP, always(sweeps)),
    Scene("a target resumed", ASLEEP, always(resumes("clients"))),
    Scene(
        "a target resumed, worked off", (*ASLEEP, work("deliver"), resumes("clients")), queue="jobs"
    ),
    Scene("a target prepared", (jan, rest), always(prepared)),
    Scene(
        "a change, unheard by one that is prepared", (jan, prepared, work("match")), queue="fan-out"
    ),
    Scene("a target started", (*APART, prepared), always(starts("new"))),
    Scene("a target started, worked off", (*APART, prepared, starts("new")), queue="jobs"),
)
