"""Laws 6 and 7: first matched, then told; the latest state, once, and never a stale one."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.connectors.ports import Answer, Request
from chalicelib.flow.telling import backfill
from tests.laws.midst import interrupted
from tests.support.checks import settled
from tests.support.rest import holdings
from tests.support.scenes import answers, born, hands, joins, judged, lose, undoes, work
from tests.support.state import read
from tests.support.witness import Receivers, Witness, watched
from tests.support.world import World

Fields = dict[str, Any]
JAN: Fields = {"given_name": "Jan", "family_name": "Wrona", "emails": ["jan@wrona.pl"]}
CLIENT: Fields = {"roles": ["customer"]}
SUPPLIER: Fields = {"roles": ["supplier"]}
Meanwhile = Callable[[], None]


class Slow(Receivers):
    """A target to which a first push takes so long that something happens meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: list[Meanwhile] = []

    def send(self, push: Request) -> Answer:
        if self.meanwhile:
            self.meanwhile.pop()()
        return super().send(push)


@pytest.fixture
def world() -> World:
    made = World(items=Witness(), sender=Slow())
    made.source("crm")
    made.source("shop")
    made.target("all", filter="role:customer", fields=["full_name", "job_title"])
    return made


def told(world: World) -> list[tuple[str, int]]:
    return [(t.type.removeprefix("contact."), t.data["version"]) for t in world.sender.told]


def test_a_worker_that_is_slow_makes_nobody_be_told_twice(world: World) -> None:
    world.tell("crm", "1", **JAN, **CLIENT)
    world.tell("shop", "2", **JAN, **CLIENT)
    world.tell("crm", "1", 5, **JAN, **CLIENT, job_title="kowal")
    for _ in range(3):
        for queue in ("fan-out", "deliver"):
            work(queue)(world)
    assert told(world) == []
    world.work()
    settled(world)
    assert told(world) == [("upserted", 3)]


def test_ten_edits_during_an_outage_are_one_push_of_the_latest(world: World) -> None:
    world.tell("crm", "1", **JAN, **CLIENT)
    world.work()
    for at in range(1, 11):
        world.tell("crm", "1", at, **JAN, **CLIENT, job_title=f"title {at}")
        work("match")(world)
        lose(world)
    world.work()
    world.work()
    settled(world)
    assert told(world) == [("upserted", 1), ("upserted", 11)]


def test_while_one_push_is_under_way_no_other_overtakes_it(world: World) -> None:
    world.tell("crm", "1", **JAN, **CLIENT)

    def changes() -> None:
        world.tell("crm", "1", 5, **JAN, **CLIENT, job_title="kowal")
        for queue in ("match", "fan-out", "deliver"):
            work(queue)(world)

    world.sender.meanwhile.append(changes)
    world.work()
    settled(world)
    assert told(world) == [("upserted", 1), ("upserted", 2)]


def test_a_contact_that_leaves_while_it_is_first_told_of_is_removed(world: World) -> None:
    world.tell("crm", "1", **JAN, **CLIENT)

    def leaves() -> None:
        world.tell("crm", "1", 5, **JAN, **SUPPLIER)
        work("fan-out")(world)

    world.sender.meanwhile.append(leaves)
    world.work()
    settled(world)
    assert told(world) == [("upserted", 1), ("removed", 2)]


def test_what_may_have_arrived_is_not_taken_for_not_sent(world: World) -> None:
    """The second state was perhaps taken in, so the first must be sent again."""
    world.tell("crm", "1", **JAN, **CLIENT)
    world.work()
    world.tell("crm", "1", 5, **JAN, **CLIENT, job_title="kowal")
    answers(None)(world)
    world.work(sweeps=False)
    world.tell("crm", "1", 6, **JAN, **CLIENT)
    world.work()
    settled(world)
    assert told(world) == [("upserted", 1), ("upserted", 2), ("upserted", 3)]


def test_a_second_message_at_one_version_goes_by_a_counter(world: World) -> None:
    world.tell("crm", "1", **JAN, **CLIENT)
    world.work()
    for fields in (["job_title"], ["emails"]):
        world.target("all", filter="role:customer", fields=fields)
        ask(world, "all")
        world.work()
    settled(world)
    names = [t.name.removeprefix(f"all-{born('crm', '1')}-") for t in world.sender.told]
    assert names == ["1", "1-1", "1-2"]
    assert holdings(world, "all")[born("crm", "1")]["emails"]


def test_the_state_is_read_once_the_row_is_held_so_none_comes_after_a_newer_one() -> None:
    """Between any two calls of a sender there are two changes, of which another sends one."""
    world = watched()
    world.source("crm")
    world.target("all", fields=["job_title"])
    world.tell("crm", "1", **JAN)
    for queue in ("match", "fan-out"):
        work(queue)(world)

    def changes(world: World) -> None:
        for at in (5, 6):
            world.tell("crm", "1", at, **JAN, job_title=f"title {at}")
            work("match")(world)
            work("fan-out")(world)
            hands("deliver", world.queues.take("deliver") if at == 5 else [])(world)

    for after in interrupted(world, hands("deliver", world.queues.take("deliver")), [changes]):
        after.work()
        settled(after)
        assert told(after) == sorted(told(after), key=lambda message: message[1])


def test_a_sender_that_lost_its_lease_does_not_say_what_the_target_has(world: World) -> None:
    """Its removal takes minutes, while the contact is told of again: nothing is as it thinks."""
    world.tell("crm", "1", **JAN, **CLIENT)
    world.work()
    refilter(world, "role:supplier")

    def comes_back() -> None:
        world.clock.tick(minutes=2)
        refilter(world, "role:customer")
        work("jobs")(world)
        work("deliver")(world)

    world.sender.meanwhile.append(comes_back)
    world.work()
    settled(world)
    world.tell("crm", "1", 5, **JAN, **SUPPLIER)
    world.work()
    settled(world)
    assert not holdings(world, "all")


def refilter(world: World, text: str) -> None:
    world.target("all", filter=text, fields=["full_name"])
    ask(world, "all")


def ask(world: World, target: str) -> None:
    backfill.backfill(world.ports, target)


def test_what_fails_is_tried_again_by_itself_until_it_arrives(world: World) -> None:
    world.tell("crm", "1", **JAN, **CLIENT)
    answers(500, 503, None)(world)
    for _ in range(4):
        world.work()
        world.clock.tick(hours=1)
    settled(world)
    assert told(world) == [("upserted", 1)] * 4
    assert len({message.name for message in world.sender.told}) == 1


def test_merged_away_and_back_the_target_follows(world: World) -> None:
    world.tell("crm", "1", given_name="Ola", **CLIENT)
    world.clock.tick(seconds=1)
    world.tell("shop", "2", given_name="Ewa", **CLIENT)
    world.work()
    joins("crm/1", "shop/2")(world)
    world.work()
    assert set(holdings(world, "all")) == {born("crm", "1")}
    undoes(judged(read(world.items.snapshot()), "same"))(world)
    world.work()
    settled(world)
    assert set(holdings(world, "all")) == {born("crm", "1"), born("shop", "2")}


def test_two_messages_about_one_delivery_are_one_push() -> None:
    world = watched()
    world.source("crm")
    world.target("all")
    world.tell("crm", "1", **JAN)
    for queue in ("match", "fan-out"):
        work(queue)(world)
    hands("deliver", world.queues.take("deliver") * 3)(world)
    world.work()
    settled(world)
    assert told(world) == [("upserted", 1)]
