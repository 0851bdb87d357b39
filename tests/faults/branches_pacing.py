"""The scenes of pacing: a delivery that is put off, a target that is left alone, a retry."""

from chalicelib.connectors.ports import Answer
from chalicelib.flow.telling import retry
from tests.faults.acting import always, ewa, jan, marked
from tests.support.scenes import Scene, answers, rest, work
from tests.support.world import World


def slow(world: World) -> None:
    """The target bears a call in ten seconds."""
    world.target("clients", filter="role:customer", rate={"units": 1, "seconds": 10})


def down(world: World) -> None:
    """It fails so often that it is left alone."""
    answers(*[500] * 10)(world)  # two targets see to him
    for _ in range(5):
        work("deliver")(world)
        world.clock.tick(hours=13)
        world.sweep()


def wants_quiet(world: World) -> None:
    world.sender.answers.append(Answer(429, "30", "http_429"))


def retries(world: World) -> None:
    """How many there were is another number the second time."""
    retry.retry(world.ports, "clients", "http_500")


PACING = (
    Scene("put off to a place", (slow, jan, ewa, *marked), queue="deliver"),
    Scene("asked for quiet", (jan, *marked, wants_quiet), queue="deliver"),
    Scene("probed", (jan, *marked, down), queue="deliver"),
    Scene("retried for a reason", (jan, *marked, down), always(retries)),
    Scene("in its place", (slow, jan, rest, ewa, *marked), queue="deliver"),
)
