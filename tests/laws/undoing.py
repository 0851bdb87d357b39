"""What the laws on undone batches are told in: imports, sittings, and what is left of them."""

from typing import Any

from chalicelib.domain.model import digest
from chalicelib.flow import jobs
from chalicelib.flow.batches import Chosen
from chalicelib.flow.undoing import show_batches, undo_batches
from tests.support.world import World

ME = "key:steward"
SITTING = Chosen(by=ME)
Json = dict[str, Any]


def batch_of(source: str, message_id: str) -> str:
    """The id of a call's batch."""
    return digest("call", source, message_id)


def undone(world: World, batch: str) -> Json:
    """Undo one batch to the end; what is answered."""
    undo_batches.undo(world.ports, batch, ME)
    world.drain("jobs")
    status, answer = undo_batches.undo(world.ports, batch, ME)
    assert status == 200
    return answer


def undone_all(world: World, wanted: Chosen, key: str = "key") -> Json:
    """Undo all of somebody's batches that are meant; the counts."""
    status, answer = undo_batches.undo_chosen(world.ports, wanted, ME, key)
    world.drain("jobs")
    assert (status, jobs.job(world.ports, answer["job"]).state) == (202, "done")
    return jobs.job(world.ports, answer["job"]).result


def foreseen(world: World, wanted: Chosen, limit: int = 2) -> list[Json]:
    """The whole preview, page by page; it writes nothing."""
    before = world.items.snapshot()
    found, after = list[Json](), None
    while True:
        page = show_batches.preview(world.ports, wanted, after, limit)
        found, after = found + page["items"], page["next"]
        if after is None:
            break
    assert world.items.snapshot() == before
    return found


def shown(world: World, batch: str) -> list[Json]:
    """What a batch did, or an undo took back, page by page."""
    found, after = list[Json](), None
    while True:
        page = show_batches.one(world.ports, batch, after, 2)
        found, after = found + page["items"], page["next"]
        if after is None:
            return found
