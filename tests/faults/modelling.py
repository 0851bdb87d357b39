"""The scenes of models: rehearsed, put in force, taken back; two records of one person."""

from chalicelib.domain.matching import MODEL
from chalicelib.flow.ruling import activate, deactivate, models, rehearse
from tests.support.scenes import BY, Act, Prepare, Scene, rest, tells, work
from tests.support.state import read
from tests.support.world import World

STRICT = "strict"
TWIN = {"given_name": "Jan", "family_name": "Wrona", "emails": ["jan@wrona.pl"]}
TWINS: tuple[Prepare, ...] = (
    tells("crm", "1", **TWIN, roles=["customer"]),
    tells("erp", "2", 1, **TWIN),
    rest,
)


def stored(world: World) -> object:
    """A model that joins nobody."""
    return models.change(world.ports, STRICT, MODEL.version, {"same": 100_000}, BY)[0].version


def rehearses(version: str) -> Act:
    return lambda world: rehearse.rehearse(world.ports, version).id


def activates(version: str) -> Act:
    """Carry out the rehearsal of that version, of which there is one."""

    def act(world: World) -> object:
        known = read(world.items.snapshot()).jobs.values()
        (job,) = (j for j in known if j.kind == "rehearse" and j.spec["version"] == version)
        return activate.activate(world.ports, version, job.id).id

    return act


def takes_back(world: World) -> object:
    """Undo the activation in force."""
    return deactivate.undo(world.ports, models.MODELS.force(world.ports).batch, BY)


TRIED = (*TWINS, stored, rehearses(STRICT))
PARTED = (*TRIED, work("jobs"), activates(STRICT), work("jobs"), rest)
JOINED = (*PARTED, rehearses(MODEL.version), work("jobs"), activates(MODEL.version))
MODELS = (
    Scene("one is stored", TWINS, lambda _: stored),
    Scene("a rehearsal", TRIED, queue="jobs"),
    Scene("one is put in force", (*TRIED, work("jobs")), lambda _: activates(STRICT)),
    Scene("one that parts", (*TRIED, work("jobs"), activates(STRICT)), queue="jobs"),
    Scene("one that joins", JOINED, queue="jobs"),
    Scene("one that parted is taken back", (*PARTED, takes_back), queue="jobs"),
    Scene("one that joined is taken back", (*JOINED, work("jobs"), rest, takes_back), queue="jobs"),
)
