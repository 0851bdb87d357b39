"""The scenes of guards and of rehearsed targets: counted, held, released; rehearsed, done."""

from typing import Any

from chalicelib.domain.sources import Target
from chalicelib.flow import registry
from chalicelib.flow.guarding import release
from chalicelib.flow.rehearsing import activate, rehearse
from chalicelib.flow.telling.targets import put_target
from tests.faults.acting import (
    APART,
    CLIENT,
    JAN,
    MAIL,
    OLA,
    always,
    ewa,
    filtered,
    jan,
    marked,
    refused,
)
from tests.faults.branches_pausing import prepared
from tests.support.scenes import Act, Scene, rest, tells, work
from tests.support.state import read
from tests.support.world import World

SETTINGS: dict[str, Any] = {
    "name": "clients",
    "url": "http://127.0.0.1:1/",
    "filter": "role:customer",
    "fields": ("full_name", "emails", "roles"),
    "guard": {"share": 1, "at_least": 1, "window_minutes": 1440},
}
customer = {"roles": ["customer"]}
ola = tells("shop", "4", **OLA, **CLIENT)
again = tells("crm", "1", 9, **JAN, **MAIL, **CLIENT, job_title="kowal")
leaves = tells("crm", "1", 9, **JAN, **MAIL)


def guarded(world: World) -> None:
    """The clients' target is held as soon as it would be told of a second contact in a day."""
    put_target(world.ports, "clients", SETTINGS)


def releases() -> Act:
    return lambda world: release.release(world.ports, "clients", None).kind


def settles_for(act: Act) -> Act:
    """It is done now, or was before: its answer does not count."""

    def tried(world: World) -> None:
        refused(act)(world)

    return tried


def rehearses(target: str, **settings: Any) -> Act:
    return lambda world: rehearse.rehearse(world.ports, target, settings).kind


def activates(target: str) -> Act:
    """What was rehearsed last."""

    def act(world: World) -> str:
        jobs = read(world.items.snapshot()).jobs.values()
        made = [j for j in jobs if j.kind == "rehearse_target"]
        name = max(made, key=lambda j: j.created_at).id
        return activate.activate(world.ports, target, name).kind

    return act


def is_held(world: World) -> None:
    assert registry.registered(world.ports, Target, "clients").state == "held"


STARTED = (guarded, jan, rest)
TOO_MANY = (*STARTED, ewa, *marked)
HELD = (*TOO_MANY, work("deliver"), is_held)
TRIED = (*APART, rehearses("clients", fields=["full_name"]))
LISTED = (*TRIED, work("jobs"))

GUARDING = (
    Scene("a push counted", (guarded, jan, *marked), queue="deliver"),
    Scene("a push counted before", (*STARTED, again, *marked), queue="deliver"),
    Scene("a push too many", TOO_MANY, queue="deliver"),
    Scene("a removal too many", (*STARTED, leaves, *marked), queue="deliver"),
    Scene("a guard for one that has some", (*APART,), always(guarded)),
    Scene("a guard for one that has some, worked off", (*APART, guarded), queue="jobs"),
    Scene("released", HELD, always(settles_for(releases()))),
    Scene("released, worked off", (*HELD, ola, *marked, releases()), queue="jobs"),
    Scene("a release where nothing is held", STARTED, always(refused(releases()))),
    Scene("a rehearsal", APART, always(rehearses("clients", filter="*"))),
    Scene("rehearsed", TRIED, queue="jobs"),
    Scene(
        "rehearsed, of what changed since",
        (*TRIED, filtered("clients", "*")),
        queue="jobs",
        exact=("all",),
    ),
    Scene("activated", LISTED, always(activates("clients"))),
    Scene("activated, worked off", (*LISTED, activates("clients")), queue="jobs"),
    Scene(
        "activated, worked off, with changes since",
        (*LISTED, leaves, ola, activates("clients")),
        queue="jobs",
    ),
    Scene(
        "activated with a guard",
        (*STARTED, rehearses("clients", fields=["full_name"]), work("jobs")),
        always(activates("clients")),
    ),
    Scene(
        "started as rehearsed",
        (*APART, prepared, rehearses("new"), work("jobs")),
        always(activates("new")),
    ),
)
