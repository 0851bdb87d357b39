"""The scenes of pacing: a delivery that is put off, a target that is left alone, a retry."""

from chalicelib.connectors.ports import Answer
from chalicelib.flow.telling import retry
from tests.faults.acting import always, ewa, jan, marked
from tests.support.scenes import Act, Scene, rest, work
from tests.support.world import World


def slow(world: World) -> None:
    """The target bears a call in ten seconds."""
    world.target("clients", filter="role:customer", rate={"units": 1, "seconds": 10})


def down(world: World) -> None:
    """It fails so often that it is left alone."""
    world.sender.answers.extend([Answer(500, None, "http_500")] * 5)
    for _ in range(5):
        work("deliver")(world)
        world.clock.tick(hours=13)
        world.sweep()


def wants_quiet(world: World) -> None:
    world.sender.answers.append(Answer(429, "30", "http_429"))


def retries(reason: str) -> Act:
    return lambda world: retry.retry(world.ports, "clients", reason).found


PACING = (
    Scene("put off to a place", (slow, jan, ewa, *marked), queue="deliver"),
    Scene("asked for quiet", (jan, *marked, wants_quiet), queue="deliver"),
    Scene("probed", (jan, *marked, down), queue="deliver"),
    Scene("retried for a reason", (jan, *marked, down), always(retries("http_500"))),
    Scene("in its place", (slow, jan, rest, ewa, *marked), queue="deliver"),
)
