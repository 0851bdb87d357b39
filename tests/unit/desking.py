"""Questions to a steward, made by a source that never joins by itself."""

from typing import Any

from chalicelib.flow.reviewing import assign, desk, review
from tests.support.scenes import born
from tests.support.world import World

PAIRS = {
    "k": {"given_name": "Jan", "family_name": "Kowalik", "birth_date": "1980-01-02"},
    "w": {"given_name": "Ewa", "family_name": "Wrona", "birth_date": "1975-05-05"},
    "z": {"given_name": "Ola", "family_name": "Zięba", "birth_date": "1990-09-09"},
}
STEWARD = "key:steward"


def asking(**worth: dict[str, Any]) -> World:
    """A world with a question on each pair (`k1`, `k2`), asked one minute after the other.

    `worth` adds to what the first record of a pair says.
    """
    world = World()
    world.source("careful", automatic_merge=False)
    for name, person in PAIRS.items():
        world.tell("careful", f"{name}1", **person, **worth.get(name, {}))
        world.tell("careful", f"{name}2", **person)
        world.work()
    return world


def contact(name: str) -> str:
    return born("careful", name)


def listed(world: World, **wanted: Any) -> list[str]:
    """The pairs that are listed, by their letters."""
    items = desk.reviews(world.ports, None, 25, desk.Wanted(**wanted))["items"]
    return [pair_of(item) for item in items]


def pair_of(item: dict[str, Any]) -> str:
    ids = {c["id"] for c in item["contacts"]}
    return next(name for name in PAIRS if {contact(f"{name}1"), contact(f"{name}2")} & ids)


def review_of(world: World, name: str) -> str:
    """The id of the open question on a pair."""
    items = desk.reviews(world.ports, None, 100)["items"]
    return next(str(i["id"]) for i in items if pair_of(i) == name)


def arrange(world: World, name: str, force: bool = False, **news: str | None) -> dict[str, Any]:
    return assign.arrange(world.ports, review_of(world, name), news, force)


def decide(world: World, review_id: str, *given: Any) -> dict[str, Any]:
    return review.answer(world.ports, review_id, review.Answer(*given))
