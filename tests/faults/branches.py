"""The scenes: one for each branch of every handler that writes."""

from tests.faults.acting import (
    APART,
    ASKED,
    CLIENT,
    DIFFERENT,
    EWA,
    JAN,
    MAIL,
    MANY,
    MERGED,
    OLA,
    PHONE,
    agreed,
    always,
    asks_backfill,
    ewa,
    filtered,
    jan,
    janek,
    later,
    marked,
    nine_minutes,
    ola,
    ordered,
    refused,
    retracted,
    retries,
    rotates,
    sweeps,
    sweeps_fan_out,
    undone,
)
from tests.faults.branches_batches import BATCHES
from tests.faults.branches_editing import EDITING
from tests.faults.branches_guarding import GUARDING
from tests.faults.branches_history import HISTORY
from tests.faults.branches_pacing import PACING
from tests.faults.branches_pausing import PAUSING
from tests.faults.branches_relations import RELATIONS
from tests.faults.branches_reviews import DESK
from tests.faults.branches_rules import RULES
from tests.faults.branches_timeline import TIMELINE
from tests.faults.branches_unsaying import UNSAYING
from tests.faults.branches_unsplitting import UNSPLITTING
from tests.faults.modelling import MODELS
from tests.support.scenes import (
    Scene,
    answers,
    calls,
    deletes,
    joins,
    judged,
    lose,
    patches,
    replies,
    rest,
    tells,
    undoes,
    work,
)
from tests.support.world import record

INGEST = (
    Scene("create", (), always(jan)),
    Scene("create, deleted before it was known", (), always(deletes("crm", "1"))),
    Scene("update", (jan, rest), always(tells("crm", "1", 5, **JAN, **PHONE))),
    Scene(
        "update of what no target sees",
        (jan, rest),
        always(tells("crm", "1", 5, **JAN, **MAIL, **CLIENT, notes=["x"])),
    ),
    Scene("update before the match", (jan,), always(tells("crm", "1", 5, **JAN, **PHONE))),
    Scene("update of a merged contact", MERGED, always(tells("shop", "2", 5, **JAN, **MAIL))),
    Scene("patch", (jan, rest), always(patches("crm", "1", 5, roles=["supplier"]))),
    Scene("late", (tells("crm", "1", 9, **JAN), rest), always(tells("crm", "1", 5, **EWA))),
    Scene("late at the same time", (jan, rest), always(tells("crm", "1", **EWA))),
    Scene("delete", (jan, rest), always(deletes("crm", "1", 5))),
    Scene("delete one of two", MERGED, always(deletes("crm", "1", 5))),
    Scene(
        "deleted, then patched",
        (jan, rest, deletes("crm", "1", 5), rest),
        always(patches("crm", "1", 9, **JAN)),
    ),
    Scene("repeat", (jan, rest), always(jan)),
    Scene("unchanged", (jan, rest), always(tells("crm", "1", 5, **JAN, **MAIL, **CLIENT))),
    Scene(
        "unchanged and at the same time",
        (jan, rest),
        always(calls("crm", [record("1", **JAN, **MAIL, **CLIENT, phones=None)])),
    ),
    Scene("refused", (), always(calls("crm", [record("1", nonsense=1)]))),
    Scene(
        "a batch of all kinds",
        (jan, rest),
        always(
            calls(
                "crm",
                [
                    record("3", **EWA),
                    {},
                    record("1", 5, **OLA),
                    record("1", 5, **OLA),
                    record("1", 3, **EWA),
                ],
            )
        ),
    ),
)

MATCH = (
    Scene("nothing found", (jan,), queue="match"),
    Scene("merge", (jan, rest, tells("crm", "2", **JAN, **MAIL)), queue="match"),
    Scene("merge by overwriting", (jan, rest, janek), queue="match"),
    Scene("merge by skipping", (jan, rest, tells("erp", "2", **JAN, **MAIL)), queue="match"),
    Scene("merge of two new ones", (jan, janek), queue="match"),
    Scene(
        "merge of three",
        (
            jan,
            rest,
            tells("careful", "2", **JAN, **PHONE),
            rest,
            tells("crm", "5", **JAN, **MAIL, **PHONE),
        ),
        queue="match",
    ),
    Scene(
        "review",
        (tells("crm", "1", **JAN, **CLIENT), rest, tells("crm", "2", **JAN, **CLIENT)),
        queue="match",
    ),
    Scene(
        "review where the source is careful",
        (jan, rest, tells("careful", "2", **JAN, **MAIL)),
        queue="match",
    ),
    Scene("nothing new", (jan, rest, tells("crm", "1", 5, **JAN, **MAIL, **PHONE)), queue="match"),
    Scene("keys of a deleted one", (jan, rest, deletes("crm", "1", 5)), queue="match"),
    Scene("again after an undo", (*MERGED, undone), queue="match"),
    Scene("index in steps", (tells("crm", "1", **JAN, **MANY),), queue="match"),
    Scene(
        "index taken back in steps",
        (tells("crm", "1", **JAN, **MANY), rest, tells("crm", "1", 5, **JAN)),
        queue="match",
    ),
)

JOIN = (
    Scene("two", APART, always(joins("crm/1", "crm/3"))),
    Scene("two, overwriting", APART, always(joins("crm/1", "crm/3", mode="overwrite"))),
    Scene("two, skipping", APART, always(joins("crm/3", "crm/1", mode="skip"))),
    Scene("two that wait for the match", (jan, ewa), always(joins("crm/1", "crm/3"))),
    Scene("three", APART, always(joins("crm/3", "crm/1", "shop/4"))),
    Scene(
        "three, one of them judged different",
        DIFFERENT,
        always(refused(joins("crm/3", "crm/1", "shop/2"))),
        loose=True,
    ),
    Scene(
        "two judged different",
        DIFFERENT,
        lambda state: joins("crm/1", "shop/2", retract=[judged(state, "different")]),
    ),
)

PART = (
    Scene("what the machine joined", MERGED, lambda s: undoes(judged(s, "same"))),
    Scene(
        "what a person joined",
        (*APART, joins("crm/1", "crm/3"), rest),
        lambda s: undoes(judged(s, "same")),
    ),
    Scene(
        "what another edge still holds",
        (*MERGED, joins("crm/1", "shop/2"), rest),
        lambda s: undoes(judged(s, "same", "model")),
    ),
    Scene(
        "three at once",
        (*APART, joins("crm/3", "crm/1", "shop/4"), rest),
        lambda s: undoes(next(iter(s.jobs))),
    ),
    Scene(
        "a part that has members of its own",
        (*APART, joins("crm/3", "shop/4"), rest, joins("crm/1", "crm/3"), rest),
        lambda s: undoes(judged(s, "same")),
    ),
    Scene(
        "what took back a different",
        (*DIFFERENT, retracted, rest),
        lambda s: undoes(judged(s, "same")),
    ),
    Scene(
        "what answered a question",
        (*ASKED, agreed, rest),
        lambda s: undoes(judged(s, "same")),
    ),
    Scene(
        "after later edits",
        (*MERGED, tells("shop", "2", 7, **EWA), tells("crm", "1", 8, **JAN)),
        lambda s: undoes(judged(s, "same")),
    ),
)

REVIEW = (
    Scene("same", ASKED, lambda s: replies(judged(s, "unsure"), "same")),
    Scene("different", ASKED, lambda s: replies(judged(s, "unsure"), "different")),
)

FAN_OUT = (
    Scene("new", (jan, work("match")), queue="fan-out"),
    Scene("update", (jan, rest, tells("crm", "1", 5, **JAN, **CLIENT)), queue="fan-out"),
    Scene("leaves the filter", (jan, rest, tells("crm", "1", 5, **JAN)), queue="fan-out"),
    Scene("merged away", (jan, rest, ewa, rest, joins("crm/1", "crm/3")), queue="fan-out"),
    Scene("comes back", (*MERGED, undone, work("match")), queue="fan-out"),
    Scene(
        "concerns nobody", (ola, rest, tells("shop", "4", 5, **OLA, notes=["x"])), queue="fan-out"
    ),
    Scene(
        "a changed filter",
        (jan, rest, filtered("clients", "role:supplier"), patches("crm", "1", 5, **EWA)),
        queue="fan-out",
    ),
)

DELIVER = (
    Scene("first push", (jan, *marked), queue="deliver"),
    Scene("first push fails", (jan, *marked, answers(500, None)), queue="deliver"),
    Scene(
        "retry",
        (
            jan,
            *marked,
            answers(500, 500),
            work("deliver"),
            nine_minutes,
            sweeps,
        ),
        queue="deliver",
    ),
    Scene(
        "update fails, then another update",
        (jan, rest, tells("crm", "1", 5, **EWA, **CLIENT), *marked, answers(503, 429)),
        queue="deliver",
    ),
    Scene("update", (jan, rest, patches("crm", "1", 5, **EWA), *marked), queue="deliver"),
    Scene("removal", (jan, rest, tells("crm", "1", 5, **JAN), *marked), queue="deliver"),
    Scene(
        "removal fails", (jan, rest, deletes("crm", "1", 5), *marked, answers(500)), queue="deliver"
    ),
    Scene("the target wants no more", (jan, *marked, answers(*[410] * 9)), queue="deliver"),
    Scene(
        "what is told already",
        (jan, rest, tells("crm", "1", 5, **JAN, **MAIL, **CLIENT, notes=["x"]), *marked),
        queue="deliver",
    ),
    Scene(
        "what waits for the match again",
        (jan, *marked, tells("crm", "1", 5, **EWA, **CLIENT)),
        queue="deliver",
    ),
    Scene(
        "left the filter before it was told",
        (jan, *marked, patches("crm", "1", 5, roles=[])),
        queue="deliver",
    ),
)

WIDE, SUPPLIERS = filtered("clients", "*"), filtered("clients", "role:supplier")
JOBS = (
    Scene("backfill is asked for", (*APART, WIDE), always(asks_backfill)),
    Scene("backfill", (*APART, WIDE, asks_backfill), queue="jobs"),
    Scene("backfill of what is not indexed", (jan, ewa, WIDE, asks_backfill), queue="jobs"),
    Scene("merge of three that was left undone", (*APART, ordered), queue="jobs"),
)

SETTINGS = (
    Scene("a new target", (jan, rest), always(filtered("new", "role:supplier"))),
    Scene("another filter", (jan, rest), always(filtered("clients", "role:supplier"))),
    Scene("another filter, worked off", (jan, rest, SUPPLIERS), queue="jobs"),
    Scene("another secret", (jan, rest), always(rotates)),
)

SWEEPS = (
    Scene("what waits for the match", (jan, ewa, lose, later), always(sweeps)),
    Scene("what waits to be told", (jan, work("match"), lose, later), always(sweeps_fan_out)),
    Scene("what waits to be sent", (jan, *marked, lose, later), always(sweeps)),
    Scene(
        "what failed, at a person's wish",
        (jan, *marked, answers(500, 500), work("deliver")),
        always(retries),
    ),
)

SCENES = {
    f"{group}: {scene.name}": scene
    for group, scenes in {
        "ingest": INGEST,
        "match": MATCH,
        "merge": JOIN,
        "undo": PART,
        "review": REVIEW,
        "fan out": FAN_OUT,
        "deliver": DELIVER,
        "job": JOBS,
        "settings": SETTINGS,
        "models": MODELS,
        "editing": EDITING,
        "rules": RULES,
        "sweep": SWEEPS,
        "history": HISTORY,
        "desk": DESK,
        "timeline": TIMELINE,
        "batch": BATCHES,
        "unsaying": UNSAYING,
        "unsplitting": UNSPLITTING,
        "relation": RELATIONS,
        "pausing": PAUSING,
        "pacing": PACING,
        "guarding": GUARDING,
    }.items()
    for scene in scenes
}
