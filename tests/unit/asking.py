"""Questions to the matcher about a small world, and what must not come of them."""

from collections.abc import Callable
from typing import Any

from chalicelib.flow.matching.who import who
from chalicelib.flow.matching.why import why
from chalicelib.flow.merging import merge
from tests.support.world import World

Fields = dict[str, Any]
PHONE, MAIL, BORN = "600 700 801", "ewa.gilelek@wp.pl", "1970-05-14"
EWA: Fields = {"given_name": "Ewa", "family_name": "Gilelek"}
FULL: Fields = {**EWA, "emails": [MAIL], "phones": [PHONE], "birth_date": BORN}
PERSONAL = ("Gilelek", "600", "ewa.", BORN)


def tell(world: World, **people: Fields) -> list[str]:
    """Records by their external ids, each matched before the next; their contacts' ids."""
    told = []
    for at, (name, fields) in enumerate(people.items()):
        world.clock.tick(seconds=1)
        told.append(world.tell("crm", name, at, **fields)["contact_id"])
        world.work()
    return told


def untouched(world: World, answer: Callable[[], Fields]) -> Fields:
    """An answer, for which nothing may be written and nobody told."""
    before = world.items.snapshot(), str(world.queues.waiting), len(world.sender.sent)
    found = answer()
    assert before == (world.items.snapshot(), str(world.queues.waiting), len(world.sender.sent))
    return found


def ask(world: World, record: Fields, country: str = "PL") -> Fields:
    return untouched(world, lambda: who(world.ports, record, country))


def asked_why(world: World, one: str, other: str) -> Fields:
    return untouched(world, lambda: why(world.ports, one, other))


def by_hand(world: World, *contacts: str) -> str:
    order = merge.Order(contacts, "merge", "", "key:steward")
    return str(merge.merge(world.ports, order)[1]["id"])
