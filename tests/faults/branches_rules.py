"""The scenes of rules: rehearsed, brought to everybody, taken back; and who meets the walk."""

from chalicelib.flow.ruling import rules, switch_rules
from chalicelib.flow.undoing import undo_batches
from tests.faults.acting import CLIENT, EWA, JAN, MAIL, PHONE, ewa
from tests.faults.meeting import Meeting, against, one_after_the_other, twice, works_off
from tests.support.scenes import BY, Act, Prepare, Scene, born, joins, rest, tells, work
from tests.support.state import read
from tests.support.world import World

LONGEST = "longest"
FIELDS = {"job_title": {"order": ["complete"]}, "phones": {"order": ["recent"], "take": "one"}}
TITLED: tuple[Prepare, ...] = (
    tells("crm", "1", 1, **JAN, **MAIL, **CLIENT, job_title="prezes"),
    rest,
    tells("crm", "2", **JAN, **MAIL, **PHONE, job_title="wiceprezes"),
    ewa,
    rest,
)


def stored(world: World) -> object:
    """The longer title wins, and one list of phones."""
    return rules.store(world.ports, LONGEST, {"fields": FIELDS}, BY)[0].version


def rehearses(world: World) -> object:
    return switch_rules.rehearse(world.ports, LONGEST).id


def activates(world: World) -> object:
    """On account of the only rehearsal there is."""
    known = read(world.items.snapshot()).jobs.values()
    (job,) = (j for j in known if j.kind == "rehearse_rules")
    return switch_rules.activate(world.ports, LONGEST, job.id, BY).id


def undoes(batch: str) -> Act:
    return lambda world: undo_batches.undo(world.ports, batch, BY)[1]["job"]


def takes_back(world: World) -> None:
    """Undo the activation in force."""
    undoes(rules.RULES.force(world.ports).batch)(world)


TRIED = (*TITLED, stored, rehearses)
READY = (*TRIED, work("jobs"))
RULED = (*READY, activates, work("jobs"), rest)
UNINDEXED = (*READY, tells("crm", "2", 3, **JAN, **MAIL, job_title="dyrektor"), activates)
RULES = (
    Scene("a set is stored", TITLED, lambda _: stored),
    Scene("a rehearsal", TRIED, queue="jobs"),
    Scene("one is put in force", READY, lambda _: activates),
    Scene("the walk", (*READY, activates), queue="jobs"),
    Scene("the walk meets who is not indexed", UNINDEXED, queue="jobs"),
    Scene("the match of who is not renewed", UNINDEXED, queue="match", loose=True),
    Scene("one is taken back", RULED, lambda s: undoes(s.rules_in_force.batch)),
    Scene("the walk back", (*RULED, takes_back), queue="jobs"),
)

switched = one_after_the_other(activates, work("jobs"))
updated = tells("crm", "1", 5, **JAN, **MAIL, **CLIENT, job_title="szef")
EWA_ID = born("crm", "3")
MEETINGS = {
    "rules for everybody and an update": Meeting((*READY, activates), against("jobs", updated)),
    "rules for everybody and a merge": Meeting(
        (*READY, activates), against("jobs", joins("crm/1", "crm/3"))
    ),
    "rules for everybody by two workers": Meeting(
        (*READY, activates), twice("jobs"), preemptions=1
    ),
    "rules put in force and an update": Meeting(READY, lambda _: [switched, updated]),
    "rules put in force and a birth": Meeting(
        READY, lambda _: [switched, tells("shop", "9", **EWA, **PHONE, job_title="kowal")]
    ),
    "rules put in force and a match": Meeting(
        (*READY, tells("crm", "3", 5, **EWA, **CLIENT, job_title="kowal")),
        lambda _: [switched, works_off("match", EWA_ID)],
    ),
}
