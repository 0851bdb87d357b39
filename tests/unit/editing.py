"""A small world that people edit: one contact `crm/1`, and a target that is told of it."""

from typing import Any

from chalicelib.flow.editing.pin import Seen
from chalicelib.flow.reading import read
from tests.support.scenes import born
from tests.support.witness import watched
from tests.support.world import World

ME = "key:steward"
EWA: dict[str, Any] = {"given_name": "Ewa", "family_name": "Gilelek", "job_title": "kowal"}
MAIL = {"address": "ewa@gilelek.pl"}


def edited() -> World:
    made = watched()
    made.source("crm")
    made.target("all", fields=["full_name", "job_title", "emails"])
    made.tell("crm", "1", **EWA, emails=["ewa@gilelek.pl"])
    made.work()
    return made


def seen(world: World, contact: str = "") -> Seen:
    name = contact or born("crm", "1")
    return Seen(name, read.contact(world.ports, name)[1], ME, world.chance.token())


def told(world: World) -> list[Any]:
    """What the target was told last of each contact."""
    return [push["data"].get("job_title") for push in world.pushes()]


def three(world: World) -> list[str]:
    """Two more beside it, that have nothing in common; the ids of all three."""
    for name in "23":
        world.clock.tick(seconds=1)
        world.tell("crm", name, given_name="Ola", job_title=f"title {name}")
    world.work()
    return [born("crm", name) for name in "123"]
