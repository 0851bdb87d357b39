"""How the laws on models rehearse one, carry it out, take it back, and look at what it did."""

from typing import Any

from chalicelib.domain.matching import MODEL
from chalicelib.domain.model import canonical
from chalicelib.flow import jobs
from chalicelib.flow.ruling import activate, deactivate, findings, models, rehearse
from chalicelib.store.ports import Item, Key
from tests.laws.portraits import heads
from tests.support.checks import settled
from tests.support.state import read
from tests.support.witness import watched
from tests.support.world import World

ME = "key:steward"
SOURCES = ("crm", "shop", "erp")
JAN = {"given_name": "Jan", "family_name": "Wrona", "emails": ["jan@wrona.pl"]}
Json = dict[str, Any]


def town(arrivals: list[tuple[str, Json]]) -> World:
    """A world in which these people were told of, and all is settled."""
    world = watched()
    for name in SOURCES:
        world.source(name, duplicate_policy={"shop": "overwrite"}.get(name, "merge"))
    world.target("clients", filter="role:customer", fields=["full_name", "emails"])
    world.target("all", filter="*", fields=["full_name", "phones", "tags"], held="keep")
    for number, (source, fields) in enumerate(arrivals):
        world.clock.tick(seconds=1)
        world.tell(source, str(number), **fields)
        world.work(sweeps=False)
    world.work()
    settled(world)
    return world


def twins() -> World:
    return town([("crm", JAN), ("erp", JAN)])


def rehearsed(world: World, version: str) -> str:
    """The id of a rehearsal that is done."""
    job = rehearse.rehearse(world.ports, version)
    world.drain("jobs")
    assert jobs.job(world.ports, job.id).state == "done"
    return job.id


def listed(world: World, job: str) -> list[Json]:
    """All its findings, page by page."""
    found, after = list[Json](), None
    while True:
        page = findings.findings(world.ports, job, after, 2)
        found, after = found + page["items"], page["next"]
        if after is None:
            return found


def activated(world: World, version: str, rehearsal: str) -> str:
    """The id of the batch that carried the rehearsal out."""
    job = activate.activate(world.ports, version, rehearsal)
    world.drain("jobs")
    return job.id


def undone(world: World, batch: str) -> Json:
    deactivate.undo(world.ports, batch, ME)
    world.drain("jobs")
    status, answer = deactivate.undo(world.ports, batch, ME)
    assert status == 200
    return answer


def changed(world: World, **parts: Any) -> str:
    """A stored model that differs from the bundled one in these parts."""
    return models.change(world.ports, "tried", MODEL.version, parts, ME)[0].version


def outside_jobs(world: World) -> dict[Key, Item]:
    rows = world.items.snapshot().items()
    return {key: row for key, row in rows if not key.pk.startswith("T#")}


def members(world: World) -> dict[str, tuple[str, ...]]:
    return {head.id: head.members for head in heads(world)}


def foreseen(world: World, found: list[Json]) -> dict[str, tuple[str, ...]]:
    """The contacts as they are, but for what the findings say."""
    named = {c["id"] for finding in found for c in finding["contacts"]}
    made = {b["id"]: tuple(b["records"]) for finding in found for b in finding["becomes"]}
    return {c: m for c, m in members(world).items() if c not in named} | made


def faces(world: World) -> bytes:
    """Every contact's members and golden values; `different`s of the machine aside."""
    state = read(world.items.snapshot())
    return canonical(
        {
            c.head.id: [list(c.head.members), state.latest(c.head.id).values, c.head.status]
            for c in state.contacts
        }
    )
