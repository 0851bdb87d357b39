"""A system that is slow is told, one that hangs is noted as such; no sender dies of either."""

import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.flow.hearing.listen import listen
from chalicelib.flow.reading.lists import Wanted, deliveries
from chalicelib.flow.telling import accounts
from chalicelib.flow.telling.deliver import deliver
from chalicelib.flow.telling.health import health
from tests.connectors.rig_hubspot import hubspot
from tests.connectors.rig_pipedrive import pipedrive
from tests.connectors.rig_salesforce import salesforce
from tests.connectors.rigs import Rig
from tests.standins.wire import Wire
from tests.support.world import START, World

TIMEOUT, LISTENS = timedelta(seconds=110), timedelta(seconds=60)  # as .chalice/config.json has them
SLOW, HANGS = timedelta(seconds=12), timedelta(hours=1)
EWA: dict[str, Any] = {
    "given_name": "Ewa",
    "family_name": "Lis",
    "full_name": "Ewa Lis",
    "emails": ["ewa@example.org", "lis@example.org"],
}


class Dead(BaseException):
    """The function's time was over."""


class Slow:
    """A partner whose calls take their time, and the functions that call it, of whose own some
    may be `spent` already.
    """

    def __init__(self, rig: Rig) -> None:
        self.rig, self.world = rig, World()
        self.began, self.spent = self.world.clock(), timedelta()
        self.wire = self.world.sender = Wire({rig.url: rig.standin}, self._moved)
        self.world.source("crm")
        self.world.source(rig.kind, kind=rig.kind)
        self.world.target(rig.kind, kind=rig.kind, url=rig.base, fields=(), options=rig.options)
        accounts.put_access(self.world.ports, rig.kind, rig.access)
        self._moved(timedelta())

    def _moved(self, span: timedelta) -> None:
        self.world.clock.moment += span
        self.rig.clock.at = self.world.clock()
        if self.world.clock() - self.began > TIMEOUT:
            raise Dead

    def tell(self, at: int, **fields: Any) -> None:
        """A change comes in, and each message of the queue has a function's whole time."""
        self.world.tell("crm", "ewa", at, **EWA | fields)
        self.world.drain("match", "fan-out")
        for message in map(json.loads, self.world.queues.take("deliver")):
            self.began = self.world.clock() - self.spent
            deliver(self.world.ports, message["target"], message["contact"], self._remaining)

    def _remaining(self) -> int:
        return (self.began + TIMEOUT - self.world.clock()) // timedelta(milliseconds=1)

    def row(self) -> dict[str, Any]:
        (row,) = deliveries(self.world.ports, Wanted(self.rig.kind), None, 10)["items"]
        found: dict[str, Any] = row
        return found


@pytest.fixture(params=[hubspot, pipedrive, salesforce], ids=lambda make: make.__name__)
def slow(request: pytest.FixtureRequest) -> Slow:
    return Slow(request.param())


def test_a_system_that_answers_each_call_in_twelve_seconds_is_told(slow: Slow) -> None:
    slow.rig.standin.slow = SLOW
    slow.tell(0)
    assert slow.row()["state"] == "delivered"
    slow.tell(1, given_name="Ewelina", full_name="Ewelina Lis")
    assert (slow.row()["state"], slow.row()["attempts"]) == ("delivered", 0)
    ((_, there),) = slow.rig.standin.records.items()
    assert "Ewelina" in json.dumps(there)


def test_a_system_that_hangs_is_noted_as_one(slow: Slow) -> None:
    slow.rig.standin.slow = HANGS
    slow.tell(0)
    assert (slow.row()["state"], slow.row()["reason"]) == ("failed", "timeout")
    assert health(slow.world.ports, slow.rig.kind)["errors_today"] == {"timeout": 1}


def test_what_the_time_does_not_suffice_for_is_noted_as_late(slow: Slow) -> None:
    slow.rig.standin.slow = SLOW
    slow.spent = TIMEOUT - timedelta(seconds=25)
    slow.tell(0)
    assert (slow.row()["state"], slow.row()["reason"]) == ("failed", "timeout")
    assert len(slow.wire.sent) == 2
    assert slow.rig.standin.records == {}


def test_partners_that_hang_take_their_turns_with_the_others() -> None:
    """Four calls of fifteen seconds are all that a minute holds."""
    world, rig, began = World(), hubspot(), [START]
    whole = LISTENS
    hanging = [f"a{n}" for n in range(5)]
    urls = {f"https://{name}.example.org": Silent() for name in hanging}

    def moved(span: timedelta) -> None:
        world.clock.moment += span
        if world.clock() - began[0] > whole:
            raise Dead

    wire = world.sender = Wire({**urls, "https://well.example.org": rig.standin}, moved)
    for name in (*hanging, "well"):
        world.target(name, kind="hubspot", url=f"https://{name}.example.org", fields=())
        world.source(name, kind="hubspot")
        accounts.put_access(world.ports, name, rig.access)
    for _ in range(2):
        world.clock.tick(minutes=5)
        began[0] = world.clock()
        listen(world.ports, lambda: (began[0] + whole - world.clock()) // timedelta(seconds=0.001))
    assert "https://well.example.org" in {r.url.partition("/crm")[0] for r in wire.sent}


class Silent:
    """It takes calls and never answers."""

    slow = HANGS

    def answer(self, _: object) -> None:
        """Nobody waits so long."""
